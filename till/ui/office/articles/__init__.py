"""The page of the back office for articles: the list, the card of one of them, its prices, codes, picture and history."""
