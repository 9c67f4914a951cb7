"""Pillar 1, learning: what one takes home from talks."""
