"""What people type about coming, cleaned. Actions save it."""
