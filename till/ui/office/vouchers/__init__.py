"""The office's page for vouchers: their types, numbers, labels and the rules for all of them."""
