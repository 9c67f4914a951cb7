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
from .findings import Unreadable, sentence
from .programme import Programme, shifted
from .text import one_line


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


def read_programme(data: bytes, filename: str, *, zone: str = "", options: dict[str, Any] | None = None) -> Programme:
    """Read a file. ``options``: ``columns`` (field → header) for tables, ``shifted`` for the other reading of times,
    ``title`` for files that name no event; without it such an event is called like the file.

    Raises Refusal with a sentence when the file cannot be read; nothing of it is kept then.
    """
    options = options or {}
    asked = zone_named(zone)
    try:
        format = detect.detect(data, filename)
        columns = options.get("columns")
        if format == "csv" and columns:
            programme = table.read(data, zone=asked, columns=columns)
        else:
            programme = detect.read(data, filename, format=format, zone=asked)
    except Unreadable as error:
        raise Refusal(f"exchange.{error.finding.code}", sentence(error.finding), status=422, field="file") from error
    if not programme.title:
        programme = replace(programme, title=options.get("title") or one_line(PurePath(filename).stem))
    return shifted(programme) if options.get("shifted") else programme
