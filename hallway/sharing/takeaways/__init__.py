"""Takeaways: what people took home from a talk and show to others. Owns takeaways and the shared notes of a session."""
