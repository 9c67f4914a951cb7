"""Puts the shelves together: settings, addresses, the home page, the demonstration and the administration."""
