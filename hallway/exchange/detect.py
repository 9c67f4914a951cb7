"""Which format a file is in, and the readers and writers by format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from hallway.exchange import frab_json, frab_xml, hoverboard, ical, openplanner, sessionize, table
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.opening import as_json, checked_size, encoding_of
from hallway.exchange.programme import Programme
from hallway.exchange.shapes import mapping


class Reader(Protocol):
    """Bytes to a Programme; Unreadable when the file is refused."""

    def __call__(self, data: bytes, *, zone: ZoneInfo | None = None) -> Programme: ...


READERS: dict[str, Reader] = {
    "frab-xml": frab_xml.read,
    "frab-json": frab_json.read,
    "sessionize": sessionize.read,
    "ical": ical.read,
    "csv": table.read,
    "hoverboard": hoverboard.read,
    "openplanner": openplanner.read,
}

WRITERS: dict[str, Callable[[Programme], bytes]] = {
    "frab-xml": frab_xml.write,
    "frab-json": frab_json.write,
    "ical": ical.write,
    "sessionize": sessionize.write,
    "csv": table.write,
}

MEDIA_TYPES: dict[str, str] = {
    "frab-xml": frab_xml.MEDIA_TYPE,
    "frab-json": frab_json.MEDIA_TYPE,
    "ical": ical.MEDIA_TYPE,
    "sessionize": sessionize.MEDIA_TYPE,
    "csv": table.MEDIA_TYPE,
}

LOSSES: dict[str, dict[str, str]] = {
    "frab-xml": frab_xml.LOSSES,
    "frab-json": frab_json.LOSSES,
    "ical": ical.LOSSES,
    "sessionize": sessionize.LOSSES,
    "csv": table.LOSSES,
}


def detect(data: bytes, filename: str = "") -> str:
    """The format's name in READERS, from the content and, for tables, the file's name.

    Raises Unreadable for what none of the readers would take.
    """
    start = _start(checked_size(data))
    if start.startswith("<"):
        return "frab-xml"
    if start[:15].upper() == "BEGIN:VCALENDAR":
        return "ical"
    if start[:1] in "{[":
        return _json_format(as_json(data))
    if _is_tabular(start, filename):
        return "csv"
    raise Unreadable(found("unknown-format"))


def is_table(data: bytes, filename: str = "") -> bool:
    """Whether a file would be read as CSV, from its first lines alone."""
    start = _start(data)
    other = start[:1] in {"<", "{", "["} or start[:15].upper() == "BEGIN:VCALENDAR"
    return not other and _is_tabular(start, filename)


def _start(data: bytes) -> str:
    return data[:4096].decode(encoding_of(data), "ignore").lstrip("\ufeff \t\r\n")


def _is_tabular(start: str, filename: str) -> bool:
    named = filename.lower().endswith((".csv", ".tsv", ".txt"))
    tabular = named or any(mark in start.split("\n")[0] for mark in ",;\t")
    return tabular and not start.startswith(("PK", "%PDF")) and "\0" not in start


def _json_format(root: Any) -> str:
    source = mapping(root)
    if "schedule" in source and "conference" in mapping(source["schedule"]):
        return "frab-json"
    if isinstance(source.get("sessions"), dict) and isinstance(source.get("schedule"), dict | list):
        return "hoverboard"
    if openplanner.is_openplanner(source):
        return "openplanner"
    if sessionize.is_sessionize(root):
        return "sessionize"
    raise Unreadable(found("unknown-format"))


def read(data: bytes, filename: str = "", *, format: str = "", zone: ZoneInfo | None = None) -> Programme:
    """The programme in a file of any format we read; `format` is a name in READERS when it is known."""
    return READERS[format or detect(data, filename)](data, zone=zone)
