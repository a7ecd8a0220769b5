"""The window: it shows the values of the desks and calls them; the only package that knows Qt."""
