"""Who is at the till: signing in, changing places, locking, approving on the spot, the own PIN."""
