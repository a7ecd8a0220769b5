"""The one ledger: balanced entries that are never changed, and a hash chain over all records of a till."""
