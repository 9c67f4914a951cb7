"""The ground: communities and their events."""
