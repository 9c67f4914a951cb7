"""Who came and who comes: a year of evenings with their doors, lines for a seat, and a door that is open now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from hallway.gathering.attendance.actions import (
    add_question,
    approve_registration,
    change_admission,
    change_registration,
    change_wall,
    count_me_in,
    decline_registration,
    give_up_seat,
    register,
    write_in_book,
)
from hallway.gathering.attendance.actions.book import Line
from hallway.gathering.attendance.models import Admission, AdmissionQuestion, CheckIn, Registration
from hallway.gathering.attendance.queries import main_admission
from hallway.gathering.events.actions import create_event, edit_event, publish_event
from hallway.gathering.events.models import Event
from hallway.people.actions import know_by_address
from hallway.people.models import Person
from hallway.programme.schedule.actions import give_session_seats
from hallway.programme.schedule.models import Session

from .communities import Made
from .people import DEMONSTRATION, WHO, WITHOUT_ACCOUNT

GIVEN = (
    "Amahle", "Sipho", "Lwazi", "Zanele", "Themba", "Ayanda", "Pieter", "Fatima", "Neo", "Palesa", "Kabelo", "Ruan",
    "Boitumelo", "Mandla", "Yusuf", "Chipo", "Tariro", "Grace", "Daniel", "Refilwe", "Jabu", "Anika", "Kwame",
    "Lindiwe", "Marc", "Nadège", "Solène", "Idriss",
)  # fmt: skip
FAMILY = (
    "Ndlovu", "Botha", "Molefe", "Pillay", "Dube", "Okafor", "Naidoo", "Mahlangu", "van Wyk", "Tshabalala", "Moyo",
    "Jacobs", "Chauke", "Fourie", "Petit", "Mensah", "Sibiya", "Adams", "Langa",
)  # fmt: skip
STRANGERS = 76
EVENINGS, HALL = 9, 40
VISIT, VISITORS = "behind-the-racks", 12
VISITED = {
    "en": "Behind the racks: a visit to a data centre",
    "fr": "Derrière les baies\u202f: visite d’un centre de données",
}
VISIT_IN_SHORT = {
    "en": "An hour where the servers are, an hour with those who keep them running",
    "fr": "Une heure au milieu des serveurs, une heure avec les personnes qui les font tourner",
}
WHY_NOT_EVERYBODY = {
    "en": "The house lets in twelve people. We look at who has never seen one from inside, and at your question.",
    "fr": "La maison laisse entrer douze personnes. Nous regardons qui n’en a jamais vu, et votre question.",
}
WISHES = (
    "I run two servers at home and have never seen a real hall.",
    "How do you keep it cool when the power is off?",
    "I teach networking to school leavers and would tell them about it.",
    "Who comes when something breaks at night?",
    "I saw one in Nairobi and would like to compare.",
    "I write the firmware of power meters: which numbers do you look at?",
    "I want to know what becomes of old disks.",
)
NOT_THIS_TIME = "You were on our last visit. This time others come first; thank you for understanding."
HANDS_ON, TABLES = "Bring a program that hangs", 12
BOOK = UUID("6f2f3b0e-6f0d-4c0e-9a55-1f0f5f0a7c11")
DIET = {
    "kind": AdmissionQuestion.Kind.DIET,
    "text": {"en": "What do you not eat?", "fr": "Que ne mangez-vous pas\u202f?"},
    "purpose": {"en": "For the people who cook", "fr": "Pour les personnes qui cuisinent"},
    "kept_days": 3,
}


def gather_all(made: Mapping[str, Made], people: Mapping[str, Person], now: datetime) -> None:
    """Fill the evenings of one community, the next ones of two, and the conference that is on."""
    strangers = _strangers(now - timedelta(days=400))
    known = [person for slug, person in people.items() if slug not in WITHOUT_ACCOUNT]
    jacaranda = made["jacaranda-developers"]
    _fill_past(jacaranda, strangers, now)
    _fill_next(jacaranda, people, strangers, now)
    _fill_quietly(made["quai-des-devs"], strangers[:38], now)
    _ask_for_a_visit(jacaranda, [*strangers[44:50], people["bontle-mashaba"]], now)
    _fill_conference(jacaranda, [*known, *strangers], now)


def _strangers(at: datetime) -> list[Person]:
    """People who came by a mailed link and have no account."""
    names = [f"{GIVEN[n % len(GIVEN)]} {FAMILY[n * 7 % len(FAMILY)]}" for n in range(STRANGERS)]
    return [
        know_by_address(email=f"attendee-{n}@example.org", name=name, language="en", by=DEMONSTRATION, at=at)
        for n, name in enumerate(names)
    ]


def _come(admission: Admission, people: Sequence[Person], since: datetime, every: timedelta) -> list[Registration]:
    """They register one after the other."""
    return [
        register(admission=admission, person=person, by=person, at=since + every * number)
        for number, person in enumerate(people)
    ]


def _fill_past(one: Made, strangers: Sequence[Person], now: datetime) -> None:
    """The last evenings: some thirty said yes to each, two in three of them came, and a few walked in."""
    over = one.series.editions.filter(state=Event.State.PUBLISHED, ends_at__lte=now).order_by("-starts_at")
    for turn, event in enumerate(reversed(over[:EVENINGS])):
        admission = main_admission(event)
        if admission is None or event.starts_at is None:
            continue
        said_yes = [strangers[(turn * 11 + each) % STRANGERS] for each in range(27 + turn % 4)]
        rows = _come(admission, said_yes, event.starts_at - timedelta(days=9), timedelta(hours=5))
        came = [row for number, row in enumerate(rows) if (number * 7 + turn * 3) % 10 < 7]
        _open_door(admission, one.organiser, came, walked_in=1 + turn % 3, at=event.starts_at)


def _fill_next(one: Made, people: Mapping[str, Person], strangers: Sequence[Person], now: datetime) -> None:
    """The next evening is in the small hall and full: a seat is on offer, others stand in line."""
    event = one.series.editions.filter(state=Event.State.PUBLISHED, starts_at__gt=now).earliest("starts_at")
    by, lately = one.organiser, now - timedelta(hours=30)
    event = edit_event(event=event, changes={"seats": HALL}, by=by, at=lately)
    admission = main_admission(event)
    if admission is None:
        return
    change_admission(admission=admission, changes={"must_answer": True, "guests_most": 1}, by=by, at=lately)
    add_question(admission=admission, fields=DIET, by=by, at=lately)
    bontle = people["bontle-mashaba"]
    rows = _come(admission, [bontle, *strangers[:43], people["thabo-nel"]], lately, timedelta(minutes=7))
    change_registration(registration=rows[0], shown=Registration.Shown.EVERYBODY, by=bontle, at=lately)
    give_up_seat(registration=rows[5], by=rows[5].person, at=now - timedelta(hours=1))
    count_me_in(series=one.series, person=bontle, by=bontle, at=now - timedelta(minutes=50))


def _fill_quietly(one: Made, strangers: Sequence[Person], now: datetime) -> None:
    """An evening with chairs left."""
    event = one.series.editions.filter(state=Event.State.PUBLISHED, starts_at__gt=now).earliest("starts_at")
    admission = main_admission(event)
    if admission is not None:
        _come(admission, strangers, now - timedelta(hours=26), timedelta(minutes=11))


def _ask_for_a_visit(one: Made, people: Sequence[Person], now: datetime) -> None:
    """Something for few: people say why they want to come, the team has said yes to some, no to one, and reads on."""
    by, lately = one.organiser, now - timedelta(days=3)
    day = (now + timedelta(days=17)).astimezone(ZoneInfo(one.written.zone)).date()
    starts_at = datetime.combine(day, time(14), ZoneInfo(one.written.zone))
    event = create_event(
        community=one.community, title=VISITED, slug=VISIT, tagline=VISIT_IN_SHORT, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2), seats=VISITORS, by=by, at=lately,
    )  # fmt: skip
    event = publish_event(event=event, by=by, at=lately)
    admission = main_admission(event)
    if admission is None:
        return
    how = {"how": Admission.How.APPROVAL, "reason": WHY_NOT_EVERYBODY, "guests_most": 0}
    admission = change_admission(admission=admission, changes=how, by=by, at=lately)
    since, rows = lately + timedelta(hours=2), []
    for number, (person, wish) in enumerate(zip(people, WISHES, strict=True)):
        asked_at = since + timedelta(hours=5) * number
        rows.append(register(admission=admission, person=person, message=wish, by=person, at=asked_at))
    for row in rows[:3]:
        approve_registration(registration=row, by=by, at=now - timedelta(hours=20))
    decline_registration(registration=rows[4], reason=NOT_THIS_TIME, by=by, at=now - timedelta(hours=19))


def _fill_conference(one: Made, everybody: Sequence[Person], now: datetime) -> None:
    """The conference is on: most are here, others are still on their way."""
    event = Event.objects.get(slug="jacaranda-conf")
    admission = main_admission(event)
    if admission is None or event.starts_at is None:
        return
    change_wall(admission=admission, by=one.organiser, at=event.starts_at - timedelta(days=1))
    add_question(admission=admission, fields=DIET, by=one.organiser, at=event.starts_at - timedelta(days=30))
    rows = _come(admission, everybody, event.starts_at - timedelta(days=20), timedelta(hours=2))
    arrived = [row for number, row in enumerate(rows) if number % 5]
    _fill_workshop(event, one.organiser, [row.person for row in rows], event.starts_at - timedelta(days=4))
    _open_door(admission, one.organiser, arrived, walked_in=3, at=min(event.starts_at, now - timedelta(minutes=5)))


def _fill_workshop(event: Event, by: Person, people: Sequence[Person], since: datetime) -> None:
    """A workshop of the second day has twelve seats of its own, and a line in which the attendee is the last."""
    session = Session.objects.select_related("event").get(event=event, talk__title__en=HANDS_ON)
    admission = give_session_seats(session=session, seats=TABLES, by=by, at=since)
    others = [person for person in people if person.slug not in WHO.values()]
    last = next(person for person in people if person.slug == WHO["attendee"])
    _come(admission, [*others[: TABLES + 3], last], since, timedelta(hours=1))


def _open_door(admission: Admission, by: Person, came: Sequence[Registration], *, walked_in: int, at: datetime) -> None:
    """Write them into the door's book, a few seconds apart."""
    lines = [
        Line(
            uid=uuid5(BOOK, f"came:{row.pk}"), kind=CheckIn.Kind.CAME, how=CheckIn.How.LIST, registration_id=row.pk,
            seats=row.seats, done_at=at + timedelta(seconds=4 * number),
        )
        for number, row in enumerate(came)
    ] + [
        Line(
            uid=uuid5(BOOK, f"walked:{admission.pk}:{number}"), kind=CheckIn.Kind.CAME, how=CheckIn.How.WALKED_IN,
            walk_in=uuid5(BOOK, f"walk-in:{admission.pk}:{number}"), done_at=at + timedelta(minutes=number),
        )
        for number in range(walked_in)
    ]  # fmt: skip
    write_in_book(admission=admission, lines=lines, by=by, at=at + timedelta(minutes=10))
