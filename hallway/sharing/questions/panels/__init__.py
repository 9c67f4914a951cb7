"""What questions put on lower pages: each part of the package its own module."""

from . import afterwards, asking, room

__all__ = ["afterwards", "asking", "room"]
