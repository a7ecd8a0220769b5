"""Vouchers (Gutscheine): types, numbers, terms fixed at sale, and values that are sums of postings."""
