"""What templates ask about events: ``{% load events %}``."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hallway.gathering.events import provisions
from hallway.gathering.events.models import Event
from hallway.gathering.events.tabs import tabs_of
from hallway.kit import clock
from hallway.kit.tabs import Tab
from hallway.kit.templatetags.hallway import say_clock, say_when
from hallway.people.models import Person
from hallway.vocabulary.templatetags.vocabulary import zone_name

register = template.Library()


@register.filter
def running(event: Event) -> bool:
    """Whether it is on now."""
    return event.is_running(clock.now())


@register.filter
def over(event: Event) -> bool:
    """Whether it is over."""
    return event.is_over(clock.now())


@register.filter
def access_names(codes: list[str]) -> list[str]:
    """Access provisions in the page's language."""
    return provisions.labels(codes, provisions.ACCESS)


@register.filter
def equipment_names(codes: list[str]) -> list[str]:
    """Equipment in the page's language."""
    return provisions.labels(codes, provisions.EQUIPMENT)


@register.filter
def place_of(event: Event) -> str:
    """``Karee Hall, Johannesburg``, or where else one takes part. Needs ``venue`` loaded."""
    if event.attendance == Event.Attendance.ONLINE:
        return _("Online")
    venue = event.venue
    if venue is None:
        return event.community.place_name
    return f"{venue.name}, {venue.place_name}" if venue.place_name else venue.name


@register.simple_tag(takes_context=True)
def event_tabs(context: RequestContext, event: Event) -> list[Tab]:
    """The doors of the event's masthead."""
    user = getattr(context.get("request"), "user", None)
    return tabs_of(event, user if isinstance(user, Person) else None)


@register.simple_tag
def clock_time(instant: datetime, event: Event) -> SafeString:
    """``18:30, Johannesburg (UTC+2)`` on the venue's clock; a reader elsewhere gets theirs beside it."""
    local = instant.astimezone(event.tz)
    return format_html(
        '<time datetime="{}" data-zone="{}" data-here="{}">{}</time>',
        local.isoformat(),
        event.zone,
        _("(%s where you are)"),
        f"{say_clock(local)}, {zone_name(event.zone, instant)}",
    )


@register.simple_tag
def date_block(event: Event) -> dict[str, Any]:
    """The parts of a date for a row: ``{"day": "13", "month": "Oct", "rest": "Tue 18:00"}``, in the event's zone."""
    if event.starts_at is None:
        return {}
    local = event.starts_at.astimezone(event.tz)
    return {
        "day": local.day,
        "month": say_when(local, "MMM"),
        "rest": f"{say_when(local, 'EEE')} {say_clock(local)}",
        "iso": local.isoformat(),
    }


@register.simple_tag
def until(event: Event) -> str:
    """``until Friday`` or ``until 20:30``: when what is on now ends."""
    if event.ends_at is None:
        return ""
    end = event.ends_at.astimezone(event.tz)
    one_day = event.day_of(event.ends_at) == event.day_of(clock.now())
    return _("until %(when)s") % {"when": say_clock(end) if one_day else say_when(end, "EEEE")}


@register.simple_tag
def readers_clock(event: Event, person: Person | None) -> str:
    """``Thursday 3 December, 17:30, Paris (UTC+1)``: the start where the reader lives, if clocks differ; for mail."""
    if event.starts_at is None or person is None or not person.zone:
        return ""
    theirs, here = event.starts_at.astimezone(ZoneInfo(person.zone)), event.starts_at.astimezone(event.tz)
    if theirs.utcoffset() == here.utcoffset():
        return ""
    return f"{say_when(theirs, 'MMMMEEEEdHm')}, {zone_name(person.zone, event.starts_at)}"


@register.simple_tag
def local_clock(event: Event) -> str:
    """``18:30, Johannesburg (UTC+2)``: the start in plain words, for mail."""
    if event.starts_at is None:
        return ""
    return f"{say_clock(event.starts_at.astimezone(event.tz))}, {zone_name(event.zone, event.starts_at)}"
