"""The door's book: one way in, whatever the device and the order."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.actions.book import MOST_LINES, Line
from hallway.gathering.attendance.actions.outlook import Outlook, seats_outlook
from hallway.gathering.attendance.entrance import entrances
from hallway.gathering.attendance.facts import SeatsFirstCome
from hallway.gathering.attendance.models import Admission, CheckIn, Registration
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from tests.factories import EventFactory, PersonFactory
from tests.gathering.attendance.doorway import came, evening, going, helper_of, team_of
from tests.gathering.attendance.line import now_of

pytestmark = pytest.mark.django_db
PHONE = Visitor("wall")
State = Registration.State


def write(admission: Admission, lines: list[Line], at: datetime) -> actions.book.BookAnswer:
    return actions.write_in_book(admission=admission, lines=lines, by=team_of(admission), at=at)


def facts() -> list[FactRow]:
    return list(FactRow.objects.filter(kind="attendance.door_book_written").order_by("pk"))


def test_batch_is_one_fact_with_the_counter(at: datetime) -> None:
    admission = evening(at)
    one, two, three = going(admission, 3, guests=1)
    lines = [came(one, at, seats=2), came(two, at, seats=1), came(uuid4(), at, name="Naledi")]
    answer = write(admission, lines, at)
    assert answer.kept == [line.uid for line in lines]
    assert (answer.refused, answer.came, answer.going) == ([], 4, 6)
    assert [now_of(row).came_at for row in (one, two, three)] == [at, at, None]
    [fact] = facts()
    assert fact.payload == {
        "event_id": admission.event_id, "admission_id": admission.pk, "last_id": answer.last_id, "came": 4, "going": 6,
    }  # fmt: skip
    assert list(fact.scopes.values_list("key", flat=True)) == [f"door:{admission.event_id}"]
    assert set(CheckIn.objects.values_list("name", flat=True)) == {"", "Naledi"}


@pytest.mark.parametrize("number", [1, 30])
def test_batch_asks_as_often_for_many_lines_as_for_one(
    number: int, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admission, by = evening(at), PersonFactory(is_administrator=True)
    lines = [came(row, at) for row in going(admission, number)]
    with django_assert_num_queries(14):
        actions.write_in_book(admission=admission, lines=lines, by=by, at=at)


def test_line_brought_twice_is_there_once(at: datetime) -> None:
    admission = evening(at)
    line = came(going(admission)[0], at)
    first = write(admission, [line, line], at)
    again = write(admission, [line], at + timedelta(minutes=5))
    assert first.kept == again.kept == [line.uid]
    assert (CheckIn.objects.count(), again.came, len(facts())) == (1, 1, 1)


def test_undone_line_takes_somebody_out_and_a_later_one_in_again(at: datetime) -> None:
    admission = evening(at)
    row = going(admission)[0]
    write(admission, [came(row, at)], at)
    assert write(admission, [came(row, at + timedelta(minutes=1), kind="undone")], at).came == 0
    assert now_of(row).came_at is None
    write(admission, [came(row, at + timedelta(minutes=2))], at)
    assert now_of(row).came_at == at + timedelta(minutes=2)


def test_line_that_changes_nothing_in_a_registration_is_kept(at: datetime) -> None:
    admission = evening(at)
    row = going(admission, guests=2)[0]
    write(admission, [came(row, at, seats=3)], at)
    assert write(admission, [came(row, at + timedelta(minutes=1), seats=2)], at).came == 2
    assert now_of(row).came_at == at, "they have been here since they came, though a guest left"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.data())
def test_two_devices_write_the_same_book_however_their_lines_arrive(at: datetime, choices: st.DataObject) -> None:
    begun = at - timedelta(minutes=20)
    guest = uuid4()

    def lines_of_a_device(rows: list[Registration], number: int) -> list[Line]:
        moments = choices.draw(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 2)), max_size=6))
        made = []
        for order, (minute, who) in enumerate(moments):
            fields = {
                "uid": UUID(int=number * 1000 + order + 1),
                "kind": choices.draw(st.sampled_from(["came", "undone"])),
                "seats": choices.draw(st.integers(1, 3)),
            }
            about = guest if who == 2 else rows[who]
            made.append(came(about, begun + timedelta(minutes=minute), **fields))
        return made

    def book_after(batches: list[list[Line]], admission: Admission, rows: list[Registration]) -> list[object]:
        by = team_of(admission)
        answers = [actions.write_in_book(admission=admission, lines=batch, by=by, at=at) for batch in batches]
        return [now_of(row).came_at for row in rows] + [answers[-1].came]

    # The same evening twice, each with rows of its own: lines are known by their uid, so those of the second differ.
    plain, mixed = evening(at), evening(at)
    plain_rows, mixed_rows = going(plain, 2), going(mixed, 2)
    lines = [*lines_of_a_device(plain_rows, 1), *lines_of_a_device(plain_rows, 2)]
    moved = {old.pk: new.pk for old, new in zip(plain_rows, mixed_rows, strict=True)}
    others = [
        Line(
            uid=UUID(int=line.uid.int + 10**6), kind=line.kind, how=line.how, done_at=line.done_at, seats=line.seats,
            registration_id=moved.get(line.registration_id or 0), walk_in=line.walk_in,
        )
        for line in lines
    ]  # fmt: skip
    shuffled = choices.draw(
        st.permutations([*others, *choices.draw(st.lists(st.sampled_from(others)) if others else st.just([]))])
    )
    cut = choices.draw(st.integers(0, len(shuffled)))
    try:
        expected = book_after([lines], plain, plain_rows)
        assert book_after([shuffled[:cut], shuffled[cut:]], mixed, mixed_rows) == expected
    finally:
        CheckIn.objects.filter(admission__in=[plain, mixed]).delete()


def test_line_of_somebody_elses_event_is_refused_and_the_rest_is_kept(at: datetime) -> None:
    admission, other = evening(at), evening(at)
    row, foreign = going(admission)[0], going(other)[0]
    good, bad, nobody = came(row, at), came(foreign, at), Line(uuid4(), "came", "list", at)
    both = Line(uuid4(), "came", "list", at, registration_id=row.pk, walk_in=uuid4())
    answer = write(admission, [bad, good, nobody, both], at)
    assert answer.kept == [good.uid]
    assert [(line.uid, line.code) for line in answer.refused] == [
        (str(bad.uid), "attendance.unknown"),
        (str(nobody.uid), "attendance.nobody"),
        (str(both.uid), "attendance.nobody"),
    ]
    assert now_of(foreign).came_at is None
    stolen = write(other, [came(foreign, at, uid=good.uid)], at)
    assert (stolen.kept, [line.code for line in stolen.refused]) == ([], ["attendance.other_door"])


def test_clock_of_a_device_is_held_within_the_evening(at: datetime) -> None:
    admission = evening(at)
    early, late = going(admission, 2)
    write(admission, [came(early, at - timedelta(days=400)), came(late, at + timedelta(days=400))], at)
    assert now_of(early).came_at == at - timedelta(minutes=30) - timedelta(hours=12)
    assert now_of(late).came_at == at + timedelta(minutes=2)


@pytest.mark.parametrize(("said", "kept"), [(0, 1), (-5, 1), (3, 3), (10_000, 11)])
def test_seats_of_a_line_are_held_between_one_and_eleven(said: int, kept: int, at: datetime) -> None:
    admission = evening(at)
    assert write(admission, [came(going(admission)[0], at, seats=said)], at).came == kept


def test_too_many_lines_at_once_are_refused(at: datetime) -> None:
    admission = evening(at)
    row = going(admission)[0]
    lines = [came(row, at) for _one in range(MOST_LINES + 1)]
    with pytest.raises(Refusal, match="too_many_lines"):
        write(admission, lines, at)
    assert len(write(admission, lines[:-1], at).kept) == MOST_LINES


def test_nobody_but_the_team_and_helpers_writes(at: datetime) -> None:
    admission = evening(at)
    line = came(going(admission)[0], at)
    for by in (PersonFactory(), PHONE):
        with pytest.raises(NotAllowed):
            actions.write_in_book(admission=admission, lines=[line], by=by, at=at)
    helper, _token = helper_of(evening(at), at)
    with pytest.raises(NotAllowed):
        actions.write_in_book(admission=admission, lines=[line], by=PHONE, at=at, helper=helper)
    assert CheckIn.objects.count() == 0


def test_helper_brings_what_was_done_before_the_link_ended(at: datetime) -> None:
    admission = evening(at)
    helper, _token = helper_of(admission, at)
    one, two = going(admission, 2)
    before, after = came(one, at - timedelta(minutes=1)), came(two, at + timedelta(minutes=1))
    ended = actions.end_helper(helper=helper, by=team_of(admission), at=at)
    later = at + timedelta(minutes=30)
    answer = actions.write_in_book(admission=admission, lines=[before, after], by=PHONE, at=later, helper=ended)
    assert answer.kept == [before.uid]
    assert [line.code for line in answer.refused] == ["attendance.after_the_end"]
    again = actions.write_in_book(admission=admission, lines=[before], by=PHONE, at=later, helper=ended)
    assert (again.kept, CheckIn.objects.get().helper) == ([before.uid], helper)
    with pytest.raises(NotAllowed):
        actions.write_in_book(
            admission=admission, lines=[before], by=PHONE, at=at + timedelta(hours=12), helper=ended
        )  # fmt: skip


def test_link_that_ran_out_is_like_one_that_was_ended(at: datetime) -> None:
    admission = evening(at)
    helper, _token = helper_of(admission, at)
    row = going(admission)[0]
    late = helper.expires_at + timedelta(hours=1)
    answer = actions.write_in_book(
        admission=admission, lines=[came(row, at), came(row, helper.expires_at)], by=PHONE, at=late, helper=helper
    )
    assert (len(answer.kept), len(answer.refused)) == (1, 1)


@pytest.mark.parametrize("state", [Event.State.CANCELLED, Event.State.DRAFT, Event.State.POSTPONED])
def test_event_that_does_not_take_place_has_no_door(state: str, at: datetime) -> None:
    admission = evening(at)
    Event.objects.filter(pk=admission.event_id).update(state=state, starts_at=None, ends_at=None)
    row = going(admission)[0]
    with pytest.raises(Refusal, match="not_on"):
        write(admission, [came(row, at)], at)
    with pytest.raises(Refusal, match="not_on"):
        actions.check_self_in(registration=row, by=PHONE, at=at)


def test_event_that_is_hidden_has_no_door(at: datetime) -> None:
    admission = evening(at)
    row, team = going(admission)[0], team_of(admission)
    Community.objects.update(hidden_at=at)
    with pytest.raises(Refusal, match="not_on"):
        actions.write_in_book(admission=admission, lines=[came(row, at)], by=team, at=at)
    with pytest.raises(Refusal, match="not_on"):
        actions.check_self_in(registration=row, by=row.person, at=at)


def test_door_opens_twelve_hours_before_the_start_and_says_when(at: datetime) -> None:
    admission = evening(at)
    line = came(going(admission)[0], at)
    with pytest.raises(Refusal) as refused:
        write(admission, [line], at - timedelta(hours=12, minutes=31))
    assert refused.value.code == "attendance.door_not_open"
    assert "Wednesday" in str(refused.value.sentence)
    assert write(admission, [line], at - timedelta(hours=12, minutes=30)).kept == [line.uid]


def test_check_self_in_with_guests_is_one_line_however_often(at: datetime) -> None:
    admission = evening(at)
    row = going(admission, guests=2)[0]
    assert actions.check_self_in(registration=row, by=row.person, at=at).came_at == at
    again = actions.check_self_in(registration=row, by=PHONE, at=at + timedelta(minutes=3))
    assert again.came_at == at
    line = CheckIn.objects.get()
    assert (line.seats, line.how, line.kind, line.helper) == (3, "self", "came", None)
    assert facts()[-1].payload["came"] == 3


def test_check_self_in_for_somebody_else_is_refused(at: datetime) -> None:
    row = going(evening(at))[0]
    for by in (PersonFactory(), SystemPerson("seats")):
        with pytest.raises(NotAllowed):
            actions.check_self_in(registration=row, by=by, at=at)


@pytest.mark.parametrize("state", [State.WAITING, State.ASKED, State.DECLINED, State.GIVEN_UP])
def test_check_self_in_without_a_seat_is_sent_to_the_door(state: str, at: datetime) -> None:
    row = going(evening(at), state=state)[0]
    with pytest.raises(Refusal, match="no_seat"):
        actions.check_self_in(registration=row, by=PHONE, at=at)


def test_check_self_in_only_while_the_event_runs(at: datetime) -> None:
    row = going(evening(at))[0]
    with pytest.raises(Refusal) as early:
        actions.check_self_in(registration=row, by=PHONE, at=at - timedelta(minutes=91))
    assert (early.value.code, "9:30" in str(early.value.sentence)) == ("attendance.not_yet", True)
    with pytest.raises(Refusal, match="over"):
        actions.check_self_in(registration=row, by=PHONE, at=at + timedelta(hours=2, minutes=30))
    assert actions.check_self_in(registration=row, by=PHONE, at=at - timedelta(minutes=90)).came_at is not None


def test_walk_in_takes_a_free_seat_once(at: datetime) -> None:
    admission = evening(at, seats=2)
    going(admission)
    form = uuid4()
    answer = actions.walk_in(admission=admission, name="Naledi", walk_in=form, by=PHONE, at=at)
    again = actions.walk_in(admission=admission, name="Naledi", walk_in=form, by=PHONE, at=at)
    assert (answer.came, again.came, CheckIn.objects.get().name) == (1, 1, "Naledi")
    with pytest.raises(Refusal, match="full"):
        actions.walk_in(admission=admission, name="Kagiso", walk_in=uuid4(), by=PHONE, at=at)


def test_nobody_is_given_the_chair_of_somebody_who_walked_in(at: datetime) -> None:
    admission = evening(at, seats=2)
    going(admission)
    Revision.objects.filter(key=f"seats:{admission.event_id}").delete()
    walked_in = uuid4()
    actions.walk_in(admission=admission, name="Naledi", walk_in=walked_in, by=PHONE, at=at)
    assert Revision.objects.filter(key=f"seats:{admission.event_id}").exists(), "pages that say how full it is are old"
    said = queries.seats_of(admission, at), entrances([admission.event], at)[admission.event_id][0].seats
    assert said == (queries.Seats(2, 2, 0, 0),) * 2
    person = PersonFactory()
    late = actions.register(admission=admission, person=person, by=person, at=at)
    assert late.state == State.WAITING
    with pytest.raises(Refusal, match="full"):
        actions.take_seat(registration=late, by=person, at=at)
    assert queries.in_the_last_hours(at) == [], "nobody is called to a chair that is taken"
    assert seats_outlook(admission=admission, capacity=3, at=at) == Outlook(seats=3, called=1, free=1)
    undone = came(walked_in, at + timedelta(minutes=1), kind="undone")
    actions.write_in_book(admission=admission, lines=[undone], by=team_of(admission), at=at)
    assert FactRow.objects.filter(kind=SeatsFirstCome.kind).count() == 1, "those in line hear that it is free again"
    assert actions.take_seat(registration=late, by=person, at=at).state == State.GOING


def test_a_date_that_was_moved_begins_with_empty_chairs(at: datetime) -> None:
    admission = evening(at, seats=1)
    actions.walk_in(admission=admission, name="Naledi", walk_in=uuid4(), by=PHONE, at=at)
    later = at + timedelta(days=7)
    Event.objects.update(starts_at=later, ends_at=later + timedelta(hours=2))
    person = PersonFactory()
    row = actions.register(admission=admission, person=person, by=person, at=at)
    assert row.state == State.GOING


def test_walk_in_does_not_overtake_the_line_before_the_last_hours(at: datetime) -> None:
    admission = evening(at, seats=5, first_come_hours=0)
    going(admission, state=State.WAITING)
    with pytest.raises(Refusal, match="full"):
        actions.walk_in(admission=admission, name="", walk_in=uuid4(), by=PHONE, at=at - timedelta(minutes=45))
    assert actions.walk_in(admission=admission, name="", walk_in=uuid4(), by=PHONE, at=at).came == 1


def test_walk_in_where_any_number_may_come(at: datetime) -> None:
    admission = evening(at)
    assert actions.walk_in(admission=admission, name="", walk_in=uuid4(), by=PersonFactory(), at=at).came == 1


def test_walk_in_by_hallway_itself_or_with_a_foreign_line_is_refused(at: datetime) -> None:
    admission, other = evening(at), evening(at)
    with pytest.raises(NotAllowed):
        actions.walk_in(admission=admission, name="", walk_in=uuid4(), by=SystemPerson("seats"), at=at)
    form = uuid4()
    actions.walk_in(admission=other, name="", walk_in=form, by=PHONE, at=at)
    with pytest.raises(Refusal, match="other_door"):
        actions.walk_in(admission=admission, name="", walk_in=form, by=PHONE, at=at)


def test_walk_in_before_the_door_opens_is_refused(at: datetime) -> None:
    event = EventFactory(starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=2))
    admission = evening(at)
    Admission.objects.filter(pk=admission.pk).update(event=event)
    admission.event = event
    with pytest.raises(Refusal, match="not_yet"):
        actions.walk_in(admission=admission, name="", walk_in=uuid4(), by=PHONE, at=at)
