"""Finding: plain search over talks, people, communities and events. Owns the search entries."""
