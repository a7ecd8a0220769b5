"""The shop's own details and rules as dated rows: name and address, VAT rates, tenders."""
