"""Reads of events used more than once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, TruncMonth

from hallway.gathering.communities.models import Community, Series, TeamRole
from hallway.gathering.communities.queries import names_of_excluded, present_roles
from hallway.kit.localised import Says, in_every_language, pick
from hallway.kit.slugs import forwarded, is_well_formed
from hallway.people.models import Person

from .models import Event, EventExclusion, Host, Room, Venue
from .wall_time import zone_named

NEWS = timedelta(days=2)
TOLD_OTHERWISE: list[Callable[[Event], Iterable[int]]] = []
ON = (Event.State.PUBLISHED, Event.State.DATE_OPEN)
SHOWN = (Event.State.PUBLISHED, Event.State.DATE_OPEN, Event.State.POSTPONED, Event.State.CANCELLED)


@dataclass(frozen=True)
class Wanted:
    """What a reader of a list of events asked for; empty means anything."""

    language: str = ""
    country: str = ""
    topic: str = ""
    online: bool = False


def visible_to(person: Person | None) -> QuerySet[Event]:
    """Events the reader may open: public ones of public communities, and those their teams run or co-host."""
    allowed = Q(public_at__isnull=False, hidden_at=None, community__public_at__isnull=False, community__hidden_at=None)
    if person is not None:
        if person.is_administrator:
            return Event.objects.all()
        mine = present_roles().filter(person=person).values("community_id")
        hosted = Host.objects.filter(community_id__in=mine, accepted_at__isnull=False).values("event_id")
        allowed |= Q(community_id__in=mine) | Q(pk__in=hosted)
    return Event.objects.filter(allowed)


def readers_among(event_id: int, people: set[int | None]) -> set[int | None]:
    """Those of these people who may open the event; None stands for people who did not sign in.

    One query while the event is public, another while it is not.
    """
    if visible_to(None).filter(pk=event_id).exists():
        return people
    hosts = Host.objects.filter(event=event_id, accepted_at__isnull=False).values("community_id")
    own = Event.objects.filter(pk=event_id).values("community_id")
    teams = present_roles().filter(Q(community_id__in=own) | Q(community_id__in=hosts)).values("person_id")
    named = Person.objects.filter(pk__in={pk for pk in people if pk is not None})
    return set(named.filter(Q(is_administrator=True) | Q(pk__in=teams)).values_list("pk", flat=True))


def for_rows(events: QuerySet[Event]) -> QuerySet[Event]:
    """With all that a row of a list shows, in the same query."""
    return events.select_related("venue", "community")


def find(slug: str, person: Person | None) -> Event | None:
    """The event at an address, if the reader may open it."""
    if not is_well_formed(slug):
        return None
    return for_rows(visible_to(person)).select_related("series").filter(slug=slug).first()


def present_slug(slug: str, person: Person | None) -> str | None:
    """The address an event has now that once had this one, if the reader may open it."""
    target = forwarded("event", slug) if is_well_formed(slug) else None
    if target is None:
        return None
    return visible_to(person).filter(pk=target).values_list("slug", flat=True).first()


def to_come(events: QuerySet[Event], now: datetime) -> QuerySet[Event]:
    """Events on now or later, soonest first; those without a date stand last."""
    later = Q(starts_at=None) | Q(ends_at__gt=now) | Q(ends_at=None, starts_at__gt=now)
    return events.filter(later).order_by(F("starts_at").asc(nulls_last=True), "id")


def gone_by(events: QuerySet[Event], now: datetime) -> QuerySet[Event]:
    """Events that are over, latest first."""
    return events.filter(Q(ends_at__lte=now) | Q(ends_at=None, starts_at__lte=now)).order_by("-starts_at", "-id")


def of_community(events: QuerySet[Event], community: Community) -> QuerySet[Event]:
    """Those it runs and those it co-hosts."""
    hosted = Host.objects.filter(community=community, accepted_at__isnull=False).values("event_id")
    return events.filter(Q(community=community) | Q(pk__in=hosted))


def matching(events: QuerySet[Event], wanted: Wanted) -> QuerySet[Event]:
    """Narrowed to what the reader asked for."""
    if wanted.language:
        as_text = Cast("languages", CharField())
        events = events.annotate(languages_text=as_text).filter(languages_text__contains=f'"{wanted.language}"')
    if wanted.country:
        events = events.annotate(land=_land()).filter(land=wanted.country)
    if wanted.topic:
        events = events.filter(topics__slug=wanted.topic)
    if wanted.online:
        events = events.filter(attendance__in=(Event.Attendance.ONLINE, Event.Attendance.HYBRID))
    return events


def _land() -> Coalesce:
    return Coalesce("venue__country", "community__country")


def countries_of(events: QuerySet[Event]) -> list[str]:
    """Country codes the events take place in, in order of code."""
    codes = events.annotate(land=_land()).order_by("land").values_list("land", flat=True).distinct()
    return [code for code in codes if code]


def languages_of(events: QuerySet[Event]) -> list[str]:
    """Codes of the languages spoken at the events."""
    lists = events.order_by().values_list("languages", flat=True).distinct()
    return sorted({code for languages in lists for code in languages if isinstance(code, str)})


def topics_of(events: QuerySet[Event]) -> list[tuple[str, str, str]]:
    """``(slug, English, French)`` of the topics of the events."""
    rows = events.filter(topics__isnull=False).order_by("topics__slug")
    return list(rows.values_list("topics__slug", "topics__name_en", "topics__name_fr").distinct())


def next_turn(now: datetime, *, among: QuerySet[Event] | None = None) -> datetime | None:
    """The next instant at which something begins or ends: until then pages with "now" on them stay true."""
    events = Event.objects.all() if among is None else among
    public = events.filter(public_at__isnull=False).order_by()
    start = public.filter(starts_at__gt=now).order_by("starts_at").values_list("starts_at", flat=True).first()
    end = public.filter(ends_at__gt=now).order_by("ends_at").values_list("ends_at", flat=True).first()
    return min((moment for moment in (start, end) if moment is not None), default=None)


def turn_of(event: Event, now: datetime) -> datetime | None:
    """The next instant at which this one event begins or ends."""
    return min((moment for moment in (event.starts_at, event.ends_at) if moment and moment > now), default=None)


def accepted_hosts(event: Event) -> list[Community]:
    """Communities that co-host it, in the order they agreed."""
    rows = event.hosts.filter(
        accepted_at__isnull=False, community__public_at__isnull=False, community__hidden_at__isnull=True
    )
    return [host.community for host in rows.select_related("community").order_by("accepted_at")]


def hosts_run_by(person: Person | None, event: Event) -> list[Host]:
    """The co-hosting of an event by communities the person is an organiser of."""
    if person is None:
        return []
    mine = present_roles().filter(person=person, role=TeamRole.Role.ORGANISER).values("community_id")
    return list(event.hosts.filter(community_id__in=mine, accepted_at__isnull=False).select_related("community"))


def unanswered_hosts(community: Community, now: datetime) -> list[Host]:
    """Invitations to co-host that its organisers have still to answer, for events that are not over."""
    asked = Host.objects.filter(
        community=community, accepted_at=None, declined_at=None, event__in=to_come(Event.objects.order_by(), now)
    )
    return list(asked.select_related("event__community").order_by("invited_at", "pk"))


def pages_of(ids: Iterable[int]) -> list[str]:
    """The tags of stored pages that say something of these events: their own, and those of the communities behind."""
    wanted = set(ids)
    owners = Event.objects.filter(pk__in=wanted).values_list("community_id", flat=True)
    hosts = Host.objects.filter(event__in=wanted, accepted_at__isnull=False).values_list("community_id", flat=True)
    return sorted({f"event:{pk}" for pk in wanted} | {f"community:{pk}" for pk in (*owners, *hosts)})


def months_of(community: Community, since: datetime) -> dict[tuple[int, int], int]:
    """How many public events took place or will, by ``(year, month)`` in the community's zone, from ``since`` on."""
    rows = (
        of_community(visible_to(None), community)
        .filter(starts_at__gte=since)
        .exclude(state=Event.State.CANCELLED)
        .order_by()
        .annotate(month=TruncMonth("starts_at", tzinfo=zone_named(community.zone)))
        .values_list("month")
        .annotate(number=Count("pk"))
    )
    return {(month.year, month.month): number for month, number in rows if month}


def is_fresh(event: Event, now: datetime) -> bool:
    """Whether its first publication is still news: two days long, until it begins or other news overtake it."""
    published = event.first_public_at
    if event.state not in ON:
        return False
    begun = event.starts_at is not None and event.starts_at <= now
    return published is not None and now - published < NEWS and not begun


def published_with(event: Event) -> list[Event]:
    """Public events of its community that were first published at the same stroke, soonest first; itself among them."""
    there = visible_to(None).filter(community=event.community_id, first_public_at=event.first_public_at, state__in=ON)
    return list(to_come(for_rows(there), event.first_public_at or event.created_at))


def editions_to_come(series: Series, now: datetime) -> QuerySet[Event]:
    """Editions that have not begun: an edition is frozen once begun."""
    return series.editions.filter(Q(starts_at=None) | Q(starts_at__gt=now)).order_by("occurrence_on", "id")


def in_scope(event: Event, scope: str, now: datetime) -> list[Event]:
    """The other editions an edit reaches: ``following`` those after it, ``all`` those that have not begun."""
    if event.series is None or scope == "this":
        return []
    others = editions_to_come(event.series, now).exclude(pk=event.pk).exclude(state=Event.State.CANCELLED)
    if scope == "following":
        others = others.filter(occurrence_on__gt=event.occurrence_on)
    return list(others)


def told_otherwise(function: Callable[[Event], Iterable[int]]) -> Callable[[Event], Iterable[int]]:
    """Register who hears from a higher package that an event moved, is off or on again: those who are going.

    ``function(event)`` gives ids of persons; it is asked when the news go out, so it sees the event as it is then.
    Registered in that package's ``receivers.py``. Of new dates everybody hears as ever.
    """
    TOLD_OTHERWISE.append(function)
    return function


def told_by_others(event: Event) -> set[int]:
    """Persons whom a higher package tells what became of an event, so that nobody hears it twice."""
    return {pk for function in TOLD_OTHERWISE for pk in function(event)}


def seat_tags(events: Iterable[Event]) -> list[str]:
    """Tags of stored pages that may show how many seats are left: bumped when only that number changes."""
    return [f"seats:{event.pk}" for event in events]


def own_data(person: Person) -> dict[str, list[Any]]:
    """For the export: communities the person asked to co-host, and events they were kept from."""
    named = ("event__slug", "event__title")
    asked = Host.objects.filter(invited_by=person).order_by("invited_at")
    kept_from = EventExclusion.objects.filter(person=person).order_by("since")
    data = {
        "hosts_asked": asked.values(*named, "community__name", "invited_at", "accepted_at"),
        "exclusions": kept_from.values(*named, "kind", "reason", "since", "until", "lifted_at"),
    }
    return {name: list(rows) for name, rows in data.items() if rows}


def excluded_names(ids: set[int]) -> dict[int, str]:
    """Whom exclusions from events are about, for the trail."""
    return names_of_excluded(EventExclusion.objects.filter(pk__in=ids))


def names_of(ids: set[int]) -> dict[int, str]:
    """Titles by id, for the trail."""
    return {pk: pick(title).text for pk, title in Event.objects.filter(pk__in=ids).values_list("pk", "title")}


def venue_names(ids: set[int]) -> dict[int, str]:
    """Names of venues by id, for the trail."""
    return dict(Venue.objects.filter(pk__in=ids).values_list("pk", "name"))


def room_names(ids: set[int]) -> dict[int, str]:
    """Names of rooms by id, for the trail."""
    return dict(Room.objects.filter(pk__in=ids).values_list("pk", "name"))


def is_hidden(event: Event) -> bool:
    """Whether an administrator put it away, or all of its community."""
    return event.hidden_at is not None or event.community.hidden_at is not None


def text_of(event: Event, says: Says = in_every_language) -> str:
    """What an event says of itself, for a report of it."""
    said = (*says(event.title), *says(event.tagline), *says(event.description))
    return "\n\n".join(part for part in said if part)
