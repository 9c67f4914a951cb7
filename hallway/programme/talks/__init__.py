"""Talks: what somebody has to say. A talk belongs to its speakers and outlives events."""
