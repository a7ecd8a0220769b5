"""Till: the point of sale for a small German shop."""

__version__ = "0.1.0"
