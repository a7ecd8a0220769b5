"""The back office: master data, reports and settings in a window beside the counter's, while that goes on selling (T20)."""
