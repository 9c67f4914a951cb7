"""Engines: pure functions from a problem to a plan. No framework, no clock, no hidden randomness."""
