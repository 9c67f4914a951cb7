"""Who may listen to an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from hallway.gathering.events import actions
from hallway.gathering.events.models import Host
from hallway.kit import live
from tests.factories import CommunityFactory, EventFactory, FloorFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
CHANNELS, FLOOR = ("public/event", "public/door"), ("public/floor",)


def listeners(pk: int | str, viewers: list[int | None], channels: Sequence[str] = CHANNELS) -> list[list[int | None]]:
    """For each kind of channel, who of these may listen."""
    found = []
    for channel in channels:
        admitted = live.admit([(f"{channel}:{pk}", viewer) for viewer in viewers])
        found.append([viewer for viewer, hidden in zip(viewers, admitted, strict=True) if hidden is not None])
    return found


def test_everybody_listens_to_a_public_event_and_its_teams_alone_to_a_draft(at: datetime) -> None:
    event = EventFactory(starts_at=at + timedelta(days=3), ends_at=at + timedelta(days=3, hours=2))
    team = TeamRoleFactory(community=event.community).person
    host = TeamRoleFactory(community=CommunityFactory()).person
    asked = TeamRoleFactory(community=CommunityFactory()).person
    for person, accepted in ((host, at), (asked, None)):
        Host.objects.create(
            event=event, community=person.team_roles.get().community, invited_at=at, accepted_at=accepted
        )  # fmt: skip
    administrator, somebody = PersonFactory(is_administrator=True), PersonFactory()
    floor = FloorFactory(session__event=event)
    everybody = [team.pk, host.pk, asked.pk, administrator.pk, somebody.pk, None]
    assert listeners(event.pk, everybody) + listeners(floor.pk, everybody, FLOOR) == [everybody] * 3
    actions.unpublish_event(event=event, by=team, at=at)
    its_team = [team.pk, host.pk, administrator.pk]
    assert listeners(event.pk, everybody) + listeners(floor.pk, everybody, FLOOR) == [its_team] * 3


@pytest.mark.parametrize("event", ["1234567", "x", "9" * 40, ""])
def test_nobody_listens_to_what_is_no_event(event: str) -> None:
    viewers = [None, PersonFactory().pk]
    assert listeners(event, viewers) + listeners(event, viewers, FLOOR) == [[], [], []]


def test_listeners_to_an_event_are_looked_at_when_it_is_a_draft_again(
    at: datetime, django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(live, "_again", [lambda persons, channels: heard.extend(channels)])
    event = EventFactory(starts_at=at + timedelta(days=3), ends_at=at + timedelta(days=3, hours=2))
    team = TeamRoleFactory(community=event.community).person
    floor = FloorFactory(session__event=event)
    with django_capture_on_commit_callbacks(execute=True):
        actions.unpublish_event(event=event, by=team, at=at)
    channels = {f"public/door:{event.pk}", f"public/event:{event.pk}"}
    assert set(heard) == channels | {f"public/floor:{floor.pk}", f"public/room:{floor.pk}"}
