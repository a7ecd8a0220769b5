"""The audit trail: what people and the program did that is no document of its own."""
