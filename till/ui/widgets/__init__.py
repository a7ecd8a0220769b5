"""The controls that every screen is put together from: big enough for a finger, named for a screen reader."""
