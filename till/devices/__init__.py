"""Everything that talks to a device: protocols, drivers, transports and simulated twins; no database, no Qt."""
