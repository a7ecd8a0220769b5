"""The office page about this PC: screen, sounds, scanner, keys, security and printer."""
