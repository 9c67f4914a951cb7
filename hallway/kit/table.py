"""Tables that open in any spreadsheet and can do no harm there. Pure: values in, bytes out.

A spreadsheet calculates a cell that begins with ``=``, ``+``, ``-`` or ``@``, whoever wrote it, and one whose program
parts cells by semicolons finds such beginnings inside ours. Each gets an apostrophe before it, as OWASP advises against
CSV injection; :func:`unguarded` takes it away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

MEDIA_TYPE = "text/csv; charset=utf-8"

# An apostrophe that stood there already gets another one, so that what was guarded comes back as it was.
_START = r"(?='*[ \u00a0]*[-=+@\uff0d\uff1d\uff0b\uff20])"
# Inside a cell a dash before a space is a list, not a formula; a quote would be taken away.
_INSIDE = r"(?=['\" \u00a0]*(?:[=+@\uff1d\uff0b\uff20]|[-\uff0d](?! )))"
_RISKY = re.compile(rf"\A{_START}|(?<=[;\t\r\n]){_INSIDE}")
_GUARD = re.compile(rf"\A'{_START}|(?<=[;\t\r\n])'{_INSIDE}")


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A table as UTF-8 with a byte order mark, by which spreadsheets know accents, and lines that end in CRLF.

    None is an empty cell; numbers stay numbers; everything else is text that nothing calculates.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    for row in (header, *rows):
        table.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def guarded(text: str) -> str:
    """A cell that no spreadsheet calculates; NUL, and tabs and line ends before the first letter, go."""
    return _RISKY.sub("'", text.replace("\0", "").lstrip("\t\r\n"))


def unguarded(text: str) -> str:
    """A cell without the apostrophes that :func:`guarded` gave it."""
    return _GUARD.sub("", text)


def _cell(value: object) -> str:
    if value is None:
        return ""
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return str(value) if is_number else guarded(str(value))
