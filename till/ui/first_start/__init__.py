"""The first start: five things are asked, each can be skipped, and at the end there is a shop and a test receipt (T19, U11)."""
