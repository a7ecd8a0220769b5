"""Documents: every business transaction (Vorgang) of the till, numbered and posted once."""
