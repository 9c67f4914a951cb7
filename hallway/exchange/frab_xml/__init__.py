"""frab schedule.xml, as pretalx, frab, wafer and the CCC's hub write it and as conference apps read it."""

from hallway.exchange.frab_xml.reading import read
from hallway.exchange.frab_xml.writing import LOSSES, MEDIA_TYPE, write

__all__ = ["LOSSES", "MEDIA_TYPE", "read", "write"]
