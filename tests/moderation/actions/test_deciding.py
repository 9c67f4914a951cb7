"""Deciding, to the last branch, and opening a case oneself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.communities.models import CommunityExclusion
from hallway.gathering.events.models import EventExclusion, Host
from hallway.gathering.events.policies import may_come, may_take_part
from hallway.kit import trail
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.reportable import KINDS, Place, Reportable
from hallway.moderation import policies, queries
from hallway.moderation.actions import (
    appeal_decision,
    decide_case,
    open_case,
    report_thing,
)
from hallway.moderation.actions.deciding import measures_of, whose
from hallway.moderation.models import ConductCase, Decision
from hallway.programme.schedule.models import Session
from tests.factories import (
    EventFactory,
    PersonFactory,
    SpeakingFactory,
    TeamRoleFactory,
)
from tests.moderation.matters import (
    HALLWAY,
    WHY,
    case_of,
    code_of,
    deciders,
    ids,
    matter,
    team_of,
    unnamed_kind,
    visitor,
)

pytestmark = pytest.mark.django_db


def test_nothing_is_a_decision_of_which_its_subject_hears_nothing(case: ConductCase, now: datetime) -> None:
    decision = decide_case(case=case, by=team_of(case)[0], at=now)
    case.refresh_from_db()
    assert not decision.did_something and case.decided_at == now and not case.is_open
    with pytest.raises(Refusal) as refused:
        appeal_decision(decision=decision, text="But", by=HALLWAY, at=now)
    assert code_of(refused) == "appeal.nothing"


def test_hide_and_ban_at_once_with_a_reason(case: ConductCase, now: datetime) -> None:
    subject, until = case.subjects.get(), now + timedelta(days=7)
    decision = decide_case(
        case=case, hide=True, exclusion="ban", until=until, reason=f" {WHY} ", by=team_of(case)[0], at=now
    )
    assert (decision.hidden, decision.exclusion, decision.reason) == (True, "ban", WHY)
    assert Session.objects.get().hidden_at == now
    exclusion = EventExclusion.objects.get()
    assert decision.event_exclusion == exclusion
    assert (exclusion.person, exclusion.until, exclusion.reason) == (subject, until, WHY)
    assert case.event is not None and not may_come(subject, case.event)


@pytest.mark.parametrize(("exclusion", "may"), [("mute", (True, False)), ("ban", (False, False))])
def test_exclusion_from_the_whole_community(
    case: ConductCase, now: datetime, exclusion: str, may: tuple[bool, bool]
) -> None:
    decision = decide_case(
        case=case, exclusion=exclusion, everywhere=True, reason=WHY, by=team_of(case)[0], at=now
    )  # fmt: skip
    row = CommunityExclusion.objects.get()
    assert (decision.community_exclusion, decision.event_exclusion, row.kind) == (row, None, exclusion)
    assert case.event is not None
    other = EventFactory(community=case.event.community)
    assert (may_come(row.person, other), may_take_part(row.person, other)) == may


def test_mute_at_the_event(case: ConductCase, now: datetime) -> None:
    decide_case(case=case, exclusion="mute", reason=WHY, by=team_of(case)[0], at=now)
    assert EventExclusion.objects.get().kind == "mute"


def test_case_of_a_community_itself_keeps_out_of_the_community(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    it = matter()
    kind = Reportable(
        kind="line", label="a line", find=lambda pk: it.speaker, can_view=lambda reader, thing: True,
        title=lambda thing: "A line", text=lambda thing: "A line", address=lambda thing: "/",
        authors=lambda thing: [it.speaker], place=lambda thing: Place(community_id=it.event.community_id),
    )  # fmt: skip
    monkeypatch.setitem(KINDS, "line", kind)
    case = report_thing(what=kind, thing=it.speaker, trouble="other", by=PersonFactory(), at=now).case
    assert (case.event, case.community) == (None, it.event.community)
    assert deciders(case, now) == ids(it.organiser, it.second)
    can = measures_of(case, it.organiser)
    assert (can.hide, can.mute, can.ban, can.community) == (False, True, True, None)
    decide_case(case=case, exclusion="ban", reason=WHY, by=it.organiser, at=now)
    assert CommunityExclusion.objects.get().person == it.speaker
    assert list(queries.visible_to(it.organiser, now)) == [case]


def test_text_without_a_name_is_muted_by_its_owner(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    it = matter()
    muted: list[str] = []
    kind = unnamed_kind(it, mute=lambda thing, *, cause, reason, by, at: muted.append(reason))
    monkeypatch.setitem(KINDS, "unnamed", kind)
    case = report_thing(what=kind, thing=it.session, trouble="other", by=PersonFactory(), at=now).case
    can = measures_of(case, it.organiser)
    assert (can.mute, can.ban, can.hide) == (True, False, False)
    with pytest.raises(Refusal) as refused:
        decide_case(case=case, exclusion="ban", reason=WHY, by=it.organiser, at=now)
    assert code_of(refused) == "case.impossible"
    decide_case(case=case, exclusion="mute", reason=WHY, by=it.organiser, at=now)
    assert muted == [WHY]
    assert not EventExclusion.objects.exists()


def test_text_of_a_device_keeps_the_device_out(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    it, phone = matter(), visitor()
    kind = unnamed_kind(it, authors=lambda thing: [phone])
    monkeypatch.setitem(KINDS, "unnamed", kind)
    case = report_thing(what=kind, thing=it.session, trouble="other", by=PersonFactory(), at=now).case
    assert whose(case) == phone
    decide_case(case=case, exclusion="ban", reason=WHY, by=it.organiser, at=now)
    assert EventExclusion.objects.get().device == phone.device


def test_team_is_not_kept_out_and_several_are_not_either(now: datetime) -> None:
    it = matter()
    SpeakingFactory(talk=it.session.talk)
    assert measures_of(case_of(it.session, now), it.organiser).mute is False, "which of the two speakers?"
    for role in ("editor", "helper"):
        other = matter()
        TeamRoleFactory(community=other.event.community, person=other.speaker, role=role)
        can = measures_of(case_of(other.session, now), other.organiser)
        assert (can.hide, can.mute, can.ban) == (True, False, False)
        assert can.any


def test_what_is_hidden_or_gone_or_of_no_known_kind_cannot_be_hidden(now: datetime) -> None:
    it = matter()
    case = case_of(it.session, now)
    Session.objects.update(hidden_at=now)
    again = ConductCase.objects.get(pk=case.pk)
    assert not measures_of(again, it.organiser).hide
    with pytest.raises(Refusal) as refused:
        decide_case(case=again, hide=True, reason=WHY, by=it.organiser, at=now)
    assert code_of(refused) == "case.impossible"
    Session.objects.all().delete()
    gone = ConductCase.objects.get(pk=case.pk)
    can = measures_of(gone, it.organiser)
    assert (can.hide, can.ban) == (False, True), "its speaker can be kept out still"
    unknown = ConductCase.objects.create(kind="nothing", object_id=1, event=it.event, opened_at=now)
    assert not measures_of(unknown, it.organiser).any
    assert whose(unknown) is None
    assert policies.can_decide(it.organiser, unknown, now)


def test_decision_needs_a_reason_and_a_known_measure(case: ConductCase, now: datetime) -> None:
    by = team_of(case)[0]
    for fields, code in (
        ({"hide": True}, "case.no_reason"),
        ({"exclusion": "ban", "reason": "  "}, "case.no_reason"),
        ({"exclusion": "flog", "reason": WHY}, "case.unknown"),
    ):
        with pytest.raises(Refusal) as refused:
            decide_case(case=case, by=by, at=now, **fields)
        assert code_of(refused) == code
    assert not Decision.objects.exists()


def test_everywhere_is_for_organisers_of_the_community_alone(now: datetime) -> None:
    it = matter()
    hosting = TeamRoleFactory()
    Host.objects.create(event=it.event, community=hosting.community, invited_at=now, accepted_at=now)
    case = case_of(it.session, now)
    can = measures_of(case, hosting.person)
    assert (can.ban, can.community) == (True, None)
    with pytest.raises(Refusal) as refused:
        decide_case(case=case, exclusion="ban", everywhere=True, reason=WHY, by=hosting.person, at=now)
    assert code_of(refused) == "case.impossible"
    assert measures_of(case, it.organiser).community == it.event.community


def test_second_of_two_who_decide_reads_that_it_was_decided(case: ConductCase, now: datetime) -> None:
    first, second = team_of(case)
    decide_case(case=case, by=first, at=now)
    with pytest.raises(Refusal) as refused:
        decide_case(case=case, hide=True, reason=WHY, by=second, at=now)
    assert code_of(refused) == "case.decided"
    assert Session.objects.get().hidden_at is None


def test_refusal_of_the_owner_undoes_the_whole_decision(
    case: ConductCase, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(thing: Any, *, reason: str, by: Any, at: datetime) -> None:
        raise Refusal("session.no", "No")

    monkeypatch.setitem(KINDS, "session", replace(KINDS["session"], hide=refuses))
    with pytest.raises(Refusal) as refused:
        decide_case(case=case, hide=True, exclusion="ban", reason=WHY, by=team_of(case)[0], at=now)
    assert code_of(refused) == "session.no"
    case.refresh_from_db()
    assert case.is_open and not Decision.objects.exists() and not EventExclusion.objects.exists()


def test_trail_of_the_team_says_that_it_was_decided(case: ConductCase, now: datetime) -> None:
    decide_case(case=case, by=team_of(case)[0], at=now)
    assert case.event is not None
    for scope in (f"event:{case.event_id}", f"community:{case.event.community_id}"):
        assert [entry.sentence for entry in trail.entries(scope)] == ["Naledi decided a conduct case"]
    administrator = PersonFactory(is_administrator=True, name="Ayo")
    decide_case(case=case_of(PersonFactory(), now, kind="person"), by=administrator, at=now)
    assert [entry.sentence for entry in trail.entries("instance")] == ["Ayo decided a conduct case"]


def test_organiser_opens_a_case_nobody_reported(now: datetime) -> None:
    it = matter()
    case = open_case(what=KINDS["session"], thing=it.session, by=it.organiser, at=now)
    assert case.told_at == now and not case.reports.exists()
    assert open_case(what=KINDS["session"], thing=it.session, by=it.second, at=now) == case
    assert FactRow.objects.filter(kind="moderation.case_opened").count() == 1
    decide_case(case=case, hide=True, reason=WHY, by=it.organiser, at=now)


def test_organiser_opens_a_case_of_somebody_they_met_at_their_event(now: datetime) -> None:
    it = matter()
    person = PersonFactory()
    case = open_case(what=KINDS["person"], thing=person, where=it.event, by=it.organiser, at=now)
    assert case.event == it.event
    decide_case(case=case, exclusion="ban", reason=WHY, by=it.organiser, at=now)
    assert not may_come(person, it.event)


def test_nobody_opens_a_case_elsewhere_or_about_themselves(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    it = matter()
    for by in (PersonFactory(), it.speaker, TeamRoleFactory().person):
        with pytest.raises(NotAllowed):
            open_case(what=KINDS["session"], thing=it.session, by=by, at=now)
    for by in (it.organiser, it.speaker):
        with pytest.raises(NotAllowed):
            open_case(what=KINDS["talk"], thing=it.session.talk, by=by, at=now)
    TeamRoleFactory(community=it.event.community, person=it.speaker)
    with pytest.raises(NotAllowed):
        open_case(what=KINDS["session"], thing=it.session, by=it.speaker, at=now)
    assert not ConductCase.objects.exists()
    assert not policies.can_open_case(visitor(), ConductCase(event=it.event), [])
    in_community = ConductCase(community=it.event.community)
    assert policies.can_open_case(it.organiser, in_community, [])
    assert policies.can_open_case(PersonFactory(is_administrator=True), ConductCase(), [])


def test_reporter_does_not_decide_by_opening_the_case_again(now: datetime) -> None:
    it = matter()
    case_of(it.session, now, by=it.organiser)
    with pytest.raises(NotAllowed) as refused:
        open_case(what=KINDS["session"], thing=it.session, by=it.organiser, at=now)
    assert code_of(refused) == "case.not_yours"
