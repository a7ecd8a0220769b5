"""The database: one engine for SQLite and PostgreSQL, its units of work, locks and protections."""
