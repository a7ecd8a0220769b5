"""Lines to devices: they carry bytes and know nothing of their meaning."""
