"""Receipts: what is on the paper, how it is laid out, and its way to printer, PDF, picture and plain text."""
