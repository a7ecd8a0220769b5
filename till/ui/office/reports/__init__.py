"""The office's reports."""
