"""CSV as organisers keep it: any delimiter, any usual encoding, columns chosen by the organiser."""

from hallway.exchange.table.columns import COLUMNS, Preview, suggest
from hallway.exchange.table.reading import read
from hallway.exchange.table.writing import LOSSES, write
from hallway.kit.table import MEDIA_TYPE

__all__ = ["COLUMNS", "LOSSES", "MEDIA_TYPE", "Preview", "read", "suggest", "write"]
