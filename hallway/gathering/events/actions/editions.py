"""Editions of a series: the next three dates are kept made; an edit reaches this one, the following or all.

The first three are what a founder confirms, so they are public with the community. Later ones begin as drafts.

An edition holds full values and the names of the fields somebody changed in it alone (``overridden``). It is frozen
once begun: nothing that happens to its series reaches it then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.actions import SeriesTerms, change_series
from hallway.gathering.communities.models import Series
from hallway.gathering.communities.recurrence import occurrences
from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.localised import pick
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time

from .. import policies, queries
from ..facts import EventCreated, EventDeleted, EventEdited
from ..models import Event, Venue
from ..wall_time import instant_of
from .events import EDITABLE, NOT_YOURS, apply_changes, check_row, edit_event
from .rows import free_slug, locked, refuse_unless_known, save
from .states import publish_event

KEPT_MADE = 3
FAR_ENOUGH = 60
OF_THE_SERIES = frozenset({"title", "starts_at", "ends_at", "zone", "venue", "seats"})
HANDED_ON = ("tagline", "description", "attendance", "languages", "day_boundary", "url", "hue", "joining")


def keep_dates_made(*, series: Series, by: Actor, at: datetime) -> list[Event]:
    """See to it that a series has its next three dates, and that editions to come follow its rule and usual values.

    New ones are drafts. Drafts nobody touched that no longer fit the rule go; what somebody changed, published or
    cancelled stays. A paused series gets no new dates; of an ended one untouched drafts go. Returns the new editions.
    """
    require(policies.can_create_event(by, series.community), "event.not_yours", NOT_YOURS)
    with transaction.atomic(), store.bumped_last():
        series = Series.objects.select_for_update().select_related("community").get(pk=series.pk)
        if series.paused_at is not None and series.ended_at is None:
            return []
        dates = [] if series.ended_at else _dates(series, at)
        by_day = {moment.date(): moment for moment in dates}
        venue = _usual_venue(series)
        for edition in queries.editions_to_come(series, at):
            if edition.occurrence_on in by_day:
                _follow(edition, _usual(series, by_day[edition.occurrence_on], venue), by=by, at=at)
            elif edition.first_public_at is None and not edition.overridden and edition.state == Event.State.DRAFT:
                _drop(edition, by=by, at=at)
        there = set(series.editions.values_list("occurrence_on", flat=True))
        missing = [moment for moment in dates[:KEPT_MADE] if moment.date() not in there]
        return [_make(series, moment, venue, by=by, at=at) for moment in missing]


def publish_first_dates(*, series: Series, by: Actor, at: datetime) -> list[Event]:
    """Publish the dates a series begins with, once its community is public. Returns those published.

    Only drafts to come that nobody touched; nothing of a series that rests, or of which a date was public before.
    """
    require(policies.can_create_event(by, series.community), "event.not_yours", NOT_YOURS)
    community = series.community
    resting = series.paused_at is not None or series.ended_at is not None
    if resting or community.public_at is None or community.hidden_at is not None:
        return []
    if series.editions.filter(first_public_at__isnull=False).exists():
        return []
    first = queries.editions_to_come(series, at)[:KEPT_MADE]
    untouched = [edition for edition in first if edition.state == Event.State.DRAFT and not edition.overridden]
    return [publish_event(event=edition, by=by, at=at) for edition in untouched]


def edit_editions(*, event: Event, changes: Mapping[str, Any], scope: str, by: Actor, at: datetime) -> Event:
    """Edit an edition and, by ``scope`` (``this``, ``following``, ``all``), others that have not begun.

    Fields somebody changed in an edition alone stay as they are there. Times reach the others as wall times. Raises
    Refusal when the edition has begun, or when a day would move in more than this one.
    """
    if scope == "this":
        return edit_event(event=event, changes=changes, by=by, at=at)
    require(policies.can_edit_event(by, event), "event.not_yours", NOT_YOURS)
    refuse_unless_known(changes, EDITABLE)
    with transaction.atomic(), store.bumped_last():
        row = locked(event)
        if row.series is None or scope not in {"following", "all"}:
            raise Refusal("edition.single", _("This event is not part of a series. Change this one alone."))
        if row.is_over(at) or (row.starts_at is not None and row.starts_at <= at):
            raise Refusal("edition.begun", _("This date has begun. Change this one alone."), field="scope")
        others = queries.in_scope(row, scope, at)
        earlier = queries.editions_to_come(row.series, at).exclude(pk__in=[row.pk, *(other.pk for other in others)])
        changed = _edit_first(row, changes, by=by, at=at)
        if not changed:
            return row
        for edition in earlier:
            # The series itself changes below; what stands before this date keeps what it has.
            edition.overridden = sorted({*edition.overridden, *changed})
            edition.save(update_fields=["overridden"])
        for edition in others:
            _follow(edition, _like(row, edition, changed), by=by, at=at)
        if OF_THE_SERIES & set(changed):
            _change_series(row, by=by, at=at)
    return row


def _edit_first(row: Event, changes: Mapping[str, Any], *, by: Actor, at: datetime) -> list[str]:
    day = _local_day(row)
    changed = apply_changes(row, changes)
    if not changed:
        return []
    check_row(row, changed)
    if _local_day(row) != day:
        raise Refusal(
            "edition.day_moves",
            _("The day can move for this date only. To meet on other days, change the series."),
            field="starts_on",
        )
    row.overridden = [name for name in row.overridden if name not in changed]
    save(row, [*(name for name in changed if name != "topics"), "overridden"], at)
    announce(EventEdited(event_id=row.pk, community_id=row.community_id, fields=tuple(changed)), by=by, at=at)
    return changed


def _local_day(row: Event) -> date | None:
    return row.starts_at.astimezone(row.tz).date() if row.starts_at else None


def _like(row: Event, edition: Event, changed: list[str]) -> dict[str, Any]:
    """The values of ``row`` that reach another edition; times as the same wall time on its own day."""
    values: dict[str, Any] = {name: getattr(row, name) for name in changed if name != "topics"}
    if "topics" in changed:
        values["topics"] = list(row.topics.all())
    if {"starts_at", "ends_at", "zone"} & set(changed) and row.starts_at and edition.occurrence_on:
        clock = row.starts_at.astimezone(row.tz).time()
        values["starts_at"] = instant_of(edition.occurrence_on, clock, row.zone).instant
        if row.ends_at:
            values["ends_at"] = values["starts_at"] + (row.ends_at - row.starts_at)
    return values


def _follow(edition: Event, values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Give an edition the values it did not override."""
    if edition.state == Event.State.CANCELLED:
        return
    changed = apply_changes(edition, {name: value for name, value in values.items() if name not in edition.overridden})
    if changed:
        save(edition, [name for name in changed if name != "topics"], at)
        fact = EventEdited(event_id=edition.pk, community_id=edition.community_id, fields=tuple(changed))
        announce(fact, by=by, at=at)


def _change_series(row: Event, *, by: Actor, at: datetime) -> None:
    """Let dates made later be like this one too."""
    series = row.series
    if series is None or row.starts_at is None:
        return
    length = row.ends_at - row.starts_at if row.ends_at else timedelta(minutes=series.minutes)
    terms = SeriesTerms(
        title=row.title,
        rule=series.rule,
        starts_on=series.starts_on,
        local_time=row.starts_at.astimezone(row.tz).time(),
        minutes=int(length.total_seconds() // 60),
        zone=row.zone,
        venue_note=row.venue.name if row.venue else series.venue_note,
        seats=row.seats,
    )
    change_series(series=series, terms=terms, by=by, at=at)


def _dates(series: Series, at: datetime) -> list[datetime]:
    return occurrences(series.rule, series.starts_on, series.local_time, series.zone, at, FAR_ENOUGH)


def _usual(series: Series, moment: datetime, venue: Venue | None) -> dict[str, Any]:
    return {
        "title": series.title,
        "zone": series.zone,
        "starts_at": moment,
        "ends_at": moment + timedelta(minutes=series.minutes),
        "venue": venue,
        "seats": series.seats,
    }


def _usual_venue(series: Series) -> Venue | None:
    """The venue of the series: by id, else by the name of the usual place, which becomes a venue the first time."""
    if series.venue_id is not None:
        return Venue.objects.filter(pk=series.venue_id, community=series.community).first()
    name = series.venue_note.strip()[:160]
    if not name:
        return None
    place = {"place_name": series.community.place_name, "country": series.community.country}
    found = Venue.objects.filter(community=series.community, name__iexact=name).first()
    return found or Venue.objects.create(community=series.community, name=name, **place)


def _make(series: Series, moment: datetime, venue: Venue | None, *, by: Actor, at: datetime) -> Event:
    lately = list(series.editions.order_by("-occurrence_on")[:12])
    handed_on: dict[str, Any] = {"hue": series.community.hue, "languages": series.community.languages}
    for name in HANDED_ON:
        source = next((edition for edition in lately if name not in edition.overridden), None)
        if source is not None:
            handed_on[name] = getattr(source, name)
    one_at_a_time("event")
    event = Event.objects.create(
        community=series.community,
        series=series,
        occurrence_on=moment.date(),
        slug=free_slug(series.title, ending=moment.date().isoformat()),
        created_at=at,
        updated_at=at,
        **_usual(series, moment, venue),
        **handed_on,
    )
    source = next((edition for edition in lately if "topics" not in edition.overridden), None)
    event.topics.set(source.topics.all() if source else series.community.topics.all())
    announce(EventCreated(event_id=event.pk, community_id=event.community_id), by=by, at=at)
    return event


def _drop(edition: Event, *, by: Actor, at: datetime) -> None:
    fact = EventDeleted(event_id=edition.pk, community_id=edition.community_id, title=pick(edition.title).text)
    announce(fact, by=by, at=at)
    edition.delete()
