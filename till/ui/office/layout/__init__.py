"""Tabs and tiles of the counter, changed while selling goes on: the office page for it (T1, U12)."""
