"""Who may decide about what, and what a person takes with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.communities.actions import ban_from_community
from hallway.gathering.communities.models import CommunityExclusion, TeamRole
from hallway.gathering.events.models import EventExclusion, Host
from hallway.kit.refusal import NotAllowed
from hallway.kit.reportable import KINDS, Reportable, reportable
from hallway.moderation import policies, queries
from hallway.moderation.actions import (
    answer_appeal,
    decide_case,
    report_thing,
)
from hallway.moderation.models import ConductCase, Decision, Report
from hallway.people.actions import block_person
from hallway.programme.schedule.models import Session
from tests.factories import (
    CommunityFactory,
    EventFactory,
    PersonFactory,
    RegistrationFactory,
    SpeakingFactory,
    TeamRoleFactory,
)
from tests.moderation.matters import (
    HALLWAY,
    WHY,
    appealed,
    case_of,
    code_of,
    deciders,
    ids,
    matter,
    team_of,
    unnamed_kind,
)

pytestmark = pytest.mark.django_db


def test_subject_reporter_and_blocked_ones_do_not_decide(now: datetime) -> None:
    it = matter()
    subject = TeamRoleFactory(community=it.event.community, person=it.speaker).person
    team = [TeamRoleFactory(community=it.event.community).person for _n in "abc"]
    blocked_by_subject, blocker_of_subject, blocked_by_reporter = team
    case = case_of(it.session, now, by=it.second)
    block_person(person=blocked_by_subject, by=subject, at=now)
    block_person(person=subject, by=blocker_of_subject, at=now)
    block_person(person=blocked_by_reporter, by=it.second, at=now)
    assert deciders(case, now) == ids(it.organiser)
    for by in (subject, it.second, *team, PersonFactory()):
        with pytest.raises(NotAllowed) as refused:
            decide_case(case=case, by=by, at=now)
        assert code_of(refused) == "case.not_yours"
    assert case.pk not in queries.visible_to(subject, now).values_list("pk", flat=True)
    assert list(queries.visible_to(it.organiser, now)) == [case]
    assert list(queries.visible_to(None, now)) == []


def test_blocking_one_after_the_other_does_not_say_who_reported(now: datetime) -> None:
    it, reporter = matter(), PersonFactory()
    case = case_of(it.session, now, by=reporter)
    for person in (PersonFactory(), reporter):
        block_person(person=person, by=it.organiser, at=now)
        assert list(queries.visible_to(it.organiser, now)) == [case]


def test_organisers_of_hosts_decide_and_editors_and_helpers_do_not(now: datetime) -> None:
    it = matter()
    for role in ("editor", "helper"):
        TeamRoleFactory(community=it.event.community, role=role)
    hosting, invited = TeamRoleFactory(), TeamRoleFactory()
    Host.objects.create(event=it.event, community=hosting.community, invited_at=now, accepted_at=now)
    Host.objects.create(event=it.event, community=invited.community, invited_at=now)
    case = case_of(it.session, now)
    assert deciders(case, now) == ids(it.organiser, it.second, hosting.person)
    assert list(queries.visible_to(hosting.person, now)) == [case]
    assert list(queries.visible_to(invited.person, now)) == []
    decide_case(case=case, hide=True, reason=WHY, by=hosting.person, at=now)
    assert Session.objects.get().hidden_at == now


def test_lone_organiser_who_is_the_subject_leaves_it_to_the_administrators(now: datetime) -> None:
    it = matter()
    administrator = PersonFactory(is_administrator=True)
    TeamRole.objects.filter(person=it.second).delete()
    SpeakingFactory(talk=it.session.talk, person=it.organiser)
    case = case_of(it.session, now)
    assert deciders(case, now) == ids(administrator)
    assert list(queries.visible_to(administrator, now)) == [case]
    assert list(queries.visible_to(it.organiser, now)) == []


def test_community_and_event_pages_are_for_administrators_outside_the_team(now: datetime) -> None:
    it = matter()
    inside = TeamRoleFactory(community=it.event.community, person__is_administrator=True).person
    outside = PersonFactory(is_administrator=True)
    for kind, thing in (("community", it.event.community), ("event", it.event)):
        case = case_of(thing, now, kind=kind)
        assert (case.event, case.community) == (None, None)
        assert deciders(case, now) == ids(outside)
        assert inside.pk not in deciders(case, now)
        decide_case(case=case, hide=True, reason=WHY, by=outside, at=now)
        thing.refresh_from_db()
        assert thing.hidden_at == now


def test_administrator_as_subject_does_not_decide(now: datetime) -> None:
    subject = PersonFactory(is_administrator=True)
    case = case_of(subject, now, kind="person")
    assert deciders(case, now) == set()
    assert list(queries.visible_to(subject, now)) == []
    assert queries.waits_for_nobody(now) == [case]
    other = PersonFactory(is_administrator=True)
    assert deciders(case, now) == ids(other)
    assert queries.waits_for_nobody(now) == []


def test_case_nobody_decided_within_a_week_is_the_administrators_too(now: datetime) -> None:
    it = matter()
    administrator = PersonFactory(is_administrator=True)
    case = case_of(it.session, now)
    assert list(queries.visible_to(administrator, now)) == []
    later = now + timedelta(days=7)
    assert deciders(case, later) == ids(it.organiser, it.second, administrator)
    decide_case(case=case, by=administrator, at=later)
    assert deciders(case, later) == ids(it.organiser, it.second, administrator), "whoever decided can take it back"


def test_deciders_are_asked_in_as_many_queries_for_three_as_for_one(
    now: datetime, django_assert_num_queries: Any
) -> None:
    cases = [case_of(matter().session, now) for _number in range(3)]
    rows = list(ConductCase.objects.select_related("event").order_by("pk"))
    for some in (rows[:1], rows):
        with django_assert_num_queries(6):
            assert len(queries.deciders_of(some, now)) == len(some)
    assert len(cases) == 3


def test_whoever_wrote_a_text_without_a_name_does_not_decide_about_it(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = matter()
    unnamed = unnamed_kind(it, wrote=lambda thing, person: person.pk == it.organiser.pk)
    monkeypatch.setitem(KINDS, "unnamed", unnamed)
    case = report_thing(what=unnamed, thing=it.session, trouble="hurtful", by=PersonFactory(), at=now).case
    assert not policies.can_decide(it.organiser, case, now)
    assert policies.can_decide(it.second, case, now)


def test_export_never_says_who_reported(decided: Decision, now: datetime) -> None:
    reporter = Report.objects.get().reporter
    first, second = team_of(decided.case)
    answer_appeal(appeal=appealed(decided, now), granted=False, answer="No", by=second, at=now)
    assert reporter is not None
    assert list(queries.own_data(reporter)) == ["reports"]
    about = queries.own_data(decided.case.subjects.get())
    assert list(about) == ["decided_about_you"]
    assert about["decided_about_you"][0]["reason"] == WHY
    assert reporter.name not in str(about)
    assert list(queries.own_data(first)) == ["you_decided"]
    assert list(queries.own_data(second)) == ["appeals_you_answered"]
    assert queries.own_data(PersonFactory()) == {}


def test_places_are_those_where_one_was_or_runs_things(now: datetime) -> None:
    person = PersonFactory()
    near = {"event__starts_at": now - timedelta(days=3), "event__ends_at": now - timedelta(days=3)}
    went = RegistrationFactory(person=person, **{f"admission__{name}": value for name, value in near.items()})
    far = now - timedelta(days=90)
    RegistrationFactory(person=person, admission__event__starts_at=far, admission__event__ends_at=far)
    RegistrationFactory(**{f"admission__{name}": value for name, value in near.items()})
    role = TeamRoleFactory(person=person)
    runs = EventFactory(community=role.community, starts_at=now, ends_at=now)
    assert queries.places_of(person, now) == [runs, went.admission.event]


def test_kept_out_lists_what_holds_where_one_is_organiser(decided: Decision, now: datetime) -> None:
    first, _second = team_of(decided.case)
    community = decided.case.event.community if decided.case.event else CommunityFactory()
    ban_from_community(community=community, who=PersonFactory(), reason=WHY, by=HALLWAY, at=now + timedelta(hours=1))
    ban_from_community(community=CommunityFactory(), who=PersonFactory(), reason=WHY, by=HALLWAY, at=now)
    ended = ban_from_community(
        community=community, who=PersonFactory(), reason=WHY, until=now + timedelta(minutes=1), by=HALLWAY, at=now
    )
    rows = queries.KeptOut(first, now + timedelta(hours=1))[:]
    assert [type(row) for row in rows] == [CommunityExclusion, EventExclusion]
    assert ended not in rows
    everywhere = queries.KeptOut(PersonFactory(is_administrator=True), now + timedelta(hours=1))
    assert len(everywhere) == 3
    assert [*everywhere[:2], *everywhere[2:]] == everywhere[:] and everywhere[0:1] == rows[:1]
    assert queries.KeptOut(PersonFactory(), now)[:] == []


def test_kinds_are_registered_once() -> None:
    assert set(KINDS) >= {"person", "community", "event", "session", "talk"}
    with pytest.raises(TypeError):
        reportable(Reportable(**{**KINDS["talk"].__dict__}))
