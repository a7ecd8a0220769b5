"""What the shop's books say at a glance: figures summed in the database, on screen, as tables and on paper."""
