"""The drawer and the shift on the counter's screen: cash in and out, the count, X and Z."""
