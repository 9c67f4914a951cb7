"""Whatever people, teams and the clock do to a line, in turn or at once, the plain rules would have done the same."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.actions import seats
from hallway.gathering.attendance.actions.book import Line as BookLine
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.attendance.queries import seats as seats_queries
from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.people.actions import leave_hallway
from tests.factories import AdmissionFactory, EventFactory, PersonFactory, RegistrationFactory, TeamRoleFactory
from tests.faults.crowd import people, press_on, room_for, troubles_of
from tests.faults.seats_history import entry_of, is_rush, rows_after, troubles_in_history
from tests.faults.seats_model import Guest, Line

pytestmark = [pytest.mark.database, pytest.mark.fault]

BEGINS = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)
SEAT_KEEPER = SystemPerson("seats")
Step = tuple[str, dict[str, Any]]
RULES = ("in_order", "lottery", "first_timers")
LONGEST_OFFER = timedelta(hours=24 + 11)  # a day, and what would end at night ends in the morning
WHICH, SIZES = st.integers(0, 40), st.integers(0, 2)


class LineBesideModel(RuleBasedStateMachine):
    """Each step is done by an action and by the model; both have to say the same afterwards."""

    @initialize(rule_of_line=st.sampled_from(RULES), asks=st.booleans(), chairs=st.integers(0, 6))
    def open(self, rule_of_line: str, asks: bool, chairs: int) -> None:
        self.organiser = TeamRoleFactory().person
        community = self.organiser.team_roles.get().community
        event = EventFactory(community=community, seats=chairs, starts_at=BEGINS, ends_at=BEGINS + timedelta(hours=3))
        how = "approval" if asks else "open"
        self.admission = AdmissionFactory(event=event, capacity=chairs, rule=rule_of_line, how=how, guests_most=2)
        self.earlier = AdmissionFactory(event=EventFactory(community=community))
        self.line = Line(chairs, rule_of_line, asks)
        self.at = BEGINS - timedelta(days=9)
        self.walked_in: list[Any] = []
        last = FactRow.objects.order_by("-pk").first()
        self.last = last.pk if last else 0

    @property
    def rush(self) -> bool:
        return is_rush(self.admission, self.at)

    def one(self, number: int) -> Registration | None:
        keys = sorted(self.line.guests)
        return Registration.objects.get(pk=keys[number % len(keys)]) if keys else None

    def try_to(self, act: Callable[..., Any], **named: Any) -> bool:
        """Whether the action was done rather than refused."""
        try:
            act(**named, at=self.at)
        except Refusal:
            return False
        return True

    @rule(guests=SIZES, came_before=st.booleans())
    def somebody_comes(self, guests: int, came_before: bool) -> None:
        person = PersonFactory()
        if came_before:
            RegistrationFactory(admission=self.earlier, person=person, came_at=self.at)
        row = actions.register(admission=self.admission, person=person, guests=guests, by=person, at=self.at)
        self.line.register(Guest(row.pk, guests + 1, row.position, row.lot, not came_before), self.rush)

    @rule(number=WHICH, guests=SIZES)
    def somebody_comes_back(self, number: int, guests: int) -> None:
        there = self.one(number)
        if there is None or there.state == "declined":
            return
        known = self.line.guests[there.pk]
        if known.state in {"asked", "waiting", "offered", "going"}:
            guests = known.size - 1
        person = there.person
        row = actions.register(admission=self.admission, person=person, guests=guests, by=person, at=self.at)
        self.line.register(Guest(row.pk, guests + 1, row.position, row.lot, known.is_new), self.rush)

    @rule(number=WHICH)
    def somebody_takes_a_seat(self, number: int) -> None:
        if row := self.one(number):
            done = self.try_to(actions.take_seat, registration=row, by=row.person)
            assert done == self.line.take(row.pk, self.at, self.rush)

    @rule(number=WHICH)
    def somebody_gives_up(self, number: int) -> None:
        if row := self.one(number):
            actions.give_up_seat(registration=row, by=row.person, at=self.at)
            self.line.give_up(row.pk, self.rush)

    @rule(number=WHICH, guests=SIZES)
    def somebody_brings_more_or_fewer(self, number: int, guests: int) -> None:
        if row := self.one(number):
            done = self.try_to(actions.change_registration, registration=row, guests=guests, by=row.person)
            assert done == self.line.change(row.pk, guests + 1, self.rush)

    @precondition(lambda self: self.line.asks)
    @rule(number=WHICH)
    def team_says_yes(self, number: int) -> None:
        if row := self.one(number):
            self.try_to(actions.approve_registration, registration=row, by=self.organiser)
            self.line.approve(row.pk, self.rush)

    @rule(number=WHICH)
    def team_says_no(self, number: int) -> None:
        if (row := self.one(number)) and number % 4 == 0:
            actions.decline_registration(registration=row, reason="Not this time.", by=self.organiser, at=self.at)
            self.line.decline(row.pk, self.rush)

    @rule(chairs=st.one_of(st.integers(0, 8), st.none()))
    def team_moves_chairs(self, chairs: int | None) -> None:
        actions.change_seats(admission=self.admission, seats=chairs, by=self.organiser, at=self.at)
        self.line.resize(chairs, self.rush)

    @precondition(lambda self: self.at >= BEGINS - timedelta(hours=12))
    @rule()
    def somebody_walks_in(self) -> None:
        came = BookLine(uid=uuid4(), kind="came", how="walked_in", done_at=self.at, walk_in=uuid4(), name="Naledi")
        actions.write_in_book(admission=self.admission, lines=[came], by=self.organiser, at=self.at)
        self.line.walked_in += 1
        self.walked_in.append(came.walk_in)

    @precondition(lambda self: self.walked_in)
    @rule()
    def walking_in_is_undone(self) -> None:
        gone = BookLine(
            uid=uuid4(), kind="undone", how="list", done_at=self.at + timedelta(seconds=1), walk_in=self.walked_in.pop()
        )
        actions.write_in_book(admission=self.admission, lines=[gone], by=self.organiser, at=self.at)
        self.line.undo_walk_in(self.rush)

    @rule(hours=st.sampled_from([1, 7, 25, 200]))
    def time_passes(self, hours: int) -> None:
        self.at = min(self.at + timedelta(hours=hours), BEGINS - timedelta(hours=1))

    @rule()
    def sweep_passes(self) -> None:
        actions.end_due_offers(admission=self.admission, by=SEAT_KEEPER, at=self.at)
        self.line.end_due(self.at, self.rush)

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "line"):
            return
        rows = rows_after(self.last)
        self.last = rows[-1].pk if rows else self.last
        assert [entry_of(row) for row in rows] == self.line.log
        self.line.log.clear()
        self._copy_ends()
        found = {row.pk: (row.state, row.seats) for row in self.admission.registrations.all()}
        assert found == {key: (one.state, one.size) for key, one in self.line.guests.items()}
        assert list(self.line.troubles(None, self.rush)) == []
        assert troubles_of(self.admission) == []

    def _copy_ends(self) -> None:
        """When an offer ends is the action's to say, within what everybody can read."""
        for row in self.admission.registrations.filter(state="offered"):
            assert row.offered_until is not None
            assert row.state_at < row.offered_until <= row.state_at + LONGEST_OFFER
            assert row.offered_until <= BEGINS - timedelta(hours=3)
            self.line.guests[row.pk].until = row.offered_until


def walks(number: int, steps: int, **more: Any) -> settings:
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    return settings(
        max_examples=number, stateful_step_count=steps, deadline=None, suppress_health_check=quiet, database=None,
        derandomize=True, report_multiple_bugs=False, **more,
    )  # fmt: skip


@pytest.mark.django_db
def test_any_history_is_what_the_rules_say(figure: Callable[[str], None]) -> None:
    began = time.perf_counter()
    run_state_machine_as_test(LineBesideModel, settings=walks(12, 25))
    took = time.perf_counter() - began
    figure(f"seats, {connection.vendor}: 12 histories of 25 steps as the model has them, {took:.1f} s")


@pytest.mark.full
@pytest.mark.django_db
def test_any_of_many_long_histories_is_what_the_rules_say() -> None:
    run_state_machine_as_test(LineBesideModel, settings=walks(300, 50))


COMES: Step = ("somebody_comes", {"guests": 0, "came_before": False})
GIVES_UP: Step = ("somebody_gives_up", {"number": 0})
# A fault, and a short history in which it shows: chance alone may look for it for minutes.
PLANTED: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], list[Step]]] = {
    "somebody overtakes": (
        lambda plant: plant.setattr(
            queries, "line_of", lambda one: one.registrations.filter(state="waiting").order_by("-position")
        ),
        [COMES, COMES, COMES, COMES, GIVES_UP],
    ),
    "a seat too many": (
        lambda plant: plant.setattr(
            queries, "free_seats", lambda one, _at: None if one.seats is None else one.seats - queries.taken(one) + 1
        ),
        [COMES, COMES, COMES],
    ),
    "an offer that stays where no chair is left": (
        lambda plant: plant.setattr(actions.admissions, "withdraw_offers", lambda row, **_named: None),
        [COMES, COMES, COMES, GIVES_UP, ("team_moves_chairs", {"chairs": 1})],
    ),
    "a seat somebody sits on who walked in": (
        lambda plant: plant.setattr(seats_queries, "walked_in_seats", lambda admissions, at: {}),
        [("time_passes", {"hours": 200}), ("time_passes", {"hours": 7}), ("somebody_walks_in", {}), COMES, COMES],
    ),
    "a seat given up goes to nobody": (
        lambda plant: plant.setattr(seats, "pass_on", lambda row, **_named: 0),
        [COMES, COMES, COMES, GIVES_UP],
    ),
}


def play(history: list[Step]) -> None:
    """A history of two chairs, step by step beside the model. Raises AssertionError where they part."""
    line = LineBesideModel()
    line.open(rule_of_line="in_order", asks=False, chairs=2)
    for step, named in history:
        getattr(line, step)(**named)
        line.both_say_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", sorted(PLANTED))
def test_history_turns_red_for(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, history = PLANTED[fault]
    play(history)
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        play(history)


class Watcher(threading.Thread):
    """Looks at the seats again and again while others act; what it ever saw wrong is in ``seen``."""

    def __init__(self, admission: Admission) -> None:
        super().__init__()
        self.admission, self.seen, self.looks, self.enough = admission, set[str](), 0, threading.Event()

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                rows = list(
                    Registration.objects.filter(admission=self.admission, state__in=("going", "offered")).values_list(
                        "state", "seats", "admission__capacity"
                    )
                )
                held, going = sum(row[1] for row in rows), sum(row[1] for row in rows if row[0] == "going")
                if rows and held > max(rows[0][2], going):
                    self.seen.add(f"{held} held of {rows[0][2]}")
                self.looks += 1
                self.enough.wait(0.01)
        finally:
            connection.close()


def a_crowded_day(rule_of_line: str, *, asks: bool, number: int, chairs: int) -> tuple[list[str], Counter[str], int]:
    """Three moments, everybody acting at once in each: weeks before, when offers have ended, in the last hours."""
    chance = random.Random(f"{rule_of_line}{asks}")
    organiser = TeamRoleFactory().person
    admission = room_for(
        chairs, BEGINS, rule=rule_of_line, how="approval" if asks else "open", guests_most=2,
        community=organiser.team_roles.get().community,
    )  # fmt: skip
    line, crowd, refused = Line(chairs, rule_of_line, asks), people(number), Counter[str]()
    watcher = Watcher(admission)
    watcher.start()
    parts = [crowd[: number * 2 // 3], crowd[number * 2 // 3 : number * 5 // 6], crowd[number * 5 // 6 :]]
    for before, part in zip((timedelta(days=20), timedelta(days=18), timedelta(hours=2)), parts, strict=True):
        at = BEGINS - before
        calls = [_coming(admission, one, chance.choice([0, 0, 0, 1, 2]), at) for one in part]
        still = admission.registrations.filter(person__left_at=None)  # whoever left in an earlier moment acts no more
        there = list(still.select_related("person").order_by("position"))
        calls += [_acting(row, organiser, chance.random(), at) for row in there]
        calls += [_moving(admission, chairs + chance.choice([-6, -2, 3, 8]), organiser, at) for _ in range(4)]
        calls += [_sweeping(admission, at)] * 6
        chance.shuffle(calls)
        refused.update(press_on(calls)[0])
    watcher.enough.set()
    watcher.join()
    close_old_connections()
    return [*troubles_in_history(admission, line), *troubles_of(admission), *watcher.seen], refused, watcher.looks


def _coming(admission: Admission, person: Any, guests: int, at: datetime) -> Callable[[], object]:
    return lambda: actions.register(admission=admission, person=person, guests=guests, by=person, at=at)


def _acting(row: Registration, organiser: Any, wish: float, at: datetime) -> Callable[[], object]:
    if wish < 0.25:
        return lambda: actions.give_up_seat(registration=row, by=row.person, at=at)
    if wish < 0.3:
        return lambda: leave_hallway(person=row.person, by=row.person, at=at)
    if wish < 0.35:
        return lambda: actions.decline_registration(registration=row, reason="No.", by=organiser, at=at)
    if wish < 0.6 and row.state == "asked":
        return lambda: actions.approve_registration(registration=row, by=organiser, at=at)
    return lambda: actions.take_seat(registration=row, by=row.person, at=at)


def _moving(admission: Admission, chairs: int, organiser: Any, at: datetime) -> Callable[[], object]:
    return lambda: actions.change_seats(admission=admission, seats=chairs, by=organiser, at=at)


def _sweeping(admission: Admission, at: datetime) -> Callable[[], object]:
    return lambda: actions.end_due_offers(admission=admission, by=SEAT_KEEPER, at=at)


EXPECTED = {"attendance.not_your_turn", "attendance.full", "attendance.no_offer", "attendance.offer_ended",
            "attendance.not_asked"}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("rule_of_line", "asks"), [("in_order", False), ("lottery", False), ("first_timers", True)])
@pytest.mark.parametrize(
    ("number", "chairs"), [(60, 12), pytest.param(1_000, 100, marks=pytest.mark.full)], ids=["sixty", "a thousand"]
)
def test_crowd_that_acts_at_once_gets_what_the_rules_say(
    number: int, chairs: int, rule_of_line: str, asks: bool, figure: Callable[[str], None]
) -> None:
    began = time.perf_counter()
    troubles, refused, looks = a_crowded_day(rule_of_line, asks=asks, number=number, chairs=chairs)
    assert troubles == []
    assert set(refused) <= EXPECTED
    facts, took = FactRow.objects.filter(kind__startswith="attendance.").count(), time.perf_counter() - began
    figure(
        f"seats, {connection.vendor}: {number} acting at once, {rule_of_line}{', approval' if asks else ''}: {facts} "
        f"facts as the model has them, never over in {looks} looks, 0 errors, {took:.1f} s"
    )


@pytest.mark.django_db(transaction=True)
def test_crowd_turns_red_where_nobody_counts_seats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "fits", lambda admission, size, at: True)
    assert a_crowded_day("in_order", asks=False, number=30, chairs=6)[0] != []
