"""The demo shop: a believable German assortment, a history through the real code paths, and simulated devices."""
