"""Two organisers press the same button at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from hallway.gathering.events import actions
from hallway.gathering.events.models import Event
from hallway.kit.models import FactRow
from tests.factories import EventFactory, TeamRoleFactory

LATER = datetime(2026, 12, 3, 16, 30, tzinfo=UTC)


def at_once(call: Callable[[], object]) -> list[BaseException]:
    failures: list[BaseException] = []
    gate = threading.Barrier(2)

    def run() -> None:
        try:
            gate.wait(10)
            call()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    return failures


@pytest.mark.database
@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_publish_event_at_once_is_one_publishing(at: datetime) -> None:
    organiser = TeamRoleFactory()
    event = EventFactory(community=organiser.community, state="draft", public_at=None, starts_at=LATER, ends_at=LATER)
    failures = at_once(lambda: actions.publish_event(event=Event.objects.get(pk=event.pk), by=organiser.person, at=at))
    assert failures == []
    event.refresh_from_db()
    assert (event.state, event.revision) == ("published", 1)
    assert FactRow.objects.filter(kind="events.event_published").count() == 1


@pytest.mark.database
@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_invite_host_at_once_is_one_invitation(at: datetime) -> None:
    organiser, theirs = TeamRoleFactory(), TeamRoleFactory()
    event = EventFactory(community=organiser.community)
    failures = at_once(lambda: actions.invite_host(event=event, community=theirs.community, by=organiser.person, at=at))
    assert failures == []
    assert event.hosts.count() == 1
    assert FactRow.objects.filter(kind="events.host_invited").count() == 1
