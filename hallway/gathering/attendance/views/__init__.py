"""Pages of attendance: what attendees, the team and those at the door see."""
