"""What is kept of invented talks: takeaways, notes written together, slides, and people who wait for some."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from hallway.gathering.events.models import Event
from hallway.kit.actors import Visitor
from hallway.people.models import Person
from hallway.programme.schedule.actions import ask_for_slides
from hallway.programme.schedule.models import Session
from hallway.programme.talks.actions import NewMaterial, add_material
from hallway.sharing.takeaways.actions import mark_helped, share_takeaway, write_shared_notes

from .communities import Made
from .people import DEMONSTRATION, WITHOUT_ACCOUNT

DEVICES, WAITING = UUID("0b0cf7b0-0a52-4c0a-8d61-6f7f3c1d2a10"), 12
# Each with whether its writer is named, and how many it helped.
TAKEN_HOME = {
    "en": (
        ("On Monday I will delete the retry loop and write down **which failures we retry at all**.", True, 4),
        ("A small room that is full beats a big one that is not. We take the library next time.", True, 2),
        ("I was the only one who did not know the word “backpressure”. Now I do, and so did half the room.", False, 3),
    ),
    "fr": (
        ("Lundi, je commence par écrire *ce que nous ne ferons pas*. La liste était plus courte que prévu.", True, 3),
        ("Une démonstration qui rate, racontée jusqu’au bout, m’a plus appris que trois qui marchent.", False, 2),
    ),
}
TOGETHER = {
    "en": (
        "## What was said\n\n- Measure before you change anything.",
        "## What was said\n\n- Measure before you change anything.\n- The second fix is usually the right one.",
        "## What was said\n\n- Measure before you change anything, and keep the figures.\n- The second fix is usually "
        "the right one.\n\n## To read\n\n- The paper from the last slide\n- The workshop repository",
    ),
    "fr": (
        "## Ce qui a été dit\n\n- Mesurer avant de changer quoi que ce soit.",
        "## Ce qui a été dit\n\n- Mesurer avant de changer quoi que ce soit, et garder les chiffres.\n\n## À lire\n\n"
        "- L’article de la dernière diapositive",
    ),
}


def keep_all(made: Mapping[str, Made], people: Mapping[str, Person], now: datetime) -> None:
    """At the last two evenings of two communities, and of what is over at the conference that is on."""
    writers = [person for slug, person in people.items() if slug not in WITHOUT_ACCOUNT]
    for slug, language in (("jacaranda-developers", "en"), ("quai-des-devs", "fr")):
        over = made[slug].series.editions.filter(state=Event.State.PUBLISHED, ends_at__lte=now)
        for place, event in enumerate(over.order_by("-starts_at")[:2]):
            sessions = _over(event, now)
            _keep(sessions[0], writers[place:], language, now)
            if place:
                _bring(sessions[0], now)
            else:
                _wait(sessions[-1], now)
    for session in _over(Event.objects.get(slug="jacaranda-conf"), now)[:2]:
        _keep(session, writers, "en", now)


def _over(event: Event, now: datetime) -> list[Session]:
    rows = event.sessions.filter(talk__isnull=False, public_at__isnull=False, slots__public_ends_at__lte=now)
    return list(rows.select_related("event", "talk").order_by("slots__public_starts_at", "pk"))


def _keep(session: Session, writers: list[Person], language: str, now: datetime) -> None:
    for number, (text, named, helped) in enumerate(TAKEN_HOME[language]):
        writer, moment = writers[number], now - timedelta(minutes=50 - number)
        shown = share_takeaway(session=session, text=text, is_named=named, language=language, by=writer, at=moment)
        for reader in [one for one in writers if one != writer][:helped]:
            mark_helped(takeaway=shown, by=reader, at=moment + timedelta(minutes=3))
    for number, text in enumerate(TOGETHER[language]):
        moment = now - timedelta(minutes=40 - number)
        write_shared_notes(session=session, text=text, base=number, by=writers[number + 1], at=moment)


def _bring(session: Session, now: datetime) -> None:
    """Its slides and the code are elsewhere, as most are."""
    if session.talk is None:
        return
    for kind, title, part in (("slides", "", "slides.pdf"), ("code", "Workshop repository", "code")):
        new = NewMaterial(kind=kind, title=title, address=f"https://talks.example.org/{session.slug}/{part}")
        add_material(talk=session.talk, new=new, by=DEMONSTRATION, at=now - timedelta(minutes=30))


def _wait(session: Session, now: datetime) -> None:
    """People who would like the slides of a talk that has none yet."""
    for number in range(WAITING):
        device = Visitor(str(uuid5(DEVICES, f"{session.pk}-{number}")))
        ask_for_slides(session=session, by=device, at=now - timedelta(minutes=20))
