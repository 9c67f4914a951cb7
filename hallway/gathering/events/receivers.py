"""What events do when something happened: old pages, dates of series, notices, leaving and merging people."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.actions.exclusions import fold_exclusions
from hallway.gathering.communities.facts import (
    CommunityPublished,
    FoundingApproved,
    SeriesChanged,
    SeriesEnded,
    SeriesResumed,
    SeriesStarted,
)
from hallway.gathering.communities.models import Series, TeamRole
from hallway.gathering.communities.queries import present_roles, team_of
from hallway.kit import clock, export, store, trail
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import inside, later
from hallway.kit.localised import in_one_language, pick
from hallway.kit.models import FactRow
from hallway.kit.reportable import Place, Reportable, reportable
from hallway.notices.actions import send_notice
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person

from . import facts, queries
from .actions import hide_event, keep_dates_made, publish_first_dates, show_event
from .models import Event, EventExclusion, Host

SERIES_KEEPER = SystemPerson("series")
MESSENGER = SystemPerson("notices")

trail.name_of("event", queries.names_of)
trail.name_of("venue", queries.venue_names)
trail.name_of("room", queries.room_names)
trail.name_of("event_exclusion", queries.excluded_names)
export.contributes("events", queries.own_data)
reportable(
    Reportable(
        kind="event",
        label=_("Event"),
        find=lambda pk: Event.objects.select_related("community").filter(pk=pk).first(),
        can_view=lambda reader, event: queries.visible_to(reader).filter(pk=event.pk).exists(),
        title=lambda event: pick(event.title).text,
        text=queries.text_of,
        excerpt=lambda event: queries.text_of(event, in_one_language),
        address=lambda event: reverse("events:page", args=[event.slug]),
        # Its own team judges nothing about it: the administrators do.
        authors=lambda event: [role.person for role in team_of(event.community)],
        place=lambda event: Place(),
        hide=lambda event, *, reason, by, at: hide_event(event=event, by=by, at=at),
        show=lambda event, *, by, at: show_event(event=event, by=by, at=at),
    )
)


@inside(
    facts.EventCreated, facts.EventEdited, facts.EventRenamed, facts.EventPublished, facts.EventUnpublished,
    facts.EventPostponed, facts.EventDateSettled, facts.EventCancelled, facts.EventDeleted, facts.EventHidden,
    facts.HostAccepted, facts.HostWithdrawn,
)  # fmt: skip
def pages_are_old(fact: Any, row: FactRow) -> None:
    """The event's own pages, its communities' pages and feeds, the lists and the home page show it."""
    tags = queries.pages_of([fact.event_id])
    store.bump("events", "home", f"community:{fact.community_id}", *tags)


@inside(facts.RoomAdded, facts.RoomEdited, facts.RoomRemoved)
def pages_with_rooms_are_old(fact: Any, row: FactRow) -> None:
    """Rooms stand on the event's own pages."""
    store.bump(f"event:{fact.event_id}")


@inside(facts.VenueEdited)
def pages_with_venue_are_old(fact: facts.VenueEdited, row: FactRow) -> None:
    """A venue's name stands wherever its events do."""
    events = Event.objects.filter(venue=fact.venue_id).values_list("pk", flat=True)
    store.bump("events", "home", f"community:{fact.community_id}", *(f"event:{pk}" for pk in events))


@inside(SeriesStarted, SeriesChanged, SeriesResumed, SeriesEnded)
def dates_follow_series(fact: Any, row: FactRow) -> None:
    """Editions to come are made, follow the rule, or go with it. A paused series only gets no new ones."""
    series = Series.objects.filter(pk=fact.series_id).first()
    if series is not None:
        keep_dates_made(series=series, by=SERIES_KEEPER, at=row.at)
        if isinstance(fact, SeriesStarted):
            publish_first_dates(series=series, by=SERIES_KEEPER, at=row.at)


@inside(FoundingApproved, CommunityPublished)
def first_dates_come_with_community(fact: Any, row: FactRow) -> None:
    """The dates a founder confirmed are public as soon as the community is."""
    for series in Series.objects.filter(community=fact.community_id).select_related("community"):
        publish_first_dates(series=series, by=SERIES_KEEPER, at=row.at)


@later(facts.EventPostponed, facts.EventCancelled, facts.EventPublished, facts.EventDateSettled)
def tell_followers(fact: Any, row: FactRow) -> None:
    """Followers and members of the event's communities hear once that it is on, moved, is off, or is on after all.

    Those whom a higher package tells what became of it (:func:`queries.told_otherwise`) hear it there alone.
    """
    event = Event.objects.select_related("community", "venue").filter(pk=fact.event_id, hidden_at=None).first()
    if event is None or event.public_at is None or event.community.public_at is None:
        return
    news = _news(fact)
    together = [event]
    key = f"event:{event.pk}:{row.pk}"
    if news == "new":
        if event.first_public_at is None or not queries.is_fresh(event, clock.now()):
            return
        # The first dates of a series are published at one stroke: one mail names them all.
        together = queries.published_with(event)
        key = f"events:{event.community_id}:{event.first_public_at.isoformat()}"
    told = {_author(row), *(queries.told_by_others(event) if news != "new" else ())}
    for person in _followers(event).iterator():
        if person.pk in told:
            continue
        send_notice(
            to_person=person,
            template="events/mail/news",
            context={"event": event, "events": together, "news": news},
            dedupe_key=f"{key}:{person.pk}",
            by=MESSENGER,
            at=row.at,
        )


def _followers(event: Event) -> QuerySet[Person]:
    communities = {event.community_id, *(host.pk for host in queries.accepted_hosts(event))}
    people = Person.objects.filter(memberships__community__in=communities, left_at=None)
    return people.exclude(email=None).distinct()


def _news(fact: Any) -> str:
    if isinstance(fact, facts.EventCancelled):
        return "cancelled"
    if isinstance(fact, facts.EventPublished):
        return "back" if fact.back else "new"
    if isinstance(fact, facts.EventDateSettled):
        return "settled"
    return "moved" if fact.dated else "postponed"


def _author(row: FactRow) -> int:
    """The person who did it, who need not be told; 0 for Hallway itself."""
    kind, _sep, ident = row.by_key.partition(":")
    return int(ident) if kind == "person" and ident.isdigit() else 0


@later(facts.HostInvited)
def ask_organisers(fact: facts.HostInvited, row: FactRow) -> None:
    """The organisers of a community that was asked to co-host get a mail with a link to answer."""
    host = Host.objects.select_related("event__community", "community").filter(pk=fact.host_id).first()
    if host is None or host.accepted_at or host.declined_at:
        return
    organisers = present_roles().filter(community=host.community_id, role=TeamRole.Role.ORGANISER)
    for role in organisers.select_related("person"):
        send_notice(
            to_person=role.person,
            template="events/mail/host_invited",
            context={"host": host, "event": host.event},
            dedupe_key=f"host:{host.pk}:{row.pk}:{role.person_id}",
            by=MESSENGER,
            at=row.at,
        )


@later(facts.HostAccepted, facts.HostDeclined)
def tell_inviter(fact: Any, row: FactRow) -> None:
    """Whoever asked a community to co-host hears its answer, as it stands."""
    asked = Host.objects.select_related("event", "community", "invited_by")
    host = asked.filter(event=fact.event_id, community=fact.community_id).first()
    accepted = isinstance(fact, facts.HostAccepted)
    if host is None or host.invited_by is None or (host.accepted_at is not None) != accepted:
        return
    send_notice(
        to_person=host.invited_by,
        template="events/mail/host_answered",
        context={"host": host, "event": host.event, "accepted": accepted},
        dedupe_key=f"host-answered:{host.pk}:{row.pk}",
        by=MESSENGER,
        at=row.at,
    )


@inside(PersonLeft)
def forget_person(fact: PersonLeft, row: FactRow) -> None:
    """Who invited a host, or kept somebody out, is not known any more; what they were kept from neither."""
    EventExclusion.objects.filter(person=fact.person_id).delete()
    for model, column in _SIGNATURES:
        model.objects.filter(**{column: fact.person_id}).update(**{column: None})


_SIGNATURES: tuple[tuple[Any, str], ...] = (
    (Host, "invited_by_id"),
    (EventExclusion, "decided_by_id"),
    (EventExclusion, "lifted_by_id"),
)


@inside(PersonsMerged)
def move_person(fact: PersonsMerged, row: FactRow) -> None:
    """Invitations and decisions of the one that is gone are the other's, and what they were kept from."""
    fold_exclusions(EventExclusion.objects.all(), "event_id", fact.person_id, fact.gone_id)
    for model, column in _SIGNATURES:
        model.objects.filter(**{column: fact.gone_id}).update(**{column: fact.person_id})
