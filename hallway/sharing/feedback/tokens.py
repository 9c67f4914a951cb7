"""What the holder of a mailed link may do; how links are made is in ``kit/links.py``."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What the holder of a link may do."""

    SPEAKER = "hallway.feedback.speaker"
    CARD = "hallway.feedback.card"
    CLAIM = "hallway.feedback.claim"
    MAKER = "hallway.feedback.maker"
