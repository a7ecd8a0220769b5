"""The whole till without a screen: desks that the window, scripts, demo and benchmarks drive alike."""
