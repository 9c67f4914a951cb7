"""How seats change hands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.facts import SeatsFirstCome
from hallway.gathering.attendance.models import Admission, Registration, SeatOffer
from hallway.gathering.events import actions as events
from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from tests.factories import AdmissionFactory, PersonFactory, RegistrationFactory, TeamRoleFactory
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db
State = Registration.State
KEEPER = SystemPerson("seats")


def test_register_while_seats_are_free_goes_and_then_waits(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30))
    rows = come(admission, at, 4)
    assert states(admission) == ["going", "going", "waiting", "waiting"]
    assert [queries.standing_of(now_of(row)).ahead for row in rows] == [None, None, 0, 1]
    assert queries.seats_of(admission, at) == queries.Seats(total=2, taken=2, free=0, waiting=2)


def test_register_where_any_number_may_come_always_goes(at: datetime) -> None:
    admission = list_of(None, at + timedelta(days=30))
    come(admission, at, 3)
    assert states(admission) == ["going"] * 3


def test_register_twice_changes_nothing(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    person = PersonFactory()
    one = actions.register(admission=admission, person=person, by=person, at=at)
    two = actions.register(admission=admission, person=person, guests=1, by=person, at=at)
    assert (one.pk, two.guests, admission.registrations.count()) == (two.pk, 0, 1)


def test_register_for_somebody_else_is_refused(at: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.register(admission=AdmissionFactory(), person=PersonFactory(), by=PersonFactory(), at=at)


def test_give_up_seat_offers_it_to_the_next_in_line_until_an_hour(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first, second = come(admission, at, 3)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    assert states(admission) == ["given_up", "offered", "waiting"]
    offered = now_of(first)
    assert offered.offered_until is not None
    assert offered.offered_until >= at + timedelta(hours=24)
    assert queries.seats_of(admission, at).free == 0, "a seat on offer is held"
    newcomer = come(admission, at)[0]
    assert newcomer.state == State.WAITING
    assert queries.standing_of(now_of(second)).ahead == 0


def test_give_up_seat_twice_gives_one_seat(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, *_waiting = come(admission, at, 3)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    assert states(admission) == ["given_up", "offered", "waiting"]


def test_give_up_somebody_elses_seat_is_refused(at: datetime) -> None:
    going = come(list_of(1, at + timedelta(days=30)), at)[0]
    with pytest.raises(NotAllowed):
        actions.give_up_seat(registration=going, by=PersonFactory(), at=at)


def test_give_up_seat_after_a_workshop_is_over_leaves_the_workshop_as_it_was(at: datetime) -> None:
    begins = at + timedelta(days=30)
    admission = list_of(1, begins)
    row = come(admission, at)[0]
    workshop = AdmissionFactory(
        event=admission.event, is_event=False, title={"en": "Rust"}, capacity=1, starts_at=begins,
        ends_at=begins + timedelta(minutes=30),
    )  # fmt: skip
    theirs = actions.register(admission=workshop, person=row.person, by=row.person, at=at)
    actions.give_up_seat(registration=row, by=row.person, at=begins + timedelta(hours=1))
    assert (now_of(row).state, now_of(theirs).state) == (State.GIVEN_UP, State.GOING)


def test_give_up_what_is_over_is_refused(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=1))
    going = come(admission, at)[0]
    with pytest.raises(Refusal, match=r"attendance\.over"):
        actions.give_up_seat(registration=going, by=going.person, at=at + timedelta(days=3))


def test_take_seat_that_is_offered(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first, second = come(admission, at, 3)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    taken = actions.take_seat(registration=first, by=first.person, at=at + timedelta(hours=1))
    assert (taken.state, taken.offered_until) == (State.GOING, None)
    assert SeatOffer.objects.get().outcome == "accepted"
    again = actions.take_seat(registration=first, by=first.person, at=at + timedelta(hours=2))
    assert again.state_at == at + timedelta(hours=1), "taking it twice is taking it once"
    with pytest.raises(Refusal, match="not_your_turn"):
        actions.take_seat(registration=second, by=second.person, at=at)


def test_take_seat_after_its_hour_is_refused_even_before_the_clock_noticed(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first = come(admission, at, 2)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    with pytest.raises(Refusal, match="offer_ended"):
        actions.take_seat(registration=first, by=first.person, at=at + timedelta(days=3))


def test_take_seat_of_somebody_else_or_without_an_offer_is_refused(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first = come(admission, at, 2)
    with pytest.raises(NotAllowed):
        actions.take_seat(registration=first, by=going.person, at=at)
    actions.give_up_seat(registration=first, by=first.person, at=at)
    with pytest.raises(Refusal, match="no_offer"):
        actions.take_seat(registration=first, by=first.person, at=at)
    with pytest.raises(Refusal, match="not_on"):
        actions.take_seat(registration=first, by=first.person, at=at + timedelta(days=40))


def test_end_due_offers_passes_seats_down_the_line(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first, second, third = come(admission, at, 4)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    later = now_of(first).offered_until
    assert later is not None
    assert actions.end_due_offers(admission=admission, by=KEEPER, at=later - timedelta(seconds=1)) == 0
    assert actions.end_due_offers(admission=admission, by=KEEPER, at=later) == 1
    assert states(admission) == ["given_up", "given_up", "offered", "waiting"]
    assert now_of(first).cause == "silence"
    assert list(SeatOffer.objects.order_by("pk").values_list("outcome", flat=True)) == ["ended", "open"]
    assert now_of(third).state == State.WAITING
    assert now_of(second).offered_until > later


def test_end_due_offers_is_hallways_own(at: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.end_due_offers(admission=AdmissionFactory(), by=PersonFactory(), at=at)
    with pytest.raises(NotAllowed):
        actions.pass_seats_on(admission=AdmissionFactory(), by=PersonFactory(), at=at)


def test_a_group_too_large_holds_the_line_until_it_becomes_smaller(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30), guests_most=2)
    one, two = come(admission, at, 2)
    group = come(admission, at, guests=1)[0]
    behind = come(admission, at)[0]
    actions.give_up_seat(registration=one, by=one.person, at=at)
    assert states(admission) == ["given_up", "going", "waiting", "waiting"], "nobody overtakes the group"
    actions.change_registration(registration=group, guests=0, by=group.person, at=at)
    assert now_of(group).state == State.OFFERED
    assert now_of(behind).state == State.WAITING
    assert now_of(two).state == State.GOING


def test_rule_by_lot_takes_the_lowest_lot(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), rule=Admission.Rule.LOTTERY)
    going, *waiting = come(admission, at, 6)
    assert queries.standing_of(now_of(waiting[0])).ahead is None
    luckiest = min(waiting, key=lambda row: row.lot)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    assert now_of(luckiest).state == State.OFFERED


def test_rule_first_timers_come_before_those_who_came_already(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), rule=Admission.Rule.FIRST_TIMERS)
    going = come(admission, at)[0]
    before = RegistrationFactory(came_at=at, admission__event__community=admission.event.community)
    regular = actions.register(admission=admission, person=before.person, by=before.person, at=at)
    newcomer = come(admission, at)[0]
    assert (regular.first_time, newcomer.first_time) == (False, True)
    assert queries.standing_of(now_of(newcomer)).ahead == 0
    actions.give_up_seat(registration=going, by=going.person, at=at)
    assert now_of(newcomer).state == State.OFFERED


def test_in_the_last_hours_the_first_to_come_has_the_seat(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first, second = come(admission, at, 3)
    late = at + timedelta(days=30) - timedelta(hours=2)
    actions.give_up_seat(registration=going, by=going.person, at=late)
    assert states(admission) == ["given_up", "waiting", "waiting"], "nothing is kept for anybody"
    assert FactRow.objects.filter(kind=SeatsFirstCome.kind).count() == 1
    assert actions.take_seat(registration=second, by=second.person, at=late).state == State.GOING
    with pytest.raises(Refusal, match="full"):
        actions.take_seat(registration=first, by=first.person, at=late)
    newcomer = come(admission, late)[0]
    assert newcomer.state == State.WAITING


def test_those_in_line_are_not_called_twice_within_twenty_minutes(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30))
    one, two, *_waiting = come(admission, at, 4)
    late = at + timedelta(days=30) - timedelta(hours=2)
    actions.give_up_seat(registration=one, by=one.person, at=late)
    actions.give_up_seat(registration=two, by=two.person, at=late + timedelta(minutes=5))
    assert FactRow.objects.filter(kind=SeatsFirstCome.kind).count() == 1
    actions.pass_seats_on(admission=admission, by=KEEPER, at=late + timedelta(minutes=21))
    assert FactRow.objects.filter(kind=SeatsFirstCome.kind).count() == 2


def test_a_newcomer_takes_a_free_seat_in_the_last_hours_although_others_wait(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, _first = come(admission, at, 2)
    late = at + timedelta(days=30) - timedelta(hours=2)
    actions.give_up_seat(registration=going, by=going.person, at=late)
    assert come(admission, late)[0].state == State.GOING


def test_more_seats_are_offered_down_the_line(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    come(admission, at, 4)
    actions.change_seats(admission=admission, seats=3, by=organiser, at=at)
    assert states(admission) == ["going", "offered", "offered", "waiting"]
    assert admission.capacity == admission.event.seats == 3


def test_no_limit_lets_everybody_in_line_go(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    come(admission, at, 3)
    actions.change_seats(admission=admission, seats=None, by=organiser, at=at)
    assert states(admission) == ["going"] * 3


def test_fewer_seats_take_back_offers_from_the_end_and_no_seat(at: datetime) -> None:
    admission = list_of(4, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    rows = come(admission, at, 7)
    for row in rows[:2]:
        actions.give_up_seat(registration=row, by=row.person, at=at)
    assert states(admission) == ["given_up", "given_up", "going", "going", "offered", "offered", "waiting"]
    actions.change_seats(admission=admission, seats=3, by=organiser, at=at)
    assert states(admission)[2:] == ["going", "going", "offered", "waiting", "waiting"]
    actions.change_seats(admission=admission, seats=1, by=organiser, at=at)
    assert states(admission)[2:] == ["going", "going", "waiting", "waiting", "waiting"]
    assert queries.seats_of(admission, at).free == -1
    assert sorted(SeatOffer.objects.values_list("outcome", flat=True)) == ["withdrawn", "withdrawn"]


@pytest.mark.parametrize("rule", [Admission.Rule.LOTTERY, Admission.Rule.FIRST_TIMERS])
def test_fewer_seats_take_back_offers_by_the_rule_of_the_line(rule: str, at: datetime) -> None:
    admission = list_of(3, at + timedelta(days=30), rule=rule)
    organiser = TeamRoleFactory(community=admission.event.community).person
    rows = come(admission, at, 5)
    # Chance, and having come before, would put the last to register first.
    Registration.objects.filter(pk=rows[3].pk).update(lot=2**62, first_time=False)
    for row in rows[:2]:
        actions.give_up_seat(registration=row, by=row.person, at=at)
    actions.change_seats(admission=admission, seats=2, by=organiser, at=at)
    assert states(admission) == ["given_up", "given_up", "going", "waiting", "offered"]


def test_seats_written_on_the_event_are_the_lists_seats(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    come(admission, at, 2)
    events.edit_event(event=admission.event, changes={"seats": 2}, by=organiser, at=at)
    assert states(admission) == ["going", "offered"]


def test_seats_beyond_the_chairs_are_given_too(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    come(admission, at, 3)
    actions.change_admission(admission=admission, changes={"extra": 1}, by=organiser, at=at)
    assert states(admission) == ["going", "offered", "waiting"]


def test_giving_up_the_event_gives_up_its_workshops(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    workshop = actions.add_workshop(event=admission.event, title={"en": "Soldering"}, capacity=1, by=organiser, at=at)
    one, two = come(admission, at, 2)
    for row in (one, two):
        actions.register(admission=workshop, person=row.person, by=row.person, at=at)
    actions.give_up_seat(registration=one, by=one.person, at=at)
    assert states(workshop) == ["given_up", "offered"]
    assert states(admission) == ["given_up", "going"]


def test_seats_that_change_make_old_the_pages_that_show_them(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    row = come(admission, at)[0]
    tag = f"seats:{admission.event_id}"
    before = Revision.objects.get(key=tag).seq
    actions.give_up_seat(registration=row, by=row.person, at=at)
    assert Revision.objects.get(key=tag).seq > before


def test_register_with_first_timers_first_is_offered_what_a_larger_group_cannot_use(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30), rule=Admission.Rule.FIRST_TIMERS, guests_most=2)
    [_sitting] = come(admission, at, 1)
    [before] = come(AdmissionFactory(event__community=admission.event.community), at, 1)
    Registration.objects.filter(pk=before.pk).update(came_at=at)
    group = actions.register(admission=admission, person=before.person, guests=1, by=before.person, at=at)
    assert group.state == State.WAITING
    [first_timer] = come(admission, at, 1)
    assert (first_timer.state, now_of(group).state) == (State.OFFERED, State.WAITING)
    assert first_timer.offered_until is not None


def test_approve_is_offered_what_a_larger_group_behind_cannot_use(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30), how=Admission.How.APPROVAL, guests_most=2)
    organiser = TeamRoleFactory(community=admission.event.community).person
    sitting, early = come(admission, at, 2)
    [group] = come(admission, at, 1, guests=1)
    for row in (sitting, group):
        actions.approve_registration(registration=row, by=organiser, at=at)
    approved = actions.approve_registration(registration=early, by=organiser, at=at)
    assert (approved.state, now_of(group).state) == (State.OFFERED, State.WAITING)
