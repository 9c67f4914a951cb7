"""Hallway: meet-ups and conferences end to end, and the hallway stays open afterwards."""
