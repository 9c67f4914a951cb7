"""Imports and exports in words: findings and losses as sentences, fields by the names people know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import detect
from .findings import SENTENCES, Finding, sentence
from .programme import Programme, SessionIn

FIELDS = {
    "title": gettext_lazy("title"),
    "subtitle": gettext_lazy("subtitle"),
    "abstract": gettext_lazy("abstract"),
    "description": gettext_lazy("description"),
    "languages": gettext_lazy("languages"),
    "language_raw": gettext_lazy("languages"),
    "level": gettext_lazy("level"),
    "tags": gettext_lazy("tags"),
    "links": gettext_lazy("links"),
    "speakers": gettext_lazy("speakers"),
    "kind": gettext_lazy("kind"),
    "kind_raw": gettext_lazy("kind"),
    "code": gettext_lazy("code"),
    "track": gettext_lazy("track"),
    "plenum": gettext_lazy("for everybody"),
    "recording_url": gettext_lazy("recording"),
    "feedback_url": gettext_lazy("feedback"),
    "origin_url": gettext_lazy("page elsewhere"),
    "do_not_record": gettext_lazy("recording"),
    "do_not_stream": gettext_lazy("streaming"),
    "room": gettext_lazy("room"),
    "starts_at": gettext_lazy("start"),
    "ends_at": gettext_lazy("end"),
    "name": gettext_lazy("name"),
    "capacity": gettext_lazy("seats"),
    "biography": gettext_lazy("biography"),
    "tagline": gettext_lazy("line under the name"),
    "zone": gettext_lazy("time zone"),
    "day_boundary": gettext_lazy("end of the day"),
    "url": gettext_lazy("web page"),
    "joining": gettext_lazy("joining details"),
}


def said(report: dict[str, Any]) -> dict[str, Any]:
    """The report with its findings as sentences in the present language; edits that were kept are among warnings."""
    words = {name: value for name, value in report.items() if name != "kept"}
    for name in ("refused", "warnings"):
        words[name] = findings_of(report, name)
    words["warnings"] += kept_of(report)
    return words


def findings_of(report: dict[str, Any], name: str) -> list[str]:
    """``refused`` or ``warnings`` of a report as sentences."""
    return [
        sentence(Finding(entry["code"], tuple(sorted(entry["params"].items())), entry["where"]))
        for entry in report.get(name, [])
        if entry["code"] in SENTENCES
    ]


def kept_of(report: dict[str, Any]) -> list[str]:
    """Edits made here that an import left as they are, as sentences."""
    return [_say_kept(entry["name"], entry["field"]) for entry in report.get("kept", [])]


def _say_kept(name: str, field: str) -> str:
    if field == "removed":
        return _("“%(name)s” was removed here and stays out.") % {"name": name}
    if field == "moved":
        return _("“%(name)s” was moved here and stays, although the file no longer has it.") % {"name": name}
    return _("“%(name)s”: %(field)s was edited here and stays.") % {"name": name, "field": FIELDS.get(field, field)}


def _any(of: Callable[[SessionIn], object]) -> Callable[[Programme], bool]:
    return lambda programme: any(of(session) for session in programme.sessions)


# Which programmes a loss concerns; one that is not named here concerns all.
_CONCERNS: dict[str, Callable[[Programme], bool]] = {
    "biographies": lambda programme: bool(programme.people),
    "breaks": _any(lambda session: session.is_break and session.kind_raw),
    "cancelled": _any(lambda session: any(slot.cancelled for slot in session.slots)),
    "codes": _any(lambda session: session.code),
    "languages": _any(lambda session: session.languages or session.language_raw),
    "lengths": _any(lambda session: any(slot.duration >= timedelta(hours=100) for slot in session.slots)),
    "levels-tags": _any(lambda session: session.level or session.tags),
    "link-kinds": _any(lambda session: session.links or session.attachments),
    "links": _any(lambda s: s.links or s.attachments or s.feedback_url or s.recording_url),
    "no-stream": _any(lambda session: session.do_not_stream),
    "people": lambda programme: bool(programme.people),
    "plenum": _any(lambda session: session.plenum),
    "private": _any(lambda session: session.joining_url or session.private_labels),
    "recordings": _any(lambda session: session.recording_url or session.do_not_record or session.do_not_stream),
    "roles": _any(lambda session: any(speaker.role != "speaker" for speaker in session.speakers)),
    "slots": _any(lambda session: len(session.slots) > 1),
    "taglines": lambda programme: any(person.tagline for person in programme.people),
    "unscheduled": _any(lambda session: not session.slots),
}


def losses_of(format: str, programme: Programme) -> list[str]:
    """What this programme loses in a format, as sentences in the present language."""
    return [
        _(sentence)
        for code, sentence in detect.LOSSES[format].items()
        if code not in _CONCERNS or _CONCERNS[code](programme)
    ]
