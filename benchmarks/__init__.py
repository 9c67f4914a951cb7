"""What ./dev bench runs; each figure is one JSON line."""
