"""What the holder of a link to a registration, a door or a wall may do; how links are made is in ``kit/links.py``."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What the holder of a link may do."""

    CONFIRM = "hallway.attendance.confirm"
    INVITATION = "hallway.attendance.invitation"
    REGISTRATION = "hallway.attendance.registration"
    BADGE = "hallway.attendance.badge"
    WALL = "hallway.attendance.wall"
    DOOR = "hallway.attendance.door"
