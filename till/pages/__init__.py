"""What every printed page shares: fonts and machine-readable codes."""
