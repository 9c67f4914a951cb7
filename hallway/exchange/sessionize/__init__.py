"""Sessionize's API views: All, GridSmart, Sessions, Speakers, SpeakerWall."""

from hallway.exchange.sessionize.reading import is_sessionize, read
from hallway.exchange.sessionize.writing import LOSSES, MEDIA_TYPE, VIEWS, View, write

__all__ = ["LOSSES", "MEDIA_TYPE", "VIEWS", "View", "is_sessionize", "read", "write"]
