"""The window's frame: top bar, pages, menu, help."""
