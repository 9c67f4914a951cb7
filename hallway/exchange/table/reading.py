"""Reads sessions from a table: one row a slot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hallway.exchange.draft import Draft
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.frab import choose_zone
from hallway.exchange.identity import read_guid
from hallway.exchange.programme import Programme, SessionIn, SlotIn, SpeakerIn
from hallway.exchange.table.columns import open_sheet, suggested
from hallway.exchange.text import one_line
from hallway.kit.table import unguarded

_TRUE = {"1", "true", "yes", "y", "x", "oui", "vrai", "ja"}
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(.*)", re.DOTALL)
_TIME = re.compile(r"(\d{1,2})\s*(?:[:.hH]\s*(\d{2})?)(?::(\d{2}))?\s*(am|pm|AM|PM)?|(\d{1,2})\s*(am|pm|AM|PM)")


def read(data: bytes, *, zone: ZoneInfo | None = None, columns: Mapping[str, str] | None = None) -> Programme:
    """A table as a programme; local times are taken in `zone`.

    `columns` goes from COLUMNS to headers of the file; without it the headers' names decide. Raises
    Unreadable when there is no column for titles or the file is no table.
    """
    sheet = open_sheet(data)
    mapping = suggested(sheet.header) if columns is None else {c: h for c, h in columns.items() if h in sheet.header}
    if "title" not in mapping:
        raise Unreadable(found("no-title-column"))
    zoned = choose_zone(None, zone, ())
    draft = Draft("csv", zoned.zone, zoned.origin)
    if zoned.doubt:
        draft.report.note(zoned.doubt)
    if sheet.encoding == "cp1252":
        draft.report.warn("encoding-guessed", encoding="Windows-1252")
    for name in sheet.header:
        if name not in mapping.values():
            draft.report.warn("column-ignored", value=name)
    places = {column: sheet.header.index(name) for column, name in mapping.items()}
    rows = [{column: unguarded(row[place].strip()) for column, place in places.items()} for row in sheet.rows]
    day_first = _is_day_first(rows)
    for row in rows:
        _read_row(draft, row, day_first=day_first)
    return draft.finish(title="", generator="CSV")


def _read_row(draft: Draft, row: Mapping[str, str], *, day_first: bool) -> None:
    title = one_line(row["title"])
    ident = row.get("id", "")
    speakers = (draft.person(name) for name in _names(row.get("speakers", "")))
    session = draft.session(
        title,
        kind=row.get("type"),
        language=row.get("language"),
        guid=read_guid(ident),
        code=one_line(row.get("code", "")),
        subtitle=row.get("subtitle"),
        abstract=row.get("abstract"),
        description=row.get("description"),
        track=draft.track(row.get("track")),
        level=one_line(row.get("level")),
        tags=tuple(dict.fromkeys(_names(row.get("tags", "")))),
        speakers=tuple(SpeakerIn(key) for key in dict.fromkeys(speakers) if key is not None),
        url=row.get("url"),
        recording_url=row.get("recording_url"),
        do_not_record=row.get("do_not_record", "").casefold() in _TRUE,
        is_break=row.get("break", "").casefold() in _TRUE,
    )
    slot = _slot(draft, row, session, day_first=day_first)
    draft.add(session, slot, [("guid" if session.guid else "id", ident), ("code", session.code)])


def _names(cell: str) -> list[str]:
    """The parts of a list in one cell; with semicolons or line breaks in it, commas belong to the names."""
    separator = r"[;\n]" if re.search(r"[;\n]", cell) else r","
    return [name for part in re.split(separator, cell) if (name := one_line(part))]


def _slot(draft: Draft, row: Mapping[str, str], session: SessionIn, *, day_first: bool) -> SlotIn | None:
    room = draft.room(row.get("room"))
    day, ident = row.get("date", ""), row.get("id", "")
    start = _moment(row.get("start", ""), day, day_first=day_first)
    end = _moment(row.get("end", ""), row.get("end_date", "") or day or start[:10], day_first=day_first)
    length = row.get("duration", "")
    if end and start and not row.get("end_date") and len(row.get("end", "")) <= 8:
        end = _next_day_if_earlier(start, end)
    return draft.slot(session.title, start=start, end=end, length=length, room=room, guid=ident, ident=ident)


def _next_day_if_earlier(start: str, end: str) -> str:
    """An end that is only a time and earlier than the start is on the next day."""
    try:
        first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
        return (last + timedelta(days=1)).isoformat() if last < first else end
    except (TypeError, ValueError, OverflowError):
        return end


def _is_day_first(rows: list[dict[str, str]]) -> bool:
    """Whether 3/11/2026 is the third of November: yes, unless some second number cannot be a month."""
    dates = (
        match for row in rows for cell in (row.get("date"), row.get("start")) if (match := _DAY_FIRST.match(cell or ""))
    )
    return not any(int(match.group(2)) > 12 for match in dates)


def _moment(cell: str, day: str, *, day_first: bool) -> str:
    """A date, a time of that day, or both, as ISO 8601 where we understand it, else as written."""
    if not cell:
        return ""
    iso_cell = _iso_day(cell, day_first=day_first)
    if re.match(r"\d{4}-\d{1,2}-\d{1,2}", iso_cell):
        date_part, _space, time_part = iso_cell.replace("T", " ", 1).partition(" ")
        clock = _clock(time_part) if time_part else "00:00"
        return f"{date_part}T{clock}" if clock else iso_cell
    clock = _clock(cell)
    date_part = _iso_day(day, day_first=day_first)[:10] if day else ""
    return f"{date_part}T{clock}" if clock and date_part else cell


def _iso_day(cell: str, *, day_first: bool) -> str:
    match = _DAY_FIRST.fullmatch(cell.strip())
    if match is None:
        return cell.strip()
    one, two, year, rest = match.groups()
    day, month = (one, two) if day_first else (two, one)
    return f"{year}-{month.zfill(2)}-{day.zfill(2)} {rest.strip()}".strip()


def _clock(text: str) -> str:
    """A time of day as HH:MM:SS; a text with an offset stays; empty when it is no time."""
    text = text.strip()
    if re.fullmatch(r"\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})", text):
        return text
    match = _TIME.fullmatch(text)
    if match is None:
        return ""
    hour = int(match.group(1) or match.group(5))
    half = (match.group(4) or match.group(6) or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02d}:{match.group(2) or '00'}:{match.group(3) or '00'}"
