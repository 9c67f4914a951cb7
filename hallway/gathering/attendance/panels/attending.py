"""For those who come: on the pages of events and communities, and among what is theirs.

Pages everybody shares say how full it is; where one person stands is said to that person alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html

from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.panels import panel
from hallway.kit.store import carry
from hallway.people.models import Person

from .. import queries
from ..entrance import Entrance, entrances, next_turn
from ..habits import habit_of
from ..models import Registration
from ..templatetags.attendance import entrance_words

MOST_FACES = 60


def _open_at(event: Event, among: Sequence[Event] = ()) -> list[Entrance]:
    """What one registers for at an event, noted on each event of the list, so that a list asks once."""
    unknown = [one for one in (*among, event) if "entrances" not in one.__dict__]
    if unknown:
        found = entrances(unknown, clock.now())
        for one in unknown:
            one.__dict__["entrances"] = found[one.pk]
    known: list[Entrance] = event.__dict__["entrances"]
    return known


def _main(event: Event, among: Sequence[Event] = ()) -> Entrance | None:
    return next((one for one in _open_at(event, among) if one.admission.is_event), None)


def _carry(request: HttpRequest | None, event: Event, now: datetime) -> None:
    turns = (next_turn(one.admission, now) for one in _open_at(event))
    carry(request, f"seats:{event.pk}", good_until=min((turn for turn in turns if turn), default=None))


def _mine(event: Event, reader: Any) -> Registration | None:
    """Where the reader stands, asked once for a page."""
    if not isinstance(reader, Person):
        return None
    if "mine" not in event.__dict__:
        entrance = _main(event)
        row = queries.registration_of(reader, entrance.admission if entrance else None)
        event.__dict__["mine"] = row if row is not None and row.state in queries.ALIVE else None
    mine: Registration | None = event.__dict__["mine"]
    return mine


@panel("event_about.actions", order=10)
def coming(event: Event, *, reader: Any, request: HttpRequest | None) -> str:
    """The button, or where the reader stands in one line."""
    entrance, now = _main(event), clock.now()
    if entrance is None:
        return ""
    _carry(request, event, now)
    context = {"entrance": entrance, "event": event, "row": _mine(event, reader), "own_line": reader is None}
    return render_to_string("attendance/about_actions.html", context)


@panel("event_next.actions", order=10)
def coming_next(event: Event, *, reader: Any, request: HttpRequest | None) -> str:
    """The same on the card of a community's next event, without the line of a device."""
    entrance = _main(event)
    if entrance is None:
        return ""
    _carry(request, event, clock.now())
    context = {"entrance": entrance, "event": event, "row": _mine(event, reader), "own_line": False}
    return render_to_string("attendance/about_actions.html", context)


@panel("event_next.seats")
def how_full_next(event: Event, *, reader: Any, request: HttpRequest | None) -> str:
    """How many seats of the next event are taken, behind its place."""
    entrance = _main(event)
    if entrance is None or entrance.seats.total is None:
        return ""
    return render_to_string("attendance/next_seats.html", {"seats": entrance.seats, "event": event})


@panel("event_row.left", order=60)
def left_in_a_row(event: Event, among: Sequence[Event], *, reader: Any, request: HttpRequest | None) -> str:
    """How full it is, asked once for the whole list."""
    entrance = _main(event, among)
    words = "" if entrance is None or entrance.state == "over" else entrance_words(entrance)
    return format_html('<span class="seats-left">{}</span>', words) if words else ""


@panel("event_masthead.meta")
def left_in_the_masthead(event: Event, *, reader: Any, request: HttpRequest | None) -> str:
    """How full it is, on the event's own page: its programme is stored for longer than that is so."""
    match = getattr(request, "resolver_match", None)
    entrance = _main(event) if match is not None and match.view_name == "events:page" else None
    words = "" if entrance is None else entrance_words(entrance)
    return render_to_string("attendance/meta.html", {"words": words}) if words else ""


@panel("event_about.side", order=10)
def how_full(event: Event, *, reader: Any, request: HttpRequest | None) -> str:
    """Seats, the rule of the line, who may register."""
    entrance = _main(event)
    if entrance is None or entrance.state in {"over", "cancelled", "none", "elsewhere", "draft"}:
        return ""
    return render_to_string("attendance/about_side.html", {"entrance": entrance, "event": event})


@panel("event_about.below", order=10)
def who_goes_and_workshops(event: Event, *, reader: Any, request: HttpRequest | None) -> str:
    """Workshops with their seats, and those going who let this reader see it."""
    workshops = [one for one in _open_at(event) if not one.admission.is_event]
    shown = queries.registrations_visible_to(reader if isinstance(reader, Person) else None, event)
    going = shown.filter(state=Registration.State.GOING).select_related("person").order_by("position")
    people = list(going[: MOST_FACES + 1])
    if not workshops and not people:
        return ""
    carry(request, *(f"person:{row.person_id}" for row in people))  # who leaves, or hides, is named no longer
    context = {
        "event": event, "workshops": workshops, "people": people[:MOST_FACES], "more": len(people) > MOST_FACES,
        "sees_all": queries.sees_all_of(reader, event),
    }  # fmt: skip
    return render_to_string("attendance/about_below.html", context)


@panel("me.below", order=10)
def what_i_registered_for(person: Person, *, reader: Any, request: HttpRequest | None) -> str:
    """What the person registered for, soonest first, where they come every time, how often they came: their own."""
    now = clock.now()
    context = {
        "rows": queries.registrations_to_come(person, now),
        "standing": queries.standing_for(person),
        "habit": habit_of(person, now),
    }
    return render_to_string("attendance/mine.html", context, request=request)
