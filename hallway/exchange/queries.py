"""Reads of imports used more than once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from hallway.gathering.communities import queries as communities
from hallway.gathering.communities.models import Community, TeamRole
from hallway.gathering.events.models import Event
from hallway.kit.localised import pick
from hallway.kit.models import OldSlug
from hallway.kit.slugs import RESERVED, is_well_formed
from hallway.kit.text import fold
from hallway.people.models import Person
from hallway.programme.schedule.models import Slot
from hallway.programme.schedule.queries import title_of

from .models import ImportedThing, ImportRun
from .programme import Programme

MOST_LOOKED_UP = 400
LEAST_ALIKE = 3  # one lunch at noon makes no two programmes the same


def visible_to(person: Person | None) -> QuerySet[ImportRun]:
    """Runs of communities whose programme the person may edit."""
    if person is None:
        return ImportRun.objects.none()
    if person.is_administrator:
        return ImportRun.objects.all()
    roles = communities.present_roles().filter(person=person, role__in=[TeamRole.Role.ORGANISER, TeamRole.Role.EDITOR])
    return ImportRun.objects.filter(community_id__in=roles.values("community_id"))


def own_data(person: Person) -> list[Any]:
    """For the export: the files a person handed in; their contents are the community's."""
    runs = ImportRun.objects.filter(by_person=person).order_by("at")
    return list(runs.values("community__name", "event__slug", "filename", "format", "state", "at", "undone_at"))


def event_keys(programme: Programme) -> list[str]:
    """What a source calls its event, strongest first: its slug, then its title with its first day."""
    days = programme.days()
    day = days[0].isoformat() if days else ""
    title = f"title:{fold(programme.title)[:200]}|{day}"
    return [f"slug:{programme.slug}", title] if programme.slug else [title]


def event_of(community: Community, programme: Programme) -> Event | None:
    """The community's event that this programme came to before, from the same or from another format."""
    things = ImportedThing.objects.filter(
        event__community=community, kind="event", source_key__in=event_keys(programme)
    )
    thing = things.select_related("event__community").order_by("pk").first()
    if thing is not None:
        return thing.event
    if not programme.sessions:
        return _event_with_people(community, programme)
    return _event_with_slots(community, programme) or _event_alike(community, programme)


def _event_with_people(community: Community, programme: Programme) -> Event | None:
    """The event whose speakers a file describes that holds nothing else: the one that has most of them."""
    keys = [person.key for person in programme.people][:MOST_LOOKED_UP]
    known = ImportedThing.objects.filter(event__community=community, kind="person", source_key__in=keys)
    most = known.values("event").annotate(people=Count("pk")).order_by("-people", "-event").first()
    return Event.objects.select_related("community").get(pk=most["event"]) if most else None


def known_people(event: Event) -> set[str]:
    """The keys of those whom imports brought into this event."""
    return set(ImportedThing.objects.filter(event=event, kind="person").values_list("source_key", flat=True))


def _event_with_slots(community: Community, programme: Programme) -> Event | None:
    """The event that was exported as this programme: ids of slots are nobody else's."""
    guids = [slot.guid for _session, slot in programme.slots() if slot.guid][:MOST_LOOKED_UP]
    events = Event.objects.filter(community=community, sessions__slots__guid__in=guids)
    return events.select_related("community").order_by("pk").first() if guids else None


def _event_alike(community: Community, programme: Programme) -> Event | None:
    """The event that has most of these sessions at the very same times: some formats name no event at all."""
    wanted = {(fold(session.title), slot.starts_at) for session, slot in programme.slots()}
    starts = set(sorted({start for _title, start in wanted})[:MOST_LOOKED_UP])
    slots = Slot.objects.filter(session__event__community=community, starts_at__in=starts, removed_at=None)
    found: Counter[int] = Counter()
    for slot in slots.select_related("session__talk"):
        if (fold(pick(title_of(slot.session)).text), slot.starts_at) in wanted:
            found[slot.session.event_id] += 1
    event, count = max(found.items(), key=lambda pair: pair[1], default=(0, 0))
    if count < LEAST_ALIKE or 2 * count < sum(start in starts for _title, start in wanted):
        return None
    return Event.objects.select_related("community").get(pk=event)


def is_free_slug(slug: str) -> bool:
    """Whether an event may be given this address."""
    return (
        is_well_formed(slug)
        and slug not in RESERVED
        and not Event.objects.filter(slug=slug).exists()
        and not OldSlug.objects.filter(kind="event", slug=slug).exists()
    )


def first_start(run: ImportRun) -> datetime | None:
    """When the first session of a checked or imported file starts, in the programme's zone."""
    first, zone = run.report.get("first"), run.report.get("zone")
    if not first or not zone:
        return None
    return datetime.fromisoformat(first).astimezone(ZoneInfo(zone))
