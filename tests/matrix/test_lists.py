"""Lists that a team or an administrator sees ask the database as often for three more rows as for one more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hallway.gathering.communities.facts import CommunityEdited
from hallway.gathering.communities.models import FoundingRequest
from hallway.gathering.events.models import EventExclusion, Host
from hallway.kit import clock
from hallway.kit.facts import announce
from hallway.kit.reportable import KINDS
from hallway.moderation.actions import report_thing
from hallway.moderation.models import Appeal, ConductCase, Decision
from hallway.people.actions import block_person
from tests.factories import (
    NOW,
    CommunityFactory,
    MembershipFactory,
    PersonFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    TeamRoleFactory,
    TrackFactory,
    VenueFactory,
)
from tests.matrix import world
from tests.matrix.world import Ground, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def full() -> World:
    return world.make_world()


def change_of(mine: Ground) -> None:
    by = PersonFactory()
    announce(CommunityEdited(community_id=mine.community.pk, fields=("name",)), by=by, at=NOW)


def request_of(mine: Ground) -> None:
    FoundingRequest.objects.create(community=CommunityFactory(public_at=None), asked_by=PersonFactory(), asked_at=NOW)


def case_of(mine: Ground) -> None:
    """A report that waits, somebody who is kept out, and an appeal to be answered."""
    person = PersonFactory()
    session = SessionFactory(event=mine.event)
    report_thing(what=KINDS["session"], thing=session, trouble="other", by=person, at=clock.now())
    EventExclusion.objects.create(event=mine.event, person=person, kind="mute", reason="Reason", since=NOW)
    about = {"kind": "session", "object_id": session.pk, "event": mine.event, "opened_at": NOW, "decided_at": NOW}
    case = ConductCase.objects.create(**about)
    decision = Decision.objects.create(case=case, hidden=True, reason="Reason", by=PersonFactory(), at=NOW)
    Appeal.objects.create(decision=decision, text="Why", at=NOW)


def block_of(mine: Ground) -> None:
    block_person(person=PersonFactory(), by=mine.organiser, at=NOW)


# The page, who looks, what makes one row more, and how many queries there are.
LISTS: list[tuple[str, str, Callable[[Ground], Any], int]] = [
    ("/c/{c}/people/", "organiser", lambda mine: MembershipFactory(community=mine.community, shown_at=NOW), 16),
    ("/c/{c}/team/", "organiser", lambda mine: TeamRoleFactory(community=mine.community), 13),
    ("/c/{c}/trail/", "organiser", change_of, 13),
    ("/c/{c}/series/", "organiser", lambda mine: SeriesFactory(community=mine.community), 11),
    ("/c/{c}/venues/", "organiser", lambda mine: VenueFactory(community=mine.community), 6),
    ("/c/{c}/import/", "organiser", lambda mine: world.make_run(mine.community, PersonFactory()), 6),
    ("/e/{e}/edit/rooms/", "organiser", lambda mine: RoomFactory(event=mine.event), 7),
    ("/e/{e}/edit/hosts/", "organiser",
     lambda mine: Host.objects.create(event=mine.event, community=CommunityFactory(), invited_at=NOW), 7),
    ("/e/{e}/edit/programme/tracks/", "organiser", lambda mine: TrackFactory(event=mine.event), 7),
    ("/communities/requests/", "administrator", request_of, 8),
    ("/moderation/", "organiser", case_of, 28),
    ("/me/blocked/", "organiser", block_of, 4),
    ("/instance/administrators/", "administrator", lambda mine: PersonFactory(is_administrator=True), 5),
]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "who", "more", "number"), LISTS, ids=[entry[0] for entry in LISTS])
def test_list_asks_as_often_for_one_row_as_for_three(
    address: str,
    who: str,
    more: Callable[[Ground], Any],
    number: int,
    rows: int,
    full: World,
    client: Client,
    django_assert_num_queries: Any,
) -> None:
    client.force_login(full.people[who])
    page = address.format(c=full.mine.community.slug, e=full.mine.event.slug)
    client.get(page)
    for _ in range(rows):
        more(full.mine)
    with django_assert_num_queries(number):
        assert client.get(page).status_code == 200
