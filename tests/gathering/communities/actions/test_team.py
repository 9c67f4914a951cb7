from __future__ import annotations

import re
import threading
from datetime import date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from hallway.gathering.communities import queries
from hallway.gathering.communities.actions import (
    accept_team_invitation,
    change_role,
    decline_team_invitation,
    end_role,
    expire_role,
    invite_to_team,
    resend_team_invitation,
    withdraw_team_invitation,
)
from hallway.gathering.communities.actions.team import MOST_A_DAY
from hallway.gathering.communities.models import TeamInvitation, TeamRole
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.notices.models import OutboxMail
from tests.factories import CommunityFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
ORGANISER, EDITOR, HELPER = TeamRole.Role.ORGANISER, TeamRole.Role.EDITOR, TeamRole.Role.HELPER


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    monkeypatch.setattr("hallway.kit.clock.now", lambda: at)
    return at


def token_in(mail: OutboxMail) -> str:
    found = re.search(r"/invitation/([^/\s]+)/", mail.text)
    assert found
    return found[1]


def invite(role: TeamRole, address: str, at: datetime, wanted: str = HELPER) -> TeamInvitation:
    return invite_to_team(community=role.community, invited=[(address, wanted)], by=role.person, at=at)[0]


def test_invite_to_team_mails_a_link_whose_token_is_not_stored(today: datetime) -> None:
    organiser = TeamRoleFactory()
    invitation = invite(organiser, "khaya@example.org", today)
    token = token_in(OutboxMail.objects.get())
    assert len(token) >= 32
    assert token not in str(TeamInvitation.objects.values())
    assert queries.invitation_of(organiser.community, token) == invitation
    assert invitation.expires_at == today + timedelta(days=14)


def test_invite_to_team_refused_for_helpers(today: datetime) -> None:
    helper = TeamRoleFactory(role=HELPER)
    with pytest.raises(NotAllowed, match=r"team\.cannot_manage"):
        invite(helper, "khaya@example.org", today)


def test_invite_to_team_refuses_more_than_a_day_holds_and_sends_none(today: datetime) -> None:
    organiser = TeamRoleFactory()
    many = [(f"somebody{number}@example.org", HELPER) for number in range(300)]
    with pytest.raises(Refusal, match=r"team\.too_many_invitations"):
        invite_to_team(community=organiser.community, invited=many, by=organiser.person, at=today)
    assert not TeamInvitation.objects.exists()
    invite_to_team(community=organiser.community, invited=many[:MOST_A_DAY], by=organiser.person, at=today)
    with pytest.raises(Refusal, match=r"team\.too_many_invitations"):
        resend_team_invitation(invitation=TeamInvitation.objects.all()[0], by=organiser.person, at=today)
    tomorrow = today + timedelta(days=1, seconds=1)
    assert invite(organiser, "later@example.org", tomorrow)


def test_invite_to_team_limit_holds_over_all_communities_of_one_person(today: datetime) -> None:
    first = TeamRoleFactory()
    second = TeamRoleFactory(person=first.person)
    many = [(f"somebody{number}@example.org", HELPER) for number in range(MOST_A_DAY)]
    invite_to_team(community=first.community, invited=many, by=first.person, at=today)
    with pytest.raises(Refusal, match=r"team\.too_many_invitations"):
        invite(second, "one@example.org", today)


def test_resend_team_invitation_counts_each_time(today: datetime) -> None:
    organiser = TeamRoleFactory()
    EmailAddress.objects.create(user=PersonFactory(), email="khaya@example.org", verified=True)
    invitation = invite(organiser, "khaya@example.org", today)
    for _ in range(MOST_A_DAY - 1):
        resend_team_invitation(invitation=invitation, by=organiser.person, at=today)
    with pytest.raises(Refusal, match=r"team\.too_many_invitations"):
        resend_team_invitation(invitation=invitation, by=organiser.person, at=today)
    assert OutboxMail.objects.filter(to_address="khaya@example.org").count() == MOST_A_DAY


def test_resend_team_invitation_to_an_address_nobody_confirmed_three_times_a_day(today: datetime) -> None:
    organiser = TeamRoleFactory()
    invitation = invite(organiser, "khaya@example.org", today)
    for _ in range(2):
        resend_team_invitation(invitation=invitation, by=organiser.person, at=today)
    with pytest.raises(Refusal, match=r"mail\.enough"):
        resend_team_invitation(invitation=invitation, by=organiser.person, at=today)


def test_invite_to_team_refuses_an_address_in_the_team_or_invited(today: datetime) -> None:
    organiser = TeamRoleFactory()
    with pytest.raises(Refusal, match=r"team\.already_in"):
        invite(organiser, organiser.person.email.upper(), today)
    invite(organiser, "khaya@example.org", today)
    with pytest.raises(Refusal, match=r"team\.already_invited"):
        invite(organiser, "Khaya@example.org", today)


def test_invite_to_team_refuses_an_unknown_role(today: datetime) -> None:
    with pytest.raises(Refusal, match=r"team\.unknown_role"):
        invite(TeamRoleFactory(), "khaya@example.org", today, "emperor")


def test_accept_team_invitation_gives_the_role(today: datetime) -> None:
    invitation = invite(TeamRoleFactory(), "khaya@example.org", today, EDITOR)
    khaya = PersonFactory(email="Khaya@example.org")
    assert accept_team_invitation(invitation=invitation, by=khaya, at=today).role == EDITOR
    assert queries.role_of(khaya, invitation.community_id) == EDITOR
    with pytest.raises(Refusal, match=r"team\.invitation_used"):
        accept_team_invitation(invitation=invitation, by=khaya, at=today)


def test_accept_team_invitation_refused_with_another_address(today: datetime) -> None:
    invitation = invite(TeamRoleFactory(), "khaya@example.org", today)
    with pytest.raises(NotAllowed, match=r"team\.invitation_foreign"):
        accept_team_invitation(invitation=invitation, by=PersonFactory(), at=today)


def test_accept_team_invitation_refused_when_withdrawn_or_run_out(today: datetime) -> None:
    organiser, khaya = TeamRoleFactory(), PersonFactory(email="khaya@example.org")
    invitation = invite(organiser, "khaya@example.org", today)
    with pytest.raises(Refusal, match=r"team\.invitation_expired"):
        accept_team_invitation(invitation=invitation, by=khaya, at=today + timedelta(days=14))
    withdraw_team_invitation(invitation=invitation, by=organiser.person, at=today)
    with pytest.raises(Refusal, match=r"team\.invitation_withdrawn"):
        accept_team_invitation(invitation=invitation, by=khaya, at=today)


def test_accept_team_invitation_never_lowers_a_lasting_role(today: datetime) -> None:
    organiser = TeamRoleFactory(person__email="old@example.org")
    invitation = invite(organiser, "new@example.org", today)
    organiser.person.email = "new@example.org"
    organiser.person.save(update_fields=["email"])
    assert accept_team_invitation(invitation=invitation, by=organiser.person, at=today).role == ORGANISER


def test_accept_team_invitation_raises_a_role_that_would_end(today: datetime) -> None:
    organiser = TeamRoleFactory()
    helper = TeamRoleFactory(community=organiser.community, role=HELPER, ends_on=today.date())
    invitation = invite_to_team(
        community=organiser.community, invited=[("other@example.org", EDITOR)], by=organiser.person, at=today
    )[0]
    helper.person.email = "other@example.org"
    helper.person.save(update_fields=["email"])
    accept_team_invitation(invitation=invitation, by=helper.person, at=today)
    assert queries.role_of(helper.person, organiser.community_id) == EDITOR


def test_resend_team_invitation_kills_the_old_link(today: datetime) -> None:
    organiser = TeamRoleFactory()
    invitation = invite(organiser, "khaya@example.org", today)
    old = token_in(OutboxMail.objects.get())
    resend_team_invitation(invitation=invitation, by=organiser.person, at=today + timedelta(days=20))
    new = token_in(OutboxMail.objects.order_by("pk").last() or OutboxMail())
    assert queries.invitation_of(organiser.community, old) is None
    found = queries.invitation_of(organiser.community, new)
    assert found is not None
    assert found.expires_at == today + timedelta(days=34)


def test_resend_team_invitation_refused_once_answered(today: datetime) -> None:
    organiser = TeamRoleFactory()
    invitation = invite(organiser, "khaya@example.org", today)
    decline_team_invitation(invitation=invitation, by=Visitor("invitation"), at=today)
    with pytest.raises(Refusal, match=r"team\.invitation_closed"):
        resend_team_invitation(invitation=invitation, by=organiser.person, at=today)
    with pytest.raises(Refusal, match=r"team\.invitation_used"):
        decline_team_invitation(invitation=invitation, by=Visitor("invitation"), at=today)


@pytest.mark.parametrize("act", ["leave", "end_date", "demote"])
def test_last_organiser_stays_until_there_is_another(today: datetime, act: str) -> None:
    last = TeamRoleFactory()
    TeamRoleFactory(community=last.community, ends_on=today.date() + timedelta(days=30))

    def try_it() -> None:
        if act == "leave":
            end_role(role=last, by=last.person, at=today)
        elif act == "end_date":
            change_role(role=last, new_role=ORGANISER, ends_on=date(2027, 1, 1), by=last.person, at=today)
        else:
            change_role(role=last, new_role=HELPER, ends_on=None, by=last.person, at=today)

    with pytest.raises(Refusal, match=r"team\.last_organiser"):
        try_it()
    TeamRoleFactory(community=last.community)
    try_it()
    assert queries.lasting_organisers(last.community_id).count() == 1


def test_change_role_refuses_past_days_unknown_roles_and_ended_ones(today: datetime) -> None:
    organiser = TeamRoleFactory()
    helper = TeamRoleFactory(community=organiser.community, role=HELPER)
    with pytest.raises(Refusal, match=r"team\.end_in_the_past"):
        change_role(role=helper, new_role=HELPER, ends_on=date(2020, 1, 1), by=organiser.person, at=today)
    with pytest.raises(Refusal, match=r"team\.unknown_role"):
        change_role(role=helper, new_role="emperor", ends_on=None, by=organiser.person, at=today)
    end_role(role=helper, by=organiser.person, at=today)
    with pytest.raises(Refusal, match=r"team\.role_ended"):
        change_role(role=helper, new_role=EDITOR, ends_on=None, by=organiser.person, at=today)


def test_change_role_without_change_leaves_no_fact(today: datetime) -> None:
    organiser = TeamRoleFactory()
    change_role(role=organiser, new_role=ORGANISER, ends_on=None, by=organiser.person, at=today)
    assert not FactRow.objects.exists()


def test_end_role_refused_for_other_helpers(today: datetime) -> None:
    helper = TeamRoleFactory(role=HELPER)
    other = TeamRoleFactory(community=helper.community, role=HELPER)
    with pytest.raises(NotAllowed):
        end_role(role=other, by=helper.person, at=today)
    end_role(role=helper, by=helper.person, at=today)
    assert queries.role_of(helper.person, helper.community_id) is None


def test_expire_role_ends_it_or_keeps_the_only_organiser(today: datetime) -> None:
    system = SystemPerson("communities")
    yesterday = today.date() - timedelta(days=1)
    only = TeamRoleFactory(ends_on=yesterday)
    assert not expire_role(role=only, by=system, at=today)
    only.refresh_from_db()
    assert (only.ends_on, only.ended_at) == (None, None)
    helper = TeamRoleFactory(community=only.community, role=HELPER, ends_on=yesterday)
    assert expire_role(role=helper, by=system, at=today)
    assert FactRow.objects.filter(kind="communities.role_ended", by_key="system:communities").exists()


@pytest.mark.database
@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_two_organisers_removing_each_other_at_once_leave_one(at: datetime) -> None:
    for _round in range(4):
        community = CommunityFactory()
        first, second = TeamRoleFactory(community=community), TeamRoleFactory(community=community)
        ready, refused = threading.Barrier(2), []

        def remove(
            role: TeamRole, by: TeamRole, ready: threading.Barrier = ready, refused: list[str] = refused
        ) -> None:
            try:
                ready.wait(10)
                end_role(role=role, by=by.person, at=at)
            except Refusal as refusal:
                refused.append(refusal.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=remove, args=pair) for pair in ((second, first), (first, second))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert refused == ["team.cannot_manage"]
        assert queries.lasting_organisers(community.pk).count() == 1


def test_withdraw_team_invitation_twice_is_told_once(today: datetime) -> None:
    organiser = TeamRoleFactory()
    invitation = invite(organiser, "khaya@example.org", today)
    for _ in range(2):
        withdraw_team_invitation(invitation=invitation, by=organiser.person, at=today)
    assert FactRow.objects.filter(kind="communities.team_invitation_withdrawn").count() == 1


def test_invite_to_team_by_hallway_itself_has_no_daily_limit(today: datetime) -> None:
    community = CommunityFactory()
    many = [(f"somebody{number}@example.org", HELPER) for number in range(MOST_A_DAY + 1)]
    made = invite_to_team(community=community, invited=many, by=SystemPerson("import"), at=today)
    assert len(made) == MOST_A_DAY + 1


def test_change_role_keeps_a_second_organiser_an_organiser_for_good(today: datetime) -> None:
    organiser = TeamRoleFactory()
    until = TeamRoleFactory(community=organiser.community, ends_on=today.date() + timedelta(days=9))
    changed = change_role(role=until, new_role=ORGANISER, ends_on=None, by=organiser.person, at=today)
    assert changed.ends_on is None
