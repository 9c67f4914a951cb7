"""Pages of takeaways and of shared notes."""
