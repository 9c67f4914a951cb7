"""Pages of events: what everybody reads, feeds, and what organisers do."""
