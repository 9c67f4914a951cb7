"""The schedule of an event: tracks, sessions, slots, and the releases that make them public."""
