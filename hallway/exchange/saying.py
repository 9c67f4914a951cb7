"""An import's report in words: findings as sentences, fields by the names people know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .findings import SENTENCES, Finding, sentence

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
