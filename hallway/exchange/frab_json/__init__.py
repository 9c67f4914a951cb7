"""frab schedule.json, version 1 (frab, pretalx and others) and the CCC hub's version 2."""

from hallway.exchange.frab_json.reading import read
from hallway.exchange.frab_json.writing import LOSSES, MEDIA_TYPE, write

__all__ = ["LOSSES", "MEDIA_TYPE", "read", "write"]
