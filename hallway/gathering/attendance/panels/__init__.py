"""What attendance puts on lower pages: for those who come, for the team, for the door."""

from . import attending, door, team

__all__ = ["attending", "door", "team"]
