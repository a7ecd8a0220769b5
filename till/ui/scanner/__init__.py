"""Barcode scanners that type like a keyboard."""
