"""Pages of the programme: what everybody reads, and where its team writes."""
