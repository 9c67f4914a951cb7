"""Changes of tracks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal
from hallway.programme.schedule.facts import TrackAdded, TrackChanged, TrackRemoved
from hallway.programme.schedule.models import Track

from .checks import require_team

EDITABLE = frozenset({"name", "hue", "position"})


def _require_name(event: Event, name: str, *, but: int = 0) -> None:
    if not name.strip():
        raise Refusal("schedule.track_no_name", _("Give the track a name."), field="name")
    if event.tracks.filter(name=name).exclude(pk=but).exists():
        raise Refusal("schedule.track_taken", _("There is a track of that name. Choose another."), field="name")


def add_track(
    *, event: Event, name: str, by: Actor, at: datetime, hue: int | None = None, position: int | None = None
) -> Track:
    """Add a track, by default at the end and in the next of the eight colours."""
    require_team(by, event)
    with transaction.atomic():
        event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)  # so that its tracks come one by one
        _require_name(event, name)
        last = event.tracks.aggregate(last=Max("position"))["last"]
        following = 0 if last is None else last + 1
        place = following if position is None else position
        track = Track.objects.create(event=event, name=name, hue=hue or following % 7 + 1, position=place)
        announce(TrackAdded(event_id=event.pk, track_id=track.pk), by=by, at=at)
    return track


def edit_track(*, track: Track, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    """Rename, colour or move a track in the order."""
    require_team(by, track.event)
    if unknown := set(changes) - EDITABLE:
        raise ValueError(f"not fields of a track: {sorted(unknown)}")
    changed = [name for name, value in changes.items() if getattr(track, name) != value]
    if not changed:
        return
    with transaction.atomic():
        event = Event.objects.select_for_update(no_key=True).get(pk=track.event_id)
        if "name" in changed:
            _require_name(event, changes["name"], but=track.pk)
        row = held(track, "track.gone")
        for name in changed:
            setattr(row, name, changes[name])
        row.save(update_fields=changed)
        announce(TrackChanged(event_id=track.event_id, track_id=track.pk), by=by, at=at)


def remove_track(*, track: Track, by: Actor, at: datetime) -> None:
    """Remove a track; its sessions stay, without one."""
    require_team(by, track.event)
    with transaction.atomic():
        event_id, name = track.event_id, track.name
        track.delete()
        announce(TrackRemoved(event_id=event_id, name=name), by=by, at=at)
