"""Where the team writes the programme: the overview, releases and tracks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hallway.gathering.events.models import Event
from hallway.kit import access, clock
from hallway.kit.refusal import Refusal
from hallway.programme.schedule import actions, queries
from hallway.programme.schedule.clashes import Clash, Placed, clashes_of
from hallway.programme.schedule.filters import Filters
from hallway.programme.schedule.forms import ReleaseForm, TrackForm
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import Programme, programme_of

from .loading import event_for_team
from .programme import narrowed, page_of

ROWS_A_PAGE = 100
MOST_NAMED = 6


def clashes_in(programme: Programme) -> dict[int, list[Clash]]:
    """Problems of a draft by slot."""
    event = programme.event
    first = event.starts_at and event.starts_at - timedelta(minutes=1)
    last = (event.ends_at or event.starts_at) and _end_of(event)
    placed = [
        Placed(
            entry.slot_id, entry.title, entry.room_id, entry.starts, entry.ends, entry.speakers, entry.is_break,
            entry.plenum or (entry.is_break and entry.room_id is None),
        )
        for entry in programme.entries
    ]  # fmt: skip
    rooms = {pk: room.name for pk, room in programme.rooms.items()}
    return clashes_of(placed, rooms=rooms, first=first, last=last)


def _end_of(event: Event) -> datetime | None:
    end = event.ends_at or event.starts_at
    return end + timedelta(minutes=1) if end else None


@access.ruled("can_edit_schedule")
def editor(request: HttpRequest, slug: str) -> HttpResponse:
    """Every session of the draft by day, time and room, with its state and its problems."""
    event, _person = event_for_team(request, slug)
    programme = programme_of(event, draft=True)
    clashes = clashes_in(programme)
    changes = {change.slot_id: change for change in queries.changes_since_release(event)}
    filters = Filters.of(request.GET, programme, clock.now(), first_day=True)
    shown = _asked_for(request.GET.get("show", ""), narrowed(programme, filters), clashes, changes)
    page = Paginator(shown.entries, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = page_of(
        programme, filters, clock.now(), shown=shown if page.paginator.num_pages == 1 else _part(shown, list(page))
    )
    placed = {entry.session_id for entry in programme.entries}
    waiting = queries.unplaced_sessions(event)
    unplaced = list(waiting[:ROWS_A_PAGE])
    unplaced_count = len(unplaced) if len(unplaced) < ROWS_A_PAGE else waiting.count()
    release = event.releases.defer("placements", "changes").first()
    context |= {
        "section": "events",
        "page": page,
        "show": request.GET.get("show", ""),
        "clashes": clashes,
        "problem_count": sum(len(found) for found in clashes.values()),
        "changes": changes,
        "unplaced": unplaced,
        "unplaced_count": unplaced_count,
        "placed_count": len(placed),
        "total_count": len(placed) + unplaced_count,
        "release": release,
        "version": str(release.number + 1 if release else 1),
        "rooms_without_capacity": _seatless(programme),
    }
    return render(request, "schedule/editor.html", context)


def _seatless(programme: Programme) -> list[str]:
    """Names of rooms whose seats nobody counted; the first few stand for many."""
    names = [room.name for room in programme.rooms.values() if room.capacity is None]
    return names if len(names) <= MOST_NAMED else [*names[:MOST_NAMED], "…"]


def _part(programme: Programme, entries: list[Any]) -> Programme:
    return Programme(programme.event, entries, programme.rooms, programme.tracks, programme.topics)


def _asked_for(
    show: str, programme: Programme, clashes: Mapping[int, object], changes: Mapping[int, object]
) -> Programme:
    wanted = {"problems": clashes, "changes": changes}.get(show)
    if wanted is None:
        return programme
    return _part(programme, [entry for entry in programme.entries if entry.slot_id in wanted])


@access.ruled("can_edit_schedule")
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """What a release would change, in words; a button makes it public."""
    event, person = event_for_team(request, slug)
    last = event.releases.defer("placements", "changes").first()
    form = ReleaseForm(request.POST or None, initial={"version": str(last.number + 1 if last else 1)})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.release_schedule(
                event=event, version=form.cleaned_data["version"], note=form.cleaned_data["note"], by=person,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Version %(version)s is public.") % {"version": made.version})
            return redirect("schedule", slug)
    changes = queries.changes_since_release(event)
    programme = programme_of(event, draft=True)
    clashes = clashes_in(programme)
    titles = {entry.slot_id: entry for entry in programme.entries}
    context = {
        "event": event,
        "section": "events",
        "form": form,
        "last": last,
        "changes": [change.as_json() for change in changes[:200]],
        "change_count": len(changes),
        "problems": [(titles[pk], found) for pk, found in clashes.items() if pk in titles][:50],
        "problem_count": sum(len(found) for found in clashes.values()),
    }
    return render(request, "schedule/release.html", context)


@require_POST
@access.ruled("can_edit_schedule")
def reset(request: HttpRequest, slug: str) -> HttpResponse:
    """Put every place of the draft back to the last release."""
    event, person = event_for_team(request, slug)
    actions.reset_to_release(event=event, by=person, at=clock.now())
    messages.success(request, _("The draft is as the last version again."))
    return redirect("programme_editor", slug)


@access.ruled("can_edit_schedule")
def tracks(request: HttpRequest, slug: str) -> HttpResponse:
    """Tracks with their colours: add one, change them, remove them."""
    event, person = event_for_team(request, slug)
    form = TrackForm(request.POST or None, initial={"hue": event.tracks.count() % 7 + 1})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_track(event=event, by=person, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The track is there. Choose it in your sessions."))
            return redirect("programme_tracks", slug)
    return render(
        request,
        "schedule/tracks.html",
        {"event": event, "section": "events", "form": form, "tracks": event.tracks.all()},
    )


@access.ruled("can_edit_schedule")
def track(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change or remove one track."""
    event, person = event_for_team(request, slug)
    found = get_object_or_404(event.tracks, pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_track(track=found, by=person, at=clock.now())
        messages.success(request, _("The track is gone. Its sessions are still there."))
        return redirect("programme_tracks", slug)
    form = TrackForm(request.POST or None, initial={"name": found.name, "hue": found.hue})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_track(track=found, changes=form.cleaned_data, by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("programme_tracks", slug)
    return render(request, "schedule/track.html", {"event": event, "section": "events", "form": form, "track": found})


def session_of(event: Event, pk: int) -> Session:
    """A session of this event that was not removed, or 404."""
    return get_object_or_404(
        event.sessions.select_related("event", "talk", "track", "admission"), pk=pk, removed_at=None
    )
