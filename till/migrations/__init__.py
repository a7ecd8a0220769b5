"""The history of the schema: the only way in which tables come to be."""
