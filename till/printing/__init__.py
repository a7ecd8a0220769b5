"""The print queue: every receipt that is owed on paper is a row, printed once, or a question to a person."""
