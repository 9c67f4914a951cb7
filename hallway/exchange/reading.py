"""From a file's bytes to a programme, with what the person chose: format, zone, columns, the other reading of times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from hallway.kit.refusal import Refusal
from hallway.vocabulary.zones import is_zone

from . import detect, table
from .findings import Unreadable, found, sentence
from .programme import Programme, shifted
from .text import one_line

_ENOUGH = 1_000_000  # bytes of a table that surely hold its first rows


def zone_named(name: str) -> ZoneInfo | None:
    """The zone a person typed, None for none. Raises Refusal for a name that is no zone."""
    if not name:
        return None
    if not is_zone(name):
        raise Refusal(
            "exchange.no_such_zone",
            _("There is no time zone “%(zone)s”. Write it like Europe/Paris.") % {"zone": name[:60]},
            field="zone",
        )
    return ZoneInfo(name)


def read_programme(
    data: bytes, filename: str, *, zone: str = "", fallback: str = "", options: dict[str, Any] | None = None
) -> Programme:
    """Read a file. ``zone`` is where its times are, whatever it says; ``fallback`` where they are if it says nothing.

    ``options``: ``columns`` (field → header) for tables, ``shifted`` for the other reading of times, ``title`` for
    files that name no event; without it such an event is called like the file. Raises Refusal with a sentence when the
    file cannot be read; nothing of it is kept then.
    """
    options = options or {}
    asked, second = zone_named(zone), zone_named(fallback)
    try:
        format = detect.detect(data, filename)
        programme = _read(data, filename, format, asked, options)
        if second is not None and programme.zone_origin == "guessed":
            doubt = found("zone-assumed", zone=second.key)
            programme = _read(data, filename, format, second, options)
            programme = replace(programme, warnings=(doubt, *programme.warnings))
    except Unreadable as error:
        raise Refusal(f"exchange.{error.finding.code}", sentence(error.finding), status=422, field="file") from error
    if not programme.title:
        programme = replace(programme, title=options.get("title") or one_line(PurePath(filename).stem))
    return shifted(programme) if options.get("shifted") else programme


def _read(data: bytes, filename: str, format: str, zone: ZoneInfo | None, options: dict[str, Any]) -> Programme:
    if format == "csv" and options.get("columns"):
        return table.read(data, zone=zone, columns=options["columns"])
    return detect.read(data, filename, format=format, zone=zone)


def columns_of(data: bytes, filename: str) -> table.Preview | None:
    """Header and first rows of a table, with what we would take its columns for; None for other formats.

    Raises Refusal for what looks like a table and is none.
    """
    if not detect.is_table(data, filename):
        return None
    try:
        return table.suggest(data[:_ENOUGH].rpartition(b"\n")[0] if len(data) > _ENOUGH else data)
    except Unreadable as error:
        raise Refusal(f"exchange.{error.finding.code}", sentence(error.finding), status=422, field="file") from error
