"""Selling: the basket, its price and its payment as pure values; checkout turns them into a document."""
