"""How programmes say times and filters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hallway.gathering.attendance.queries import Seats
from hallway.kit.localised import pick
from hallway.kit.templatetags.hallway import say_clock, weekday
from hallway.people.models import Person
from hallway.programme.schedule.clashes import Clash
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks.models import Material
from hallway.vocabulary.templatetags.vocabulary import zone_name

register = template.Library()


@register.filter
def clock(moment: datetime) -> str:
    """``09:45``, or ``9 h 45``, of a moment already in the zone it is to be shown in."""
    return say_clock(moment)


@register.filter
def zone_words(zone: str, moment: datetime | None) -> str:
    """``Johannesburg (UTC+2)``, as a filter so that a sentence can hold it."""
    return zone_name(zone, moment)


@register.filter
def filter_name(name: str) -> str:
    """What a filter is called when nothing is chosen."""
    return {
        "room": _("Every room"),
        "track": _("Every track"),
        "topic": _("Every topic"),
        "language": _("Every language"),
        "level": _("Every level"),
        "year": _("Every year"),
    }[name]


@register.filter
def filter_label(name: str) -> str:
    """What a filter asks for."""
    return {
        "room": _("Room"),
        "track": _("Track"),
        "topic": _("Topic"),
        "language": _("Language"),
        "level": _("Level"),
        "year": _("Year"),
    }[name]


@register.filter
def session_title(session: Session) -> str:
    """A session's own title, else its talk's, for this reader."""
    return pick(title_of(session)).text


@register.filter
def seats_said(seats: Seats) -> str:
    """``20 seats, 4 left`` · ``12 seats, none left, 3 in line``, for the team."""
    free = max(seats.free or 0, 0)
    said = [
        ngettext("%(n)s seat", "%(n)s seats", seats.total or 0) % {"n": seats.total},
        ngettext("%(n)s left", "%(n)s left", free) % {"n": free} if free else _("none left"),
    ]
    if seats.waiting:
        said.append(ngettext("%(n)s in line", "%(n)s in line", seats.waiting) % {"n": seats.waiting})
    return ", ".join(said)


@register.filter
def link_address(link: Any) -> str:
    """The address of a link, which is a string or ``{"url", "title"}``; empty unless it is a web address."""
    address = str(link.get("url", "") if isinstance(link, dict) else link)
    return address if address.startswith(("https://", "http://")) else ""


@register.filter
def link_label(link: Any) -> str:
    """What a link is called, else its host."""
    title = link.get("title", "") if isinstance(link, dict) else ""
    return str(title) or urlsplit(link_address(link)).netloc


@register.filter
def epochs(moments: Iterable[datetime]) -> str:
    """Moments as seconds since 1970 with spaces between, for a script."""
    return " ".join(str(int(moment.timestamp())) for moment in moments)


@register.filter
def names_of(people: Iterable[Person]) -> str:
    """Names in the order given, with commas between."""
    return ", ".join(person.name for person in people)


@register.filter
def place_words(place: Any, zone: str) -> str:
    """``Thu 8, 09:45, Main hall`` of a place stored in a release."""
    if not place:
        return ""
    starts = datetime.fromisoformat(place["starts_at"]).astimezone(ZoneInfo(zone))
    words = f"{weekday(starts)}, {say_clock(starts)}"
    return f"{words}, {place['room']}" if place["room"] else words


@register.filter
def clash_words(clash: Clash) -> str:
    """A problem of the draft as a sentence that says whom it hurts."""
    sentences = {
        "room_twice": _("%(room)s also holds “%(other)s” then: one audience would stand outside."),
        "speaker_twice": _("%(name)s also speaks in “%(other)s” then, and cannot be in both."),
        "in_break": _("It runs into “%(other)s”: its audience would miss the break."),
        "outside": _("It lies outside the days of the event: nobody would be there."),
        "no_room": _("It has no room yet: its audience would not know where to go."),
        "no_speaker": _("Nobody is named as its speaker."),
    }
    return sentences[clash.code] % clash.words


@register.filter
def material_label(material: Material) -> str:
    """What a material is called, else what it is."""
    return material.title or str(material.get_kind_display()).capitalize()


@register.filter
def material_detail(material: Material) -> str:
    """``PDF, 2.1 MB`` of a file, the host of an address."""
    if not material.file:
        return urlsplit(material.address).netloc
    ending = material.filename.rpartition(".")[2].upper()
    return f"{ending}, {filesizeformat(material.size)}"


@register.filter
def material_address(material: Material) -> str:
    """Where it is taken from."""
    if not material.file:
        return material.address
    return f"/talks/{material.talk_id}/materials/{material.pk}/{quote(material.filename, safe='')}"


@register.filter
def material_icon(material: Material) -> str:
    """The drawing beside it."""
    return {"slides": "presentation", "recording": "video", "code": "code"}.get(material.kind, "link")
