"""The programme as everybody reads it: grid and list, filters, now and next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from hallway.gathering.events.queries import accepted_hosts
from hallway.kit import access, clock, store
from hallway.programme.schedule.filters import FILTERS, Filters, options_of
from hallway.programme.schedule.layout import Box, Cell, Layout, lay_out
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import Entry, Programme, programme_of

from .loading import Moved, event_for, event_for_team, frame_of

MOST_NOW = 8
FEW = 8  # a programme this short is read whole, without filters


@dataclass(frozen=True)
class Shown:
    """An entry as the page says it."""

    entry: Entry
    classes: str
    track: str
    room: str
    is_now: bool
    until: datetime | None
    language: str


@dataclass(frozen=True)
class Group:
    """Everything that begins at one moment."""

    starts: datetime
    ends: datetime
    row: int
    is_now: bool
    shown: list[Shown]


@dataclass(frozen=True)
class Day:
    """One day of the event; ``heads`` are rooms with their first column and width, none when it is a plain list."""

    day: date
    columns: int
    heads: list[tuple[str, int, int]]
    groups: list[Group]


@access.public
def schedule(request: HttpRequest, slug: str) -> HttpResponse:
    """The released programme, whole or filtered."""
    try:
        event = event_for(request, slug)
    except Moved as moved:
        return redirect("schedule", moved.slug, permanent=True)
    now = clock.now()
    programme = programme_of(event)
    filters = Filters.of(request.GET, programme, now)
    context = page_of(programme, filters, now) | {"release": event.releases.first(), "offline": True}
    context["hosts"] = accepted_hosts(event)
    response = render(request, "schedule/schedule.html", context)
    if filters.are_bounded:
        store.keep(response, [f"event:{event.pk}"], good_until=programme.next_change(now), query=FILTERS)
    return response


@access.ruled("can_edit_schedule")
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft as it would look once released, for the team."""
    event, _person = event_for_team(request, slug)
    programme = programme_of(event, draft=True)
    filters = Filters.of(request.GET, programme, clock.now())
    context = page_of(programme, filters, clock.now()) | {"is_preview": True, "hosts": accepted_hosts(event)}
    return render(request, "schedule/schedule.html", context)


@access.public
def now(request: HttpRequest, slug: str) -> HttpResponse:
    """What is on now and what comes next: a fragment that pages left open ask for again."""
    try:
        event = event_for(request, slug)
    except Moved as moved:
        return redirect("schedule_now", moved.slug, permanent=True)
    moment = clock.now()
    programme = programme_of(event)
    response = render(request, "schedule/now.html", {"event": event, **now_and_next(programme, moment)})
    return store.keep(response, [f"event:{event.pk}"], good_until=programme.next_change(moment))


def narrowed(programme: Programme, filters: Filters) -> Programme:
    """The same with the entries that pass the filters."""
    return replace(programme, entries=[entry for entry in programme.entries if filters.allow(entry)])


def page_of(programme: Programme, filters: Filters, now: datetime, *, shown: Programme | None = None) -> dict[str, Any]:
    """The context of the schedule page; ``shown`` is what is to be seen of it, by default what passes the filters."""
    event = programme.event
    shown = shown or narrowed(programme, filters)
    days = [day_of(shown, day, now) for day in shown.days]
    count = len({entry.session_id for entry in programme.entries if not entry.is_break})
    return {
        **frame_of(event),
        **now_and_next(programme, now),
        "canonical": f"/e/{event.slug}/schedule/",
        "days": days,
        "all_days": programme.days,
        "filters": filters,
        "options": options_of(programme) if count > FEW or filters.narrowing else {},
        "now_at": _now_at(days, now),
        "has_grid": any(day.columns for day in days),
        "count": count,
        "shown_count": len(shown.entries),
    }


def now_and_next(programme: Programme, now: datetime) -> dict[str, Any]:
    """What runs, what begins next, and until when that holds."""
    talks = [entry for entry in programme.entries if not entry.is_break]
    running = [entry for entry in talks if entry.starts <= now < entry.ends]
    following = next((entry.starts for entry in talks if entry.starts > now), None)
    soon = [entry for entry in talks if entry.starts == following]
    is_soon = following is not None and (running or (following - now).total_seconds() < 36 * 3600)
    return {
        "running": [(entry, programme.room_worth_saying(entry)) for entry in running[:MOST_NOW]],
        "soon": [(entry, programme.room_worth_saying(entry)) for entry in soon[:MOST_NOW]] if is_soon else [],
        "until": programme.next_change(now),
    }


def _now_at(days: Sequence[Day], now: datetime) -> datetime | None:
    """When what is on began, a break too; None before, after and between the days."""
    for day in days:
        begun = [group.starts for group in day.groups if group.starts <= now]
        if begun and any(one.entry.ends > now for group in day.groups for one in group.shown):
            return begun[-1]
    return None


def day_of(programme: Programme, day: date, now: datetime) -> Day:
    """One day with the place of everything in it; where there is one room, a list says more than a grid."""
    entries = [entry for entry in programme.entries if entry.day == day]
    layout = lay_out([_box(entry) for entry in entries], list(programme.rooms)) if len(programme.rooms) > 1 else None
    groups = [
        _group(programme, starts, list(together), layout, now)
        for starts, together in groupby(entries, key=lambda entry: entry.starts)
    ]
    if layout is None:
        return Day(day, 0, [], groups)
    heads = [(programme.rooms[room].name, column, width) for room, column, width in layout.heads]
    return Day(day, layout.columns, heads, groups)


def _box(entry: Entry) -> Box:
    everywhere = entry.plenum or (entry.is_break and entry.room_id is None)
    return Box(entry.slot_id, entry.room_id, entry.starts, entry.ends, everywhere)


def _group(
    programme: Programme, starts: datetime, entries: Sequence[Entry], layout: Layout | None, now: datetime
) -> Group:
    common = Counter(entry.ends for entry in entries).most_common(1)[0][0]
    page_language = (get_language() or "en")[:2]
    shown = [
        _shown(programme, entry, layout.cells[entry.slot_id] if layout else None, common, now, page_language)
        for entry in entries
    ]
    row = layout.rows[starts] if layout else 0
    return Group(starts, common, row, any(one.is_now for one in shown), shown)


def _shown(
    programme: Programme, entry: Entry, cell: Cell | None, common: datetime, now: datetime, language: str
) -> Shown:
    track = programme.tracks.get(entry.track_id or 0)
    classes = ["pause" if entry.is_break else f"h{track.hue if track else 8}"]
    if cell is not None:
        classes += [f"r{cell.row}", f"k{cell.column}"]
        classes += [f"n{cell.rows}"] if cell.rows > 1 else []
        classes += [f"w{cell.columns}"] if cell.columns > 1 else []
    kind = _kind_label(entry)
    return Shown(
        entry=entry,
        classes=" ".join(classes),
        track=kind if kind and (not track or entry.plenum) else (track.name if track else ""),
        room=programme.room_worth_saying(entry),
        is_now=entry.starts <= now < entry.ends and not entry.is_break,
        until=None if entry.ends == common else entry.ends,
        language=entry.title_language if entry.title_language != language else "",
    )


def _kind_label(entry: Entry) -> str:
    label = Session.Kind(entry.kind).label if entry.kind in Session.Kind.values else ""
    return "" if entry.kind in {"talk", "other", "break"} else str(label)[:1].upper() + str(label)[1:]
