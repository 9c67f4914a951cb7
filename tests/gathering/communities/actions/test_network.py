from __future__ import annotations

from datetime import datetime

import pytest

from hallway.gathering.communities.actions import (
    answer_network,
    ask_network,
    leave_network,
    withdraw_network_question,
)
from hallway.gathering.communities.models import Community, NetworkRequest
from hallway.kit.models import FactRow, FactScope
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.notices.models import OutboxMail
from tests.factories import CommunityFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db


def test_ask_and_accept_make_a_chapter_seen_in_both_trails(at: datetime) -> None:
    below, above = TeamRoleFactory(), TeamRoleFactory()
    question = ask_network(community=below.community, parent=above.community, by=below.person, at=at)
    mail = OutboxMail.objects.get()
    assert mail.to_person == above.person
    assert f"/c/{above.community.slug}/network/" in mail.text
    with pytest.raises(NotAllowed, match=r"network\.cannot_answer"):
        answer_network(question=question, accept=True, by=below.person, at=at)
    answer_network(question=question, accept=True, by=above.person, at=at)
    assert Community.objects.get(pk=below.community_id).parent == above.community
    told = OutboxMail.objects.latest("pk")
    assert (told.to_person, "have taken" in told.text) == (below.person, True)
    for community in (below.community, above.community):
        kinds = FactScope.objects.filter(key=f"community:{community.pk}").values_list("fact__kind", flat=True)
        assert "communities.network_joined" in kinds
    with pytest.raises(Refusal, match=r"network\.answered"):
        answer_network(question=question, accept=True, by=above.person, at=at)


def test_ask_network_refuses_a_circle(at: datetime) -> None:
    top = TeamRoleFactory()
    middle = CommunityFactory(parent=top.community)
    for parent in (top.community, middle):
        with pytest.raises(Refusal, match=r"network\.circle"):
            ask_network(community=top.community, parent=parent, by=top.person, at=at)


def test_declined_and_withdrawn_questions_are_gone(at: datetime) -> None:
    below, above = TeamRoleFactory(), TeamRoleFactory()
    question = ask_network(community=below.community, parent=above.community, by=below.person, at=at)
    answer_network(question=question, accept=False, by=above.person, at=at)
    assert "You can ask another one" in OutboxMail.objects.latest("pk").text
    question = ask_network(community=below.community, parent=above.community, by=below.person, at=at)
    for _ in range(2):
        withdraw_network_question(question=question, by=below.person, at=at)
    assert not NetworkRequest.objects.exists()
    assert Community.objects.get(pk=below.community_id).parent is None


@pytest.mark.parametrize("side", ["above", "below"])
def test_leave_network_by_either_side(at: datetime, side: str) -> None:
    above = TeamRoleFactory()
    below = TeamRoleFactory(community__parent=above.community)
    stranger = TeamRoleFactory()
    with pytest.raises(NotAllowed, match=r"network\.cannot_leave"):
        leave_network(community=below.community, by=stranger.person, at=at)
    leave_network(community=below.community, by={"above": above, "below": below}[side].person, at=at)
    community = Community.objects.get(pk=below.community_id)
    assert community.parent is None
    leave_network(community=community, by=below.person, at=at)


def test_leave_network_from_two_tabs_is_told_once(at: datetime) -> None:
    above = TeamRoleFactory()
    below = TeamRoleFactory(community__parent=above.community)
    in_another_tab = Community.objects.get(pk=below.community_id)
    leave_network(community=below.community, by=below.person, at=at)
    leave_network(community=in_another_tab, by=below.person, at=at)
    assert FactRow.objects.filter(kind="communities.network_left").count() == 1


def test_answer_to_somebody_who_left_is_mailed_to_nobody(at: datetime) -> None:
    below, above = TeamRoleFactory(), TeamRoleFactory()
    question = ask_network(community=below.community, parent=above.community, by=below.person, at=at)
    question.asked_by = None
    question.save()
    asked = OutboxMail.objects.count()
    answer_network(question=question, accept=True, by=above.person, at=at)
    assert OutboxMail.objects.count() == asked
    assert Community.objects.get(pk=below.community_id).parent == above.community
