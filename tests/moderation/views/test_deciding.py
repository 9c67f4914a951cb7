"""The pages of those who decide, and what others find there: nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hallway.gathering.communities.actions import ban_from_community
from hallway.gathering.communities.models import CommunityExclusion
from hallway.gathering.events.actions import mute_at_event
from hallway.gathering.events.models import EventExclusion
from hallway.kit.links import token_of
from hallway.kit.reportable import KINDS
from hallway.moderation import queries
from hallway.moderation.actions import answer_appeal, decide_case, report_thing
from hallway.moderation.models import Appeal, ConductCase, Decision
from hallway.moderation.views import deciding
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from tests.factories import PersonFactory, SessionFactory
from tests.moderation.matters import HALLWAY, WHY, appealed, case_of, matter, report, team_of, unnamed_kind, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(case: ConductCase) -> str:
    return f"/moderation/{case.pk}/"


def test_list_shows_what_waits_and_what_was_decided(now: datetime) -> None:
    it = matter()
    waits = report(it.session, PersonFactory(name="Thandi"), now)
    report(it.session, visitor(), now)
    report(it.session, visitor(), now, trouble="private")
    client = signed_in(it.organiser)
    said = client.get("/moderation/").content.decode()
    assert f'href="{page(waits.case)}"' in said and "It insults, threatens or harasses somebody (2)" in said
    assert "Thandi" not in said
    decide_case(case=waits.case, hide=True, exclusion="ban", reason=WHY, by=it.second, at=now)
    said = client.get("/moderation/").content.decode()
    assert "hidden, banned" in said and "Nothing waits for you" in said and "Piet" in said
    assert "Nothing waits for you" in signed_in(PersonFactory()).get("/moderation/").content.decode()


def full_of(number: int, now: datetime) -> Person:
    """An organiser for whom so many cases and appeals wait, so many are decided, and so many people kept out."""
    it = matter()
    things = [SessionFactory(event=it.event, talk__title={"en": f"Talk {one}"}) for one in range(3 * number)]
    cases = [case_of(one, now) for one in things]
    for case in cases[:number]:
        decide_case(case=case, by=it.organiser, at=now)
    for case in cases[number : 2 * number]:
        appealed(decide_case(case=case, hide=True, reason=WHY, by=it.second, at=now), now)
    for _one in range(number):
        mute_at_event(event=it.event, who=visitor(), reason=WHY, by=HALLWAY, at=now)
    return it.organiser


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_as_many_queries_for_three_of_each_as_for_one(
    number: int, now: datetime, django_assert_num_queries: Any
) -> None:
    client = signed_in(full_of(number, now))
    with django_assert_num_queries(28):
        client.get("/moderation/")


def test_each_list_has_pages_and_leaves_the_others_where_they_are(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "A_PAGE", 2)
    client = signed_in(full_of(3, now))
    lists = ("waiting", "appeals", "kept-out", "decided")
    page = client.get("/moderation/?decided=2&kept-out=2")
    shown = [page.context[name.replace("-", "_")]["page"] for name in lists]
    assert [(one.number, one.paginator.count, len(one.object_list)) for one in shown] == [
        (1, 3, 2), (1, 3, 2), (2, 3, 1), (2, 6, 2),
    ]  # fmt: skip
    said = page.content.decode()
    assert 'href="?decided=2&amp;kept-out=2&amp;waiting=2#waiting"' in said
    assert 'href="?kept-out=2&amp;decided=3#decided"' in said and 'href="?kept-out=2&amp;decided=1#decided"' in said
    assert client.get("/moderation/?waiting=x&decided=99").context["decided"]["page"].number == 3


def test_case_has_pages_of_reports_and_shows_what_the_first_saw(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "A_PAGE", 2)
    it = matter()
    case = report(it.session, visitor(), now, note="Note 0").case
    for number in (1, 2):
        report(it.session, visitor(), now + timedelta(minutes=number), note=f"Note {number}")
    client = signed_in(it.organiser)
    first, second = (client.get(f"{page(case)}?page={number}").content.decode() for number in (1, 2))
    assert "3 reports" in first and "Note 1" in first and "Note 2" not in first
    assert "3 reports" in second and "Note 2" in second and "Note 1" not in second
    assert "Loops of one event." in first and "Loops of one event." in second


def test_list_says_to_an_administrator_that_somebody_has_to_be_found(now: datetime) -> None:
    reporter = PersonFactory(is_administrator=True)
    case_of(PersonFactory(name="Piet"), now, by=reporter, kind="person")
    said = signed_in(reporter).get("/moderation/").content.decode()
    assert "One report waits and nobody may decide about it" in said and "Piet" not in said


def test_list_says_to_an_administrator_that_an_appeal_waits_for_nobody(now: datetime) -> None:
    it = matter()
    it.second.team_roles.all().delete()
    Person.objects.filter(pk=it.organiser.pk).update(is_administrator=True)
    decision = decide_case(case=case_of(it.session, now), hide=True, reason=WHY, by=it.organiser, at=now)
    said = "One appeal waits and nobody may answer it"
    client = signed_in(it.organiser)
    assert said not in client.get("/moderation/").content.decode()
    appealed(decision, now)
    assert said in client.get("/moderation/").content.decode()
    assert said not in signed_in(PersonFactory()).get("/moderation/").content.decode()
    PersonFactory(is_administrator=True)
    assert said not in client.get("/moderation/").content.decode()


def test_case_shows_the_copy_and_what_it_says_now_but_not_who_reported(now: datetime) -> None:
    it = matter()
    made = report(it.session, PersonFactory(name="Thandi"), now, note="<i>here</i>")
    talk = it.session.talk
    talk.abstract = {"en": "Other words."}
    talk.save()
    said = signed_in(it.organiser).get(page(made.case)).content.decode()
    for words in ("Loops of one event.", "Other words.", "&lt;i&gt;here", "by somebody signed in", "Piet"):
        assert words in said
    assert "Thandi" not in said
    Session.objects.all().delete()
    assert "It is not there any more." in signed_in(it.organiser).get(page(made.case)).content.decode()


def test_case_is_not_there_for_anybody_else(now: datetime, case: ConductCase) -> None:
    for person in (case.subjects.get(), PersonFactory(), PersonFactory(is_administrator=True)):
        client = signed_in(person)
        assert client.get(page(case)).status_code == 404
        assert client.post(page(case), {"exclusion": "stay", "days": "0"}).status_code == 404
    assert ConductCase.objects.get().is_open


def test_decide_on_the_page(now: datetime, case: ConductCase) -> None:
    client = signed_in(team_of(case)[0])
    no_reason = client.post(page(case), {"exclusion": "ban", "days": "7"})
    assert no_reason.status_code == 200 and "Say why" in no_reason.content.decode()
    answer = client.post(page(case), {"hide": "on", "exclusion": "ban", "days": "7", "reason": WHY}, follow=True)
    assert "Whoever it is about reads your reason" in answer.content.decode()
    exclusion = EventExclusion.objects.get()
    assert exclusion.until is not None and (exclusion.until - exclusion.since).days == 7
    assert Decision.objects.get().hidden


def test_leaving_everything_as_it_is_on_the_page(case: ConductCase) -> None:
    answer = signed_in(team_of(case)[0]).post(page(case), {"exclusion": "stay", "days": "0"}, follow=True)
    assert "everything stays as it is" in answer.content.decode()
    assert not Decision.objects.get().did_something


def test_second_of_two_reads_what_was_decided(now: datetime, case: ConductCase, monkeypatch: Any) -> None:
    first, second = team_of(case)
    decide_case(case=case, by=first, at=now)
    answer = signed_in(second).post(page(case), {"exclusion": "stay", "days": "0"}, follow=True)
    assert "Somebody else decided this in the meantime" in answer.content.decode()


def test_forged_measures_are_refused(now: datetime) -> None:
    it = matter()
    case = case_of(it.session, now)
    for fields in ({"exclusion": "flog"}, {"exclusion": "ban", "days": "99999"}, {"exclusion": "mute", "days": "x"}):
        answer = signed_in(it.organiser).post(page(case), {"reason": WHY, **fields})
        assert answer.status_code == 200
    assert ConductCase.objects.get().is_open


def test_appeal_is_answered_on_the_page_by_somebody_else(now: datetime, decided: Decision) -> None:
    case = decided.case
    first, second = team_of(case)
    nobody = signed_in(second).post(page(case), {"answer": "1", "granted": "yes"}, follow=True)
    assert "Nobody appealed against this decision." in nobody.content.decode()
    appeal = appealed(decided, now)
    own = signed_in(first).get(page(case)).content.decode()
    assert "nobody answers an appeal against their own decision" in own
    refused = signed_in(first).post(page(case), {"answer": "Fine", "granted": "yes"}, follow=True)
    assert "Somebody else looks at this again" in refused.content.decode()
    assert f'href="{page(case)}"' in signed_in(second).get("/moderation/").content.decode()
    signed_in(second).post(page(case), {"answer": "Fine", "granted": "yes"})
    appeal.refresh_from_db()
    assert (appeal.granted, appeal.answer) == (True, "Fine")
    again = signed_in(second).post(page(case), {"answer": "Fine", "granted": "no"}, follow=True)
    assert "Somebody else answered this in the meantime" in again.content.decode()


def test_administrator_who_may_only_look_again_finds_the_case(now: datetime) -> None:
    it = matter()
    administrator = PersonFactory(is_administrator=True)
    it.second.team_roles.all().delete()
    decision = decide_case(case=case_of(it.session, now), hide=True, reason=WHY, by=it.organiser, at=now)
    client = signed_in(administrator)
    assert client.get(page(decision.case)).status_code == 404
    appeal = appealed(decision, now)
    assert client.get(page(decision.case)).status_code == 200
    answer_appeal(appeal=appeal, granted=False, answer="It stays.", by=administrator, at=now)
    assert Appeal.objects.get().granted is False


def test_lift_what_holds(now: datetime) -> None:
    it = matter()
    at_event = mute_at_event(event=it.event, who=it.speaker, reason=WHY, by=HALLWAY, at=now)
    around = ban_from_community(community=it.event.community, who=visitor(), reason=WHY, by=HALLWAY, at=now)
    said = signed_in(it.organiser).get("/moderation/").content.decode()
    assert "Piet" in said and "a visitor without an account" in said
    for kind, row in (("events", at_event), ("communities", around)):
        address = f"/moderation/{kind}/{row.pk}/lift/"
        assert signed_in(PersonFactory()).post(address).status_code == 403
        assert signed_in(it.organiser).post(address).status_code == 302
        assert signed_in(it.organiser).get(address).status_code == 405
    assert not EventExclusion.objects.get().holds(now) and not CommunityExclusion.objects.get().holds(now)


def test_wrong_tap_is_taken_back_and_decided_anew_on_the_page(now: datetime, decided: Decision) -> None:
    case, client = decided.case, signed_in(team_of(decided.case)[0])
    assert "Take this decision back" in client.get(page(case)).content.decode()
    said = client.post(page(case), {"take_back": "1"}, follow=True).content.decode()
    assert "Everything is as it was before." in said and "Taken back: nothing of it holds any more." in said
    assert "Take this decision back" not in said and "Decide about it anew" in said
    assert Session.objects.get().hidden_at is None
    assert "(taken back)" in client.get("/moderation/").content.decode()
    answer = client.post(page(case), {"anew": "1"})
    again = ConductCase.objects.get(decided_at=None)
    assert answer["Location"] == page(again) and again.event == case.event
    assert "Decide" in client.get(page(again)).content.decode()


def test_nothing_is_taken_back_before_a_decision_nor_by_others(now: datetime, case: ConductCase) -> None:
    said = signed_in(team_of(case)[0]).post(page(case), {"take_back": "1"}, follow=True).content.decode()
    assert "Nothing was decided yet" in said and "Take this decision back" not in said
    decision = decide_case(case=case, hide=True, reason=WHY, by=team_of(case)[0], at=now)
    assert signed_in(case.subjects.get()).post(page(case), {"take_back": "1"}).status_code == 404
    assert Decision.objects.get() == decision and decision.holds
    Session.objects.all().delete()
    gone = signed_in(team_of(case)[1]).post(page(case), {"anew": "1"}, follow=True).content.decode()
    assert "It is not there any more" in gone


def test_decision_of_nothing_can_be_decided_anew(now: datetime, case: ConductCase) -> None:
    decide_case(case=case, by=team_of(case)[0], at=now)
    said = signed_in(team_of(case)[1]).get(page(case)).content.decode()
    assert "Decide about it anew" in said and "Take this decision back" not in said


@pytest.mark.parametrize(
    ("finds_it", "before", "after"),
    [
        (True, "Its writer reads this where they find their text again", "reads your reason where they find"),
        (False, "It is nobody’s, so those who decide alone read this", "It is nobody’s, so nobody gets a mail"),
    ],
)
def test_page_promises_no_mail_where_there_is_nobody_to_mail(
    now: datetime, monkeypatch: pytest.MonkeyPatch, finds_it: bool, before: str, after: str
) -> None:
    it = matter()
    kind = unnamed_kind(it, writer_finds_it=finds_it)
    monkeypatch.setitem(KINDS, "unnamed", kind)
    case = report_thing(what=kind, thing=it.session, trouble="other", by=PersonFactory(), at=now).case
    client = signed_in(it.organiser)
    said = client.get(page(case)).content.decode()
    assert before in said and "in a mail" not in said
    done = client.post(page(case), {"exclusion": "mute", "reason": WHY}, follow=True).content.decode()
    assert after in done and "Whoever it is about reads" not in done
    appeal_page = f"/appeals/{token_of(queries.APPEAL, case.decision.pk, case.decision.nonce)}/"
    client.post(appeal_page, {"text": "I did not."})
    assert "the answer will stand here" in client.get(appeal_page).content.decode()
    second = signed_in(it.second)
    assert "There is no mail." in second.get(page(case)).content.decode()
    answered = second.post(page(case), {"answer": "Fine", "granted": "yes"}, follow=True).content.decode()
    assert "at the address from which they appealed" in answered
    assert "It was taken back." in client.get(appeal_page).content.decode()
