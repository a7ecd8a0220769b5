"""The office page about the shop: its details, receipt texts and logo, VAT rates and ways to pay."""
