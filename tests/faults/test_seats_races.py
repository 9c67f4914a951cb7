"""Two hands on one seat in one moment: one outcome, no error, no seat twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.actions import registering, seats
from hallway.gathering.attendance.models import Admission, Registration, RegistrationRequest
from hallway.gathering.events import actions as events
from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.notices import queries as mail
from hallway.notices.models import OutboxMail
from hallway.people.actions import leave_hallway, merge_persons
from hallway.people.models import Person
from tests.factories import PersonFactory, TeamRoleFactory
from tests.faults.crowd import people, press_on, requests_for, room_for, troubles_of
from tests.faults.test_races import at_once, codes
from tests.gathering.attendance.line import come, now_of, states

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
State = Registration.State
KEEPER = SystemPerson("seats")
ROUNDS = range(3)


def facts(kind: str) -> int:
    return FactRow.objects.filter(kind=f"attendance.{kind}").count()


def offered_seat(at: datetime) -> tuple[Registration, Registration]:
    """Somebody a seat is offered to, and who is next after them."""
    admission = room_for(1, at + timedelta(days=30))
    sitting, first, second = come(admission, at, 3)
    actions.give_up_seat(registration=sitting, by=sitting.person, at=at)
    assert now_of(first).state == State.OFFERED
    return now_of(first), now_of(second)


def confirm_eight_times(at: datetime) -> list[BaseException]:
    admission = room_for(5, at + timedelta(days=30))
    requests_for(admission, 1, at, until=at + timedelta(days=2))
    rows = [RegistrationRequest.objects.get() for _tab in range(8)]
    calls = [
        lambda row=row: actions.confirm_request(request=row, name="Naledi", guests=1, by=KEEPER, at=at) for row in rows
    ]
    return at_once(*calls)


def test_confirm_in_eight_tabs_at_once_is_one_registration(at: datetime) -> None:
    assert confirm_eight_times(at) == []
    row = Registration.objects.get()
    assert (row.state, row.seats, row.position) == (State.GOING, 2, 1)
    assert (facts("registered"), Person.objects.filter(name="Naledi").count()) == (1, 1)


def accept_while_it_ends(at: datetime) -> tuple[str, list[str]]:
    """How it came out for the one it was offered to, and what is wrong with that."""
    first, second = offered_seat(at)
    assert first.offered_until is not None
    end, refused = first.offered_until, list[BaseException]()
    refused = at_once(
        lambda: actions.take_seat(registration=first, by=first.person, at=end - timedelta(seconds=1)),
        lambda: actions.end_due_offers(admission=second.admission, by=KEEPER, at=end),
    )
    outcome, after = now_of(first).state, now_of(second).state
    wrong = [f"{said}" for said in codes(refused) if said != "attendance.no_offer"]
    if (outcome, after, len(refused)) not in {(State.GOING, State.WAITING, 0), (State.GIVEN_UP, State.OFFERED, 1)}:
        wrong.append(f"{outcome}, then {after}, {len(refused)} refused")
    return outcome, wrong + troubles_of(second.admission)


def test_accept_in_the_instant_an_offer_ends_is_one_outcome(at: datetime, figure: Callable[[str], None]) -> None:
    outcomes = Counter[str]()
    for _round in range(8):
        outcome, wrong = accept_while_it_ends(at)
        assert wrong == []
        outcomes[outcome] += 1
    figure(f"seats, {connection.vendor}: accepted while the offer ended, 8 times: {dict(outcomes)}, no seat doubled")


def test_accept_and_end_in_either_order_give_the_seat_once(at: datetime) -> None:
    first, second = offered_seat(at)
    assert first.offered_until is not None
    actions.take_seat(registration=first, by=first.person, at=first.offered_until - timedelta(seconds=1))
    assert actions.end_due_offers(admission=first.admission, by=KEEPER, at=first.offered_until) == 0
    assert [now_of(first).state, now_of(second).state] == [State.GOING, State.WAITING]
    first, second = offered_seat(at)
    assert actions.end_due_offers(admission=first.admission, by=KEEPER, at=first.offered_until) == 1
    late = at_once(lambda: actions.take_seat(registration=first, by=first.person, at=first.offered_until))
    assert codes(late) == ["attendance.no_offer"]
    assert [now_of(first).state, now_of(second).state] == [State.GIVEN_UP, State.OFFERED]


def give_up_four_times(at: datetime) -> list[str]:
    admission = room_for(1, at + timedelta(days=30))
    sitting, *_others = come(admission, at, 4)
    rows = [now_of(sitting) for _tab in range(4)]
    calls = [lambda row=row: actions.give_up_seat(registration=row, by=row.person, at=at) for row in rows]
    wrong = codes(at_once(*calls)) + troubles_of(admission)
    if states(admission) != [State.GIVEN_UP, State.OFFERED, State.WAITING, State.WAITING]:
        wrong.append(f"{states(admission)}")
    return wrong + ([] if facts("seat_given_up") == 1 else ["given up more than once"])


def test_give_up_four_times_at_once_is_once(at: datetime) -> None:
    assert give_up_four_times(at) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_organisers_who_move_chairs_at_once_agree_in_the_end(_round: int, at: datetime) -> None:
    organiser, other = TeamRoleFactory(), TeamRoleFactory()
    admission = room_for(4, at + timedelta(days=30), community=organiser.community)
    other.community = organiser.community
    other.save()
    come(admission, at, 12)
    failures = at_once(
        lambda: actions.change_seats(admission=admission, seats=2, by=organiser.person, at=at),
        lambda: actions.change_seats(admission=Admission.objects.get(pk=admission.pk), seats=9, by=other.person, at=at),
    )
    assert codes(failures) == []
    row = Admission.objects.select_related("event").get(pk=admission.pk)
    assert row.capacity == row.event.seats
    assert row.capacity in {2, 9}
    assert states(row).count("offered") == (5 if row.capacity == 9 else 0)
    assert troubles_of(row) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_merge_while_one_of_the_two_takes_a_seat(_round: int, at: datetime) -> None:
    first, second = offered_seat(at)
    administrator = PersonFactory(is_administrator=True)
    failures = at_once(
        lambda: merge_persons(keep=second.person, gone=first.person, by=administrator, at=at),
        lambda: actions.take_seat(registration=first, by=first.person, at=at),
    )
    assert set(codes(failures)) <= {"attendance.gone"}
    row = Registration.objects.get(admission=first.admission, person=second.person)
    assert row.state in {State.GOING, State.OFFERED}
    assert not Registration.objects.filter(person=first.person).exists()
    assert troubles_of(first.admission) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_leave_while_a_seat_is_offered_and_taken(_round: int, at: datetime) -> None:
    first, second = offered_seat(at)
    failures = at_once(
        lambda: leave_hallway(person=first.person, by=first.person, at=at),
        lambda: actions.take_seat(registration=first, by=first.person, at=at),
        lambda: actions.end_due_offers(admission=second.admission, by=KEEPER, at=at),
    )
    assert set(codes(failures)) <= {"attendance.no_offer"}
    assert [now_of(first).state, now_of(second).state] == [State.GIVEN_UP, State.OFFERED]
    assert troubles_of(second.admission) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_leave_while_registering_keeps_no_seat(_round: int, at: datetime) -> None:
    admission, person = room_for(3, at + timedelta(days=30)), PersonFactory()
    failures = at_once(
        lambda: leave_hallway(person=Person.objects.get(pk=person.pk), by=person, at=at),
        lambda: actions.register(admission=admission, person=Person.objects.get(pk=person.pk), by=person, at=at),
    )
    assert set(codes(failures)) <= {"attendance.not_yours"}
    assert queries.taken(admission) == 0


def ask_a_hundred_times(at: datetime) -> list[str]:
    rooms = [room_for(10, at + timedelta(days=30 + day)) for day in range(10)]
    calls = [
        lambda room=room: actions.request_place(
            admission=room, address="stranger@example.org", language="en", by=KEEPER, at=at
        )
        for room in rooms * 10
    ]
    return press_on(calls)[0]


def test_hundred_devices_that_type_one_address_send_it_three_mails(at: datetime, figure: Callable[[str], None]) -> None:
    assert ask_a_hundred_times(at) == []
    assert OutboxMail.objects.filter(to_address="stranger@example.org").count() == 3
    assert RegistrationRequest.objects.count() == 10
    assert Registration.objects.count() == 0
    figure(f"seats, {connection.vendor}: one unconfirmed address typed 100 times at once for 10 events: 3 mails")


def storm(at: datetime) -> Counter[str]:
    """Everything that locks persons, events and admissions, mixed: what was refused, by code."""
    chance = random.Random(3)
    organiser = TeamRoleFactory().person
    community, administrator = organiser.team_roles.get().community, PersonFactory(is_administrator=True)
    rooms = [room_for(6, at + timedelta(days=20 + day), community=community) for day in range(3)]
    shops = [
        actions.add_workshop(event=room.event, title={"en": "Kilns"}, capacity=3, by=organiser, at=at) for room in rooms
    ]
    crowd = people(30)
    for room in rooms:
        for one in crowd[:10]:
            actions.register(admission=room, person=one, by=one, at=at)
    calls: list[Callable[[], object]] = []
    for room, shop in zip(rooms, shops, strict=True):
        for one in crowd[5:]:
            calls.append(lambda room=room, one=one: actions.register(admission=room, person=one, by=one, at=at))
            calls.append(lambda shop=shop, one=one: actions.register(admission=shop, person=one, by=one, at=at))
        for row in room.registrations.select_related("person", "admission"):
            calls.append(lambda row=row: actions.give_up_seat(registration=row, by=row.person, at=at))
        calls.append(lambda room=room: actions.register(admission=room, person=organiser, by=organiser, at=at))
        for number in range(4):
            address = f"invited{number}@example.org"
            calls.append(lambda room=room, to=address: actions.invite(admission=room, address=to, by=organiser, at=at))
            calls.append(lambda room=room, n=number: actions.change_seats(admission=room, seats=n, by=organiser, at=at))
            calls.append(
                lambda room=room, n=number: events.edit_event(
                    event=room.event, changes={"tagline": {"en": f"{n}"}, "seats": 4 + n}, by=organiser, at=at
                )
            )
            calls.append(lambda room=room: actions.end_due_offers(admission=room, by=KEEPER, at=at + timedelta(days=3)))
    calls += [lambda one=one: leave_hallway(person=one, by=one, at=at) for one in crowd[:4]]
    calls += [
        lambda keep=keep, gone=gone: merge_persons(keep=keep, gone=gone, by=administrator, at=at)
        for keep, gone in zip(crowd[10:14], crowd[14:18], strict=True)
    ]
    chance.shuffle(calls)
    refused = Counter(press_on(calls, hands=16)[0])
    assert [wrong for room in [*rooms, *shops] for wrong in troubles_of(room)] == []
    return refused


HARMLESS = {"attendance.event_first", "attendance.not_yours", "attendance.gone", "people.gone", "person.merged_already"}


def test_storm_of_everything_that_locks_ends_in_no_deadlock(at: datetime, figure: Callable[[str], None]) -> None:
    refused = storm(at)
    assert set(refused) <= HARMLESS
    figure(f"seats, {connection.vendor}: a storm over persons, events, admissions and workshops: 0 errors, no deadlock")


def test_confirm_turns_red_when_a_request_is_not_read_again(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registering, "held", lambda row, code: row)
    monkeypatch.setattr(queries, "ALIVE", ())
    assert confirm_eight_times(at) or facts("registered") > 1


def test_accept_and_give_up_turn_red_when_a_registration_is_not_read_again(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(registration: Registration, admission: Admission) -> Registration:
        registration.admission = admission
        return registration

    monkeypatch.setattr(seats, "again", stale)
    assert give_up_four_times(at) != []
    assert any(accept_while_it_ends(at)[1] for _round in range(12))


def test_hundred_devices_turn_red_when_mails_are_not_counted(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "mails_lately", lambda address, at: 0)
    monkeypatch.setattr(queries, "links_lately", lambda address, at: 0)
    ask_a_hundred_times(at)
    assert OutboxMail.objects.filter(to_address="stranger@example.org").count() > 3
