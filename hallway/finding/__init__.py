"""Finding: plain search over talks, people, communities, events, questions and tools. Owns the search entries."""
