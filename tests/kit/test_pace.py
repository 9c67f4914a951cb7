"""What reaches others, or takes room, has a measure a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hallway.exchange.actions import asking
from hallway.gathering.communities.actions import founding, network
from hallway.gathering.communities.facts import CommunityFounded
from hallway.gathering.events.actions import hosts
from hallway.kit.actors import SystemPerson
from hallway.kit.pace import done_lately, require_pace
from hallway.kit.refusal import Refusal
from hallway.notices.models import OutboxMail
from hallway.people.actions import claims
from tests.factories import CommunityFactory, EventFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db


def refused_after(most: int, act: Callable[[int], object]) -> None:
    for number in range(most):
        act(number)
    with pytest.raises(Refusal, match=r"pace\.too_often"):
        act(most)


def test_invite_to_claim_has_a_measure_a_day(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(claims, "MOST_A_DAY", 3)
    by, unclaimed = PersonFactory(is_administrator=True), PersonFactory(claimed_at=None)
    invite = lambda number: claims.invite_to_claim(  # noqa: E731 - a call to be made often
        person=unclaimed, address=f"victim{number}@example.org", by=by, at=at
    )
    refused_after(3, invite)
    assert OutboxMail.objects.count() == 3
    claims.invite_to_claim(person=unclaimed, address="x@example.org", by=by, at=at + timedelta(days=1, seconds=1))


def test_invite_host_has_a_measure_a_day(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(hosts, "MOST_A_DAY", 2)
    organiser, other = TeamRoleFactory(), CommunityFactory()
    event = EventFactory(community=organiser.community)

    def ask_and_withdraw(_number: int) -> None:
        host = hosts.invite_host(event=event, community=other, by=organiser.person, at=at)
        hosts.withdraw_host(host=host, by=organiser.person, at=at)

    refused_after(2, ask_and_withdraw)


def test_ask_network_has_a_measure_a_day(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(network, "MOST_A_DAY", 2)
    organiser, parent = TeamRoleFactory(), CommunityFactory()
    ask = lambda _number: network.ask_network(  # noqa: E731 - a call to be made often
        community=organiser.community, parent=parent, by=organiser.person, at=at
    )
    refused_after(2, ask)


def test_found_community_has_a_measure_a_day(at: datetime) -> None:
    founder = PersonFactory()
    found = lambda number: founding.found_community(  # noqa: E731 - a call to be made often
        details={"name": f"Kiln {number}", "zone": "UTC"}, by=founder, at=at
    )
    refused_after(founding.MOST_A_DAY, found)
    assert done_lately(CommunityFounded, by=founder, at=at) == founding.MOST_A_DAY


def test_ask_import_has_a_measure_a_day(
    monkeypatch: pytest.MonkeyPatch, at: datetime, settings: object, tmp_path: object
) -> None:
    settings.HALLWAY_DATA = tmp_path
    monkeypatch.setattr(asking, "MOST_A_DAY", 2)
    organiser = TeamRoleFactory()
    ask = lambda _number: asking.ask_import(  # noqa: E731 - a call to be made often
        community=organiser.community, data=b"<schedule/>", filename="a.xml", zone="", options={},
        by=organiser.person, at=at,
    )  # fmt: skip
    refused_after(2, ask)


def test_hallway_itself_has_none(at: datetime) -> None:
    require_pace(CommunityFounded, most=0, by=SystemPerson("keeper"), at=at)
