"""What letters to those who come say, as the outbox has them, in both languages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import translation

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.events.actions import cancel_event, postpone_event, publish_event
from hallway.gathering.events.models import Event
from hallway.kit import sweeps
from hallway.kit.actors import SystemPerson
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.factories import AdmissionFactory, EventFactory, PersonFactory, TeamRoleFactory, VenueFactory

pytestmark = pytest.mark.django_db
KEEPER = SystemPerson("seats")
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
BUTTON = re.compile(r'<a class="button"[^>]* href="([^"]+)"|<a [^>]*href="([^"]+)"[^>]*class="button"')


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def admission(at: datetime) -> Admission:
    event = EventFactory(
        title={"en": "Jacaranda evening", "fr": "Soirée Jacaranda"}, zone="Africa/Johannesburg", seats=1,
        starts_at=at + timedelta(days=30), ends_at=at + timedelta(days=30, hours=3),
        venue=VenueFactory(name="Karee Hall"),
        reason={"en": "The hall is flooded.", "fr": "La salle est inondée."},
    )  # fmt: skip
    made: Admission = AdmissionFactory(event=event, capacity=1)
    return made


@pytest.fixture
def organiser(admission: Admission) -> Person:
    return TeamRoleFactory(community=admission.event.community).person


def come(admission: Admission, at: datetime, language: str, **fields: Any) -> Registration:
    person = PersonFactory(page_language=language, zone="Europe/Paris", name="<b>Nosy</b> buy-now.example")
    return actions.register(admission=admission, person=person, by=person, at=at, **fields)


def letters(address: str) -> list[OutboxMail]:
    """What the outbox holds for an address once everything due is done, oldest first."""
    for _round in range(3):
        sweeps.run_due()
    return list(OutboxMail.objects.filter(to_address=address).order_by("pk"))


def newest(row: Registration) -> OutboxMail:
    return letters(row.person.email or "")[-1]


def check(mail: OutboxMail, language: str, subject: str, *words: str, do: str = "", when: bool = True) -> None:
    """In its language, with one button, the hour on the venue's clock with its zone, and the reader's."""
    assert mail.language == language
    assert mail.subject == " ".join(subject.split()), "subjects are in one line, with plain spaces"
    for one in words:
        assert one in mail.text, (one, mail.text)
    buttons = [first or second for first, second in BUTTON.findall(mail.html)]
    assert len(buttons) == 1, mail.html
    assert buttons[0] in mail.text
    assert buttons[0].endswith(f"/{do}")
    if when:
        assert {"en": "11:00, Johannesburg (UTC+2)", "fr": "11\xa0h, Johannesburg (UTC+2)"}[language] in mail.text
    assert "{{" not in mail.text + mail.html
    assert "<b>Nosy" not in mail.html


@LANGUAGES
def test_confirm_has_nothing_a_stranger_typed(admission: Admission, at: datetime, language: str) -> None:
    actions.request_place(admission=admission, address="amina@example.org", language=language, by=KEEPER, at=at)
    mail = letters("amina@example.org")[0]
    check(
        mail,
        language,
        {
            "en": "One press, and you are on the list: Jacaranda evening",
            "fr": "Encore un geste, et vous êtes sur la liste\u202f: Soirée Jacaranda",
        }[language],
        {"en": "good until Saturday 10 October, 11:00", "fr": "valable jusqu’au samedi 10 octobre, 11\xa0h"}[language],
        {"en": "Until then no seat is yours", "fr": "Jusque-là, aucune place n’est à vous"}[language],
    )
    assert "amina" not in mail.text + mail.html


@LANGUAGES
def test_invited(admission: Admission, organiser: Person, at: datetime, language: str) -> None:
    with translation.override(language):
        actions.invite(admission=admission, address="vip@example.org", by=organiser, at=at)
    check(
        letters("vip@example.org")[0],
        language,
        {"en": "You are invited: Jacaranda evening", "fr": "Une invitation pour vous\u202f: Soirée Jacaranda"}[
            language
        ],
        {"en": "do not pass it on", "fr": "ne pas le transmettre"}[language],
    )


@LANGUAGES
def test_registered_going_in_line_and_asked(admission: Admission, at: datetime, language: str) -> None:
    going = come(admission, at, language)
    waiting = come(admission, at, language)
    mail = newest(going)
    check(
        mail,
        language,
        {"en": "You are going: Jacaranda evening", "fr": "Inscription confirmée\u202f: Soirée Jacaranda"}[language],
        going.code,
        {"en": "Where you are: Saturday 7 November, 10:00, Paris", "fr": "10\xa0h, Paris"}[language],
        "Karee Hall",
    )
    assert len(mail.attachments) == 1
    mail = newest(waiting)
    check(
        mail,
        language,
        {"en": "You are in line: Jacaranda evening", "fr": "Dans la file d’attente\u202f: Soirée Jacaranda"}[language],
        {"en": "You are next in line.", "fr": "personne n’est avant vous"}[language],
    )
    assert mail.attachments == []
    Admission.objects.update(how="approval")
    admission.refresh_from_db()
    check(
        newest(come(admission, at, language)),
        language,
        {"en": "You asked to come: Jacaranda evening", "fr": "Demande envoyée\u202f: Soirée Jacaranda"}[language],
    )


@LANGUAGES
def test_approved_and_declined(admission: Admission, organiser: Person, at: datetime, language: str) -> None:
    Admission.objects.update(how="approval")
    admission.refresh_from_db()
    yes, line, no = (come(admission, at, language, guests=0) for _one in range(3))
    for row in (yes, line):
        actions.approve_registration(registration=row, by=organiser, at=at)
    actions.decline_registration(registration=no, reason="Only <members>.", by=organiser, at=at)
    for row in (yes, line):
        assert {"en": "The team said yes.", "fr": "L’équipe a dit oui."}[language] in newest(row).text
    mail = newest(no)
    check(
        mail,
        language,
        {"en": "No seat this time: Jacaranda evening", "fr": "Pas de place cette fois\u202f: Soirée Jacaranda"}[
            language
        ],
        "Only <members>.",
    )
    assert "Only &lt;members&gt;." in mail.html


@LANGUAGES
def test_offered_given_up_and_offer_ended(admission: Admission, at: datetime, language: str, on_the_day: Any) -> None:
    going, waiting = come(admission, at, language, guests=0), come(admission, at, language)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    mail = newest(going)
    check(
        mail,
        language,
        {
            "en": "Your registration has ended: Jacaranda evening",
            "fr": "Fin de votre inscription\u202f: Soirée Jacaranda",
        }[language],
        {"en": "Thank you", "fr": "Merci"}[language],
    )
    assert len(mail.attachments) == 1, "a file that takes it out of the calendar"
    check(
        newest(waiting),
        language,
        {
            "en": "A seat for you until Friday 9 October, 11:00, Johannesburg (UTC+2): Jacaranda evening",
            "fr": (
                "Une place pour vous jusqu’au vendredi 9 octobre, 11\xa0h, Johannesburg (UTC+2)\u202f: Soirée Jacaranda"
            ),
        }[language],
        do="?do=take",
    )
    on_the_day.move_to(at + timedelta(days=3))
    check(
        newest(waiting),
        language,
        {
            "en": "The seat went on: Jacaranda evening",
            "fr": "La place est passée à quelqu’un d’autre\u202f: Soirée Jacaranda",
        }[language],
        {"en": "Register again", "fr": "Inscrivez-vous de nouveau"}[language],
    )


@LANGUAGES
def test_offer_withdrawn(admission: Admission, organiser: Person, at: datetime, language: str) -> None:
    going, waiting = come(admission, at, language), come(admission, at, language)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    actions.change_seats(admission=admission, seats=0, by=organiser, at=at)
    check(
        newest(waiting),
        language,
        {"en": "You are in line again: Jacaranda evening", "fr": "De nouveau dans la file\u202f: Soirée Jacaranda"}[
            language
        ],
        {"en": "nobody overtook you", "fr": "personne n’est passé devant vous"}[language],
    )


@LANGUAGES
def test_first_come(admission: Admission, at: datetime, language: str, on_the_day: Any) -> None:
    going, waiting = come(admission, at, language), come(admission, at, language)
    late = admission.event.starts_at - timedelta(hours=1)
    on_the_day.move_to(late)
    actions.give_up_seat(registration=going, by=going.person, at=late)
    check(
        newest(waiting),
        language,
        {
            "en": "Seats are free, first come: Jacaranda evening",
            "fr": "Places libres, premiers arrivés, premiers servis\u202f: Soirée Jacaranda",
        }[language],
        do="?do=take",
    )


@LANGUAGES
@pytest.mark.parametrize("must", [True, False])
def test_still_coming_and_given_up_by_silence(
    admission: Admission, at: datetime, language: str, must: bool, on_the_day: Any
) -> None:
    Admission.objects.update(must_answer=must)
    admission.refresh_from_db()
    row = come(admission, at, language)
    on_the_day.move_to(at + timedelta(days=23, minutes=1))
    mail = newest(row)
    subjects = {
        ("en", False): "Still coming? Jacaranda evening",
        ("fr", False): "Vous venez toujours\u202f? Soirée Jacaranda",
        ("en", True): "Still coming? Answer by Monday 2 November, 11:02, Johannesburg (UTC+2): Jacaranda evening",
        ("fr", True): (
            "Vous venez toujours\u202f? Réponse avant le lundi 2 novembre, 11\xa0h\xa002, Johannesburg (UTC+2)\u202f: "
            "Soirée Jacaranda"
        ),
    }
    check(mail, language, subjects[language, must], row.code, do="?do=coming")
    on_the_day.move_to(at + timedelta(days=26))
    mail = newest(row)
    silence = {"en": "There was no answer in time", "fr": "La réponse n’est pas venue à temps"}[language]
    assert (silence in mail.text) is must


NEWS = {
    "moved": ("New date: Jacaranda evening", "Nouvelle date\u202f: Soirée Jacaranda"),
    "place": ("New place: Jacaranda evening", "Nouveau lieu\u202f: Soirée Jacaranda"),
    "postponed": ("Postponed: Jacaranda evening", "Reporté\u202f: Soirée Jacaranda"),
    "cancelled": ("Cancelled: Jacaranda evening", "Annulé\u202f: Soirée Jacaranda"),
    "withdrawn": ("Not announced any more: Jacaranda evening", "N’est plus annoncé\u202f: Soirée Jacaranda"),
    "back": ("It takes place after all: Jacaranda evening", "Finalement maintenu\u202f: Soirée Jacaranda"),
}


def make_news(news: str, event: Event, organiser: Person, at: datetime) -> None:
    event.refresh_from_db()
    if news == "moved":
        later = at + timedelta(days=40)
        postpone_event(event=event, starts_at=later, ends_at=later + timedelta(hours=3), reason={}, by=organiser, at=at)
    elif news == "place":
        other = VenueFactory(community=event.community, name="Cedar Hall")
        Event.objects.filter(pk=event.pk).update(venue=other, revision=event.revision + 1, updated_at=at)
    elif news == "postponed":
        postpone_event(event=event, starts_at=None, ends_at=None, reason={}, by=organiser, at=at)
    elif news == "withdrawn":
        Event.objects.filter(pk=event.pk).update(state="draft", revision=event.revision + 1, updated_at=at)
    else:
        cancel_event(event=event, reason={"en": "The hall is flooded."}, by=organiser, at=at)


@LANGUAGES
@pytest.mark.parametrize("news", NEWS)
def test_changed(
    admission: Admission, organiser: Person, at: datetime, language: str, news: str, on_the_day: Any
) -> None:
    row = come(admission, at, language)
    newest(row)
    make_news(news, admission.event, organiser, at)
    on_the_day.shift(timedelta(minutes=11))
    mail = newest(row)
    if news == "back":
        event = Event.objects.get(pk=admission.event_id)
        publish_event(event=event, by=organiser, at=at + timedelta(minutes=11))
        mail = newest(row)
    english, french = NEWS[news]
    dated = news in {"moved", "place", "back"}
    check(mail, language, {"en": english, "fr": french}[language], when=dated)
    assert len(mail.attachments) == 1
    if news == "place":
        assert "Cedar Hall" in mail.text
    if news == "cancelled":
        assert "The hall is flooded." in mail.text
