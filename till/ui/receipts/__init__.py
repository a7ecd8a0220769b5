"""The receipt screen: find a receipt, look at it, print it again."""
