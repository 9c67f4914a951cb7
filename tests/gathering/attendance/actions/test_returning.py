"""Those who come every time, and "still coming?"."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.models import (
    Admission,
    AdmissionQuestion,
    Registration,
    StandingRegistration,
    StillComing,
)
from hallway.gathering.communities.models import Series
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import NotAllowed, Refusal
from tests.factories import AdmissionFactory, EventFactory, PersonFactory, SeriesFactory
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db
State = Registration.State
KEEPER = SystemPerson("seats")


def dates(series: Series, at: datetime, number: int = 2, **fields: object) -> list[Admission]:
    """So many dates of a series, a month apart."""
    found = []
    for month in range(1, number + 1):
        begins = at + timedelta(days=30 * month)
        event = EventFactory(
            community=series.community, series=series, occurrence_on=begins.date(), starts_at=begins,
            ends_at=begins + timedelta(hours=3),
        )  # fmt: skip
        found.append(AdmissionFactory(event=event, **fields))
    return found


def test_count_me_in_registers_for_all_dates_there_are(at: datetime) -> None:
    series = SeriesFactory()
    admissions = dates(series, at, capacity=1)
    person = PersonFactory()
    standing = actions.count_me_in(series=series, person=person, guests=1, by=person, at=at)
    assert [states(one) for one in admissions] == [["waiting"], ["waiting"]], "two do not fit on one chair"
    assert actions.count_me_in(series=series, person=person, by=person, at=at).pk == standing.pk
    assert StandingRegistration.objects.count() == 1


def test_count_me_in_locks_dates_in_the_order_of_their_ids(at: datetime) -> None:
    series = SeriesFactory()
    first, second = dates(series, at)
    moved = at + timedelta(days=90)
    Event.objects.filter(pk=first.event_id).update(starts_at=moved, ends_at=moved + timedelta(hours=2))
    person = PersonFactory()
    actions.count_me_in(series=series, person=person, by=person, at=at)
    locked = Registration.objects.order_by("pk").values_list("admission_id", flat=True)
    assert list(locked) == [first.pk, second.pk], "as somebody who leaves does, or each would wait for the other"


def test_count_me_in_leaves_a_date_that_was_skipped_alone(at: datetime) -> None:
    series = SeriesFactory()
    first, second = dates(series, at)
    person = PersonFactory()
    actions.count_me_in(series=series, person=person, by=person, at=at)
    actions.give_up_seat(registration=first.registrations.get(), by=person, at=at)
    actions.count_me_in(series=series, person=person, by=person, at=at)
    assert (states(first), states(second)) == (["given_up"], ["going"])


def test_count_me_in_where_registration_is_closed_waits_for_the_next_date(at: datetime) -> None:
    series = SeriesFactory()
    dates(series, at, how=Admission.How.INVITATION)
    person = PersonFactory()
    actions.count_me_in(series=series, person=person, by=person, at=at)
    assert not Registration.objects.exists()


def test_count_me_in_registers_before_registration_opens(at: datetime) -> None:
    series = SeriesFactory()
    first = dates(series, at, 1, opens_at=at + timedelta(days=9))[0]
    person = PersonFactory()
    standing = actions.count_me_in(series=series, person=person, by=person, at=at)
    assert states(first) == [], "whoever says so today waits like everybody"
    assert actions.stand_in(standing=standing, admission=first, by=KEEPER, at=at) is not None


def asks(admission: Admission, words: str, **fields: object) -> AdmissionQuestion:
    """A question that must be answered."""
    wanted = {"kind": "text", "purpose": {"en": "Catering"}, "required": True, **fields}
    return AdmissionQuestion.objects.create(admission=admission, text={"en": words}, **wanted)


def test_stand_in_registers_although_a_question_is_new_and_answers_what_was_asked_before(at: datetime) -> None:
    series = SeriesFactory()
    first, second, third = dates(series, at, 3)
    person = PersonFactory()
    answers = {asks(first, "What do you eat?").pk: "Injera", asks(first, "Which way?", kind="choice").pk: "Tram"}
    actions.register(admission=first, person=person, answers=answers, by=person, at=at)
    eats, new = asks(second, "What do you eat?"), asks(second, "Which shoes?")
    asks(second, "Which way?", kind="choice", choices=["Bus", "Boat"])
    standing = actions.count_me_in(series=series, person=person, by=person, at=at)
    row = second.registrations.get(person=person)
    assert row.state == State.GOING
    assert dict(row.answers.values_list("question", "text")) == {eats.pk: "Injera"}, "a choice that is gone is asked"
    assert queries.lacks_answers(row)
    said = {eats.pk: "Rice", new.pk: "Boots", second.questions.get(kind="choice").pk: "Boat"}
    actions.change_registration(registration=row, answers=said, by=person, at=at)
    assert not queries.lacks_answers(row)
    third.registrations.all().delete()
    again = asks(third, "What do you eat?")
    actions.stand_in(standing=standing, admission=third, by=KEEPER, at=at)
    assert third.registrations.get().answers.get(question=again).text == "Rice", "what was said last"


def test_register_without_an_answer_that_is_needed_is_refused_to_everybody_else(at: datetime) -> None:
    first = dates(SeriesFactory(), at, 1)[0]
    asks(first, "What do you eat?")
    person = PersonFactory()
    with pytest.raises(Refusal, match="unanswered"):
        actions.register(admission=first, person=person, by=person, at=at)


def test_count_me_in_of_an_ended_series_or_for_somebody_else_is_refused(at: datetime) -> None:
    person = PersonFactory()
    with pytest.raises(Refusal, match="series_ended"):
        actions.count_me_in(series=SeriesFactory(ended_at=at), person=person, by=person, at=at)
    with pytest.raises(NotAllowed):
        actions.count_me_in(series=SeriesFactory(), person=person, by=PersonFactory(), at=at)
    standing = actions.count_me_in(series=SeriesFactory(), person=person, by=person, at=at)
    with pytest.raises(NotAllowed):
        actions.stand_in(standing=standing, admission=AdmissionFactory(), by=PersonFactory(), at=at)
    with pytest.raises(NotAllowed):
        actions.count_me_out(standing=standing, by=PersonFactory(), at=at)


def test_count_me_out_keeps_what_there_is_and_ends_what_comes(at: datetime) -> None:
    series = SeriesFactory()
    first = dates(series, at, 1)[0]
    person = PersonFactory()
    standing = actions.count_me_in(series=series, person=person, by=person, at=at)
    actions.count_me_out(standing=standing, by=person, at=at)
    actions.count_me_out(standing=standing, by=person, at=at + timedelta(hours=1))
    standing.refresh_from_db()
    assert (states(first), standing.ended_at) == (["going"], at)
    assert actions.stand_in(standing=standing, admission=AdmissionFactory(), by=KEEPER, at=at) is None


def test_ask_still_coming_asks_each_once_for_each_day(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins)
    come(admission, at, 3)
    ask = lambda moment: actions.ask_still_coming(admission=admission, by=KEEPER, at=moment)  # noqa: E731 - three calls read better in one line each
    assert ask(begins - timedelta(days=8)) == 0
    assert ask(begins - timedelta(days=7)) == 2, "who waits is not asked"
    assert ask(begins - timedelta(days=6)) == 0
    assert ask(begins - timedelta(days=1)) == 2
    assert ask(begins) == 0
    assert list(StillComing.objects.order_by("pk").values_list("days", "answer_by")) == [
        (7, None), (7, None), (1, None), (1, None),
    ]  # fmt: skip


def test_ask_still_coming_spares_those_who_came_after_that_day(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(9, begins)
    come(admission, at)
    come(admission, begins - timedelta(days=3))
    assert actions.ask_still_coming(admission=admission, by=KEEPER, at=begins - timedelta(days=2)) == 1
    assert actions.ask_still_coming(admission=admission, by=KEEPER, at=begins - timedelta(hours=20)) == 2


def test_ask_still_coming_goes_on_where_it_stopped(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(9, begins)
    come(admission, at, 3)
    moment = begins - timedelta(days=5)
    assert [actions.ask_still_coming(admission=admission, by=KEEPER, at=moment, most=2) for _turn in range(3)] == [
        2,
        1,
        0,
    ]


def test_ask_still_coming_without_a_date_or_by_a_person_asks_nobody(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=5))
    come(admission, at - timedelta(days=9))
    with pytest.raises(NotAllowed):
        actions.ask_still_coming(admission=admission, by=PersonFactory(), at=at)
    Event.objects.update(state=Event.State.CANCELLED)
    assert actions.ask_still_coming(admission=admission, by=KEEPER, at=at) == 0


def test_silence_gives_the_seat_up_where_the_team_wants_it(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins, must_answer=True)
    quiet, loud, waiting = come(admission, at, 3)
    moment = begins - timedelta(days=7)
    actions.ask_still_coming(admission=admission, by=KEEPER, at=moment)
    until = StillComing.objects.latest("pk").answer_by
    assert until is not None
    assert timedelta(0) <= until - (moment + timedelta(hours=48)) <= timedelta(minutes=1)
    actions.confirm_coming(registration=loud, by=loud.person, at=moment)
    assert actions.end_due_offers(admission=admission, by=KEEPER, at=until - timedelta(minutes=2)) == 0
    assert actions.end_due_offers(admission=admission, by=KEEPER, at=until) == 1
    assert states(admission) == ["given_up", "going", "offered"]
    assert now_of(quiet).cause == "silence"
    assert now_of(waiting).offered_until is not None
    with pytest.raises(Refusal, match="seat_gone"):
        actions.confirm_coming(registration=quiet, by=quiet.person, at=until)


def test_silence_gives_seats_at_workshops_up_too(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins, must_answer=True)
    quiet = come(admission, at)[0]
    workshop = AdmissionFactory(event=admission.event, is_event=False, title={"en": "Rust"}, capacity=1)
    theirs = actions.register(admission=workshop, person=quiet.person, by=quiet.person, at=at)
    actions.ask_still_coming(admission=admission, by=KEEPER, at=begins - timedelta(days=7))
    actions.end_due_offers(admission=admission, by=KEEPER, at=begins - timedelta(days=4))
    assert (now_of(quiet).cause, now_of(theirs).state, now_of(theirs).cause) == ("silence", "given_up", "silence")


def test_nobody_is_asked_about_what_is_hidden(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins)
    come(admission, at)
    Event.objects.update(hidden_at=at)
    assert actions.ask_still_coming(admission=admission, by=KEEPER, at=begins - timedelta(days=7)) == 0


def test_silence_in_the_last_hours_keeps_the_seat(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins, must_answer=True, ask_days=[1], first_come_hours=24)
    come(admission, at, 2)
    moment = begins - timedelta(hours=23)
    assert actions.ask_still_coming(admission=admission, by=KEEPER, at=moment) == 2
    assert set(StillComing.objects.values_list("answer_by", flat=True)) == {None}
    assert actions.end_due_offers(admission=admission, by=KEEPER, at=begins) == 0


def test_silence_counts_nothing_once_the_team_no_longer_wants_it(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins, must_answer=True)
    come(admission, at, 2)
    actions.ask_still_coming(admission=admission, by=KEEPER, at=begins - timedelta(days=7))
    Admission.objects.update(must_answer=False)
    assert actions.end_due_offers(admission=admission, by=KEEPER, at=begins - timedelta(days=1)) == 0
    assert queries.with_time_over(begins - timedelta(days=1)) == []


def test_confirm_coming_twice_is_once_and_of_somebody_else_refused(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins)
    row = come(admission, at)[0]
    actions.ask_still_coming(admission=admission, by=KEEPER, at=begins - timedelta(days=7))
    moment = begins - timedelta(days=6)
    actions.confirm_coming(registration=row, by=row.person, at=moment)
    actions.confirm_coming(registration=row, by=row.person, at=moment + timedelta(hours=1))
    assert StillComing.objects.get().answered_at == moment
    with pytest.raises(NotAllowed):
        actions.confirm_coming(registration=row, by=PersonFactory(), at=moment)


def test_ask_still_coming_anew_of_each_day_when_the_date_is_another(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(1, begins)
    row = come(admission, at)[0]
    later = begins + timedelta(days=40)
    for start, days in ((begins, 7), (begins, 1), (later, 7), (later, 1)):
        Event.objects.filter(pk=admission.event_id).update(starts_at=start, ends_at=start + timedelta(hours=2))
        moment = start - timedelta(days=days)
        assert actions.ask_still_coming(admission=now_of(row).admission, by=KEEPER, at=moment) == 1
    assert StillComing.objects.filter(registration=row).count() == 4
