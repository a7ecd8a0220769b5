"""The sale screen: basket, number pad, article grid, change."""
