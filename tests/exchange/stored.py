"""What tests on stored programmes share: importing small ones, and looking at everything that is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.apps import apps

from hallway.exchange import detect
from hallway.exchange.actions import import_programme
from hallway.exchange.assembling import public_programme
from hallway.exchange.models import ImportRun
from hallway.exchange.programme import Programme
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor, SystemPerson
from tests.factories import CommunityFactory

from .programmes import small_programme

AT = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)
IMPORTER = SystemPerson("importer")


def bring_in(
    programme: Programme | None = None,
    *,
    community: Community | None = None,
    by: Actor = IMPORTER,
    publish: bool = True,
    rehearse: bool = False,
    into: Event | None = None,
    at: datetime = AT,
) -> ImportRun:
    """Import a programme, by default the small one into a new community and published."""
    return import_programme(
        programme=programme or small_programme(),
        community=community or CommunityFactory(),
        into=into,
        publish=publish,
        rehearse=rehearse,
        filename="small.xml",
        by=by,
        at=at,
    )


def event_of(run: ImportRun) -> Event:
    """The event an import is in, freshly read."""
    assert run.event_id is not None
    return Event.objects.select_related("community", "venue").get(pk=run.event_id)


def exports(event: Event) -> dict[str, bytes]:
    """The event in all five formats."""
    event = Event.objects.select_related("venue", "community").get(pk=event.pk)
    programme = public_programme(event)
    return {format: write(programme) for format, write in detect.WRITERS.items()}


def row_counts() -> dict[str, int]:
    """How many rows each table has."""
    return {
        model._meta.label_lower: model._default_manager.count() for model in apps.get_models(include_auto_created=True)
    }


def with_session(programme: Programme, key: str, **changes: object) -> Programme:
    """The programme with some fields of one session changed."""
    sessions = tuple(replace(one, **changes) if one.key == key else one for one in programme.sessions)
    return replace(programme, sessions=sessions)


def without_session(programme: Programme, key: str) -> Programme:
    """The programme without one session."""
    return replace(programme, sessions=tuple(one for one in programme.sessions if one.key != key))
