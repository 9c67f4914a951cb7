"""Many people at once in front of one admission, and what has to be true of seats whatever they do."""

from __future__ import annotations

import queue
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import close_old_connections, connection
from django.db.models import Sum

from hallway.gathering.attendance.models import Admission, Registration, RegistrationRequest, SeatOffer
from hallway.gathering.communities.models import Community
from hallway.kit.links import new_nonce
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from tests.factories import AdmissionFactory, CommunityFactory, EventFactory, PersonFactory

State = Registration.State
HOLD = (State.GOING, State.OFFERED)


def said(error: BaseException) -> str:
    """The code of a refusal; of anything else also where it came from, for nobody else will see it."""
    return error.code if isinstance(error, Refusal) else "".join(traceback.format_exception(error))


def press_on(calls: Sequence[Callable[[], object]], *, hands: int = 24) -> tuple[list[str], list[float]]:
    """Make all calls as fast as so many threads can, from one moment on. What failed, and how long each took."""
    waiting: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
    for call in calls:
        waiting.put(call)
    failed: list[str] = []
    took: list[float] = []
    gate = threading.Barrier(min(hands, len(calls)))

    def work() -> None:
        try:
            gate.wait(30)
            while True:
                try:
                    call = waiting.get_nowait()
                except queue.Empty:
                    return
                began = time.perf_counter()
                try:
                    call()
                except BaseException as error:
                    failed.append(said(error))
                took.append(time.perf_counter() - began)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(min(hands, len(calls)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    close_old_connections()
    return sorted(failed), sorted(took)


def percentile(sorted_values: Sequence[float], of_hundred: int) -> float:
    """The value that so many of a hundred do not exceed."""
    return sorted_values[min(len(sorted_values) - 1, len(sorted_values) * of_hundred // 100)]


def room_for(seats: int | None, begins: datetime, *, community: Community | None = None, **fields: Any) -> Admission:
    """An admission with so many seats for an event that begins then."""
    event = EventFactory(
        seats=seats, starts_at=begins, ends_at=begins.replace(hour=23, minute=59),
        community=community or CommunityFactory(),
    )  # fmt: skip
    return AdmissionFactory(event=event, capacity=seats, **fields)


def people(number: int) -> list[Person]:
    """So many people, written in one go."""
    return list(Person.objects.bulk_create(PersonFactory.build_batch(number)))


def requests_for(admission: Admission, number: int, at: datetime, *, until: datetime) -> list[RegistrationRequest]:
    """So many different people who typed their address and have not pressed the button yet."""
    rows = RegistrationRequest.objects.bulk_create(
        RegistrationRequest(
            admission=admission, address=f"guest{place}@example.org", language="en", nonce=new_nonce(),
            created_at=at, expires_at=until,
        )
        for place in range(number)
    )  # fmt: skip
    return list(rows)


def troubles_of(admission: Admission) -> list[str]:
    """Everything that is wrong with the seats of an admission, in words; nothing when all is well."""
    row = Admission.objects.select_related("event").get(pk=admission.pk)
    registrations = row.registrations.order_by("position")
    positions = list(registrations.values_list("position", flat=True))
    held = registrations.filter(state__in=HOLD).aggregate(number=Sum("seats"))["number"] or 0
    going = registrations.filter(state=State.GOING).aggregate(number=Sum("seats"))["number"] or 0
    found = []
    if row.seats is not None and held > max(row.seats, going):
        found.append(f"{held} seats are held of {row.seats}, {going} by those going")
    if len(set(positions)) != len(positions):
        found.append("two stand in one place")
    if positions and positions[-1] > row.last_position:
        found.append(f"somebody stands at {positions[-1]}, the last place given was {row.last_position}")
    people = Counter(registrations.values_list("person_id", flat=True))
    found += [f"person {person} is registered {number} times" for person, number in people.items() if number > 1]
    codes = Counter(registrations.values_list("code", flat=True))
    found += [f"{number} have the code {code}" for code, number in codes.items() if number > 1]
    offered = set(registrations.filter(state=State.OFFERED).values_list("pk", flat=True))
    open_offers = list(
        SeatOffer.objects.filter(registration__admission=row, outcome=SeatOffer.Outcome.OPEN).values_list(
            "registration_id", flat=True
        )
    )
    if sorted(open_offers) != sorted(offered):
        found.append(f"open offers are of {sorted(open_offers)}, seats are offered to {sorted(offered)}")
    return found


def in_line_without_gaps(admission: Admission, going: int, waiting: int) -> list[str]:
    """What is wrong after more came than there are seats: the first have them, the others stand as they came."""
    rows = list(admission.registrations.order_by("position").values_list("position", "state"))
    wanted = [State.GOING] * going + [State.WAITING] * waiting
    found = troubles_of(admission)
    if [position for position, _state in rows] != list(range(1, going + waiting + 1)):
        found.append("places have gaps or doubles")
    if [state for _position, state in rows] != wanted:
        found.append(f"not the first {going} have seats: {Counter(state for _position, state in rows)}")
    return found
