"""Drivers: each speaks one language of devices over a transport."""
