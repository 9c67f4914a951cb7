from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.communities.actions import invite_founder, invite_to_team, keep_founding
from hallway.gathering.communities.models import FounderInvitation, Founding, TeamInvitation, TeamRole
from hallway.gathering.communities.sweeps import end_due_roles, forget_old_rows
from tests.factories import PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr("hallway.kit.clock.now", lambda: at)


def test_end_due_roles_ends_those_whose_last_day_is_over(at: datetime) -> None:
    organiser = TeamRoleFactory()
    over = TeamRoleFactory(community=organiser.community, role="helper", ends_on=at.date() - timedelta(days=1))
    last_day = TeamRoleFactory(community=organiser.community, role="helper", ends_on=at.date())
    assert end_due_roles() == 1
    assert end_due_roles() == 0
    held = set(TeamRole.objects.filter(ended_at=None).values_list("pk", flat=True))
    assert held == {organiser.pk, last_day.pk}
    assert over.pk not in held


def test_forget_old_rows_after_ninety_days(at: datetime) -> None:
    long_ago = at - timedelta(days=140)
    organiser = TeamRoleFactory(person__is_administrator=True)
    keep_founding(screen="name", answers={}, by=organiser.person, at=long_ago)
    keep_founding(screen="name", answers={}, by=PersonFactory(), at=at)
    for moment, address in ((long_ago, "old@example.org"), (at, "new@example.org")):
        invite_to_team(community=organiser.community, invited=[(address, "helper")], by=organiser.person, at=moment)
        invite_founder(address=address, by=organiser.person, at=moment)
    assert forget_old_rows() == 3
    assert TeamInvitation.objects.get().address == "new@example.org"
    assert FounderInvitation.objects.get().address == "new@example.org"
    assert Founding.objects.count() == 1
