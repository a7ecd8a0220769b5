"""Shifts: a drawer is opened with a float and closed with a count and a Z."""
