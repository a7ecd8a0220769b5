"""What the shop sells: articles, categories, barcodes, PLU numbers and how they are found."""
