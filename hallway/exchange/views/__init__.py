"""Pages of importing, and the files that other tools read."""
