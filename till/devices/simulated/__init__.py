"""Devices that exist only in the program but behave like real ones, over real sockets: for the demo and the tests."""
