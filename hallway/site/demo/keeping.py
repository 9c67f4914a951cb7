"""What is kept of invented talks: takeaways, notes written together, slides, who waits for some, who offers help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from hallway.gathering.events.models import Event
from hallway.kit.actors import Visitor
from hallway.people.models import Person
from hallway.programme.schedule.actions import ask_for_slides
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries.slides import DAYS
from hallway.programme.talks.actions import NewMaterial, add_material
from hallway.sharing.questions.actions import offer_help
from hallway.sharing.takeaways.actions import mark_helped, share_takeaway, write_shared_notes
from hallway.vocabulary.models import Topic

from .communities import Made
from .people import DEMONSTRATION, WHO, WITHOUT_ACCOUNT

DEVICES, WAITING = UUID("0b0cf7b0-0a52-4c0a-8d61-6f7f3c1d2a10"), 12
HELPS_WITH = {
    "organiser": ("community-building", "machine-learning"),
    "organisatrice": ("community-building", "css"),
    "speaker": ("asynchronous-programming", "python", "teaching"),
    "attendee": ("django", "python", "testing"),
}
# For each talk its own; each with whether its writer is named, and how many it helped.
TAKEN_HOME = {
    "en": (
        (
            ("On Monday I will delete the retry loop and write down **which failures we retry at all**.", True, 4),
            ("The key is made by whoever sends, not by whoever receives. So simple, and we never did it.", True, 2),
            (
                "I was not the only one who did not know the word “idempotent”. Now I do.",
                False,
                3,
            ),
        ),
        (
            ("We print the first lesson for Saturday. **No page of it may need the network**, not even once.", True, 3),
            ("With one projector everybody looks at the same mistake. I had taken that for a fault.", True, 2),
            ("The box that holds the pages is what I build first.", False, 1),
        ),
        (
            ("We begin a list of every time ours was wrong, *with the date*. Eleven lines would be a start.", True, 4),
            ("Whoever is woken at night writes the alert. I will say so tomorrow.", False, 2),
        ),
        (
            ("I take one sentence home: *begin with the smallest thing that hurts every week*.", True, 3),
            ("The questions were the best of it. I have four names to write to.", False, 2),
        ),
    ),
    "fr": (
        (
            ("Lundi, j’écris la liste de nos couches *avant* de toucher au style.", True, 3),
            ("Un jeton pour chaque intention, et non pour chaque couleur\u202f: voilà ce qui nous manquait.", False, 2),
        ),
        (
            ("Je refais le coup des chaises avec mon équipe\u202f: *on voit enfin qui attend qui*.", True, 3),
            ("Une démonstration qui rate, racontée jusqu’au bout, m’a plus appris que trois qui marchent.", False, 2),
        ),
    ),
}
_SAID, _TO_READ = "## What was said\n\n", "\n\n## To read\n\n"
_DIT, _A_LIRE = "## Ce qui a été dit\n\n", "\n\n## À lire\n\n"
# Each as it grew, from one hand to the next.
TOGETHER = {
    "en": (
        (
            f"{_SAID}- A key for each request, made before the first try.",
            f"{_SAID}- A key for each request, made before the first try.\n- The answer is kept with the key.",
            f"{_SAID}- A key for each request, made before the first try.\n- The answer is kept with it, for a day."
            f"{_TO_READ}- The paper from the last slide\n- The workshop repository",
        ),
        (
            f"{_SAID}- Everything is printed before the first lesson.",
            f"{_SAID}- Everything is printed before the first lesson.{_TO_READ}- The list of what to print",
        ),
        (
            f"{_SAID}- Measure before you change anything.",
            f"{_SAID}- Measure before you change anything, and keep the figures.\n- The second fix is often the right "
            "one.",
        ),
        (
            f"{_SAID}- What was tried, and what was thrown away.",
            f"{_SAID}- What was tried, and what was thrown away.{_TO_READ}- The slides, once they are here",
        ),
    ),
    "fr": (
        (
            f"{_DIT}- Les couches d’abord, les composants ensuite.",
            f"{_DIT}- Les couches d’abord, les composants ensuite.{_A_LIRE}- L’article de la dernière diapositive",
        ),
        (
            f"{_DIT}- Un verrou, c’est une chaise.",
            f"{_DIT}- Un verrou, c’est une chaise. Deux chaises, et l’on attend.{_A_LIRE}- Le plan de la salle",
        ),
    ),
}  # fmt: skip


def keep_all(made: Mapping[str, Made], people: Mapping[str, Person], now: datetime) -> None:
    """At the last two evenings of two communities, and of what is over at the conference that is on."""
    writers = [person for slug, person in people.items() if slug not in WITHOUT_ACCOUNT]
    for slug, language in (("jacaranda-developers", "en"), ("quai-des-devs", "fr")):
        over = made[slug].series.editions.filter(state=Event.State.PUBLISHED, ends_at__lte=now)
        for place, event in enumerate(over.order_by("-starts_at")[:2]):
            sessions = _over(event, now)
            _keep(sessions[0], writers[place:], language, place, now)
            if place:
                _bring(sessions[0], now)
            else:
                _wait(sessions[-1], WAITING, now)
    for place, session in enumerate(_over(Event.objects.get(slug="jacaranda-conf"), now)[:2]):
        _keep(session, writers, "en", place + 2, now)
    _wait_for_late_ones(now)
    offer_all(people, now)


def offer_all(people: Mapping[str, Person], now: datetime) -> None:
    """Those whom one can be say what they help with: on that, questions are open."""
    for who, slugs in HELPS_WITH.items():
        topics = Topic.objects.filter(slug__in=slugs)
        offer_help(topics=topics, by=people[WHO[who]], at=now - timedelta(minutes=15))


def _wait_for_late_ones(now: datetime) -> None:
    """Whoever is reminded of slides reads how many would like them."""
    lately = Event.objects.filter(series__isnull=False, state=Event.State.PUBLISHED, ends_at__lte=now)
    for event in lately.filter(ends_at__gt=now - timedelta(days=max(DAYS) + 2)).order_by("pk"):
        for number, session in enumerate(_over(event, now)):
            _wait(session, 3 + number * 4, now)


def _over(event: Event, now: datetime) -> list[Session]:
    rows = event.sessions.filter(talk__isnull=False, public_at__isnull=False, slots__public_ends_at__lte=now)
    return list(rows.select_related("event", "talk").order_by("slots__public_starts_at", "pk"))


def _keep(session: Session, writers: list[Person], language: str, place: int, now: datetime) -> None:
    for number, (text, named, helped) in enumerate(TAKEN_HOME[language][place]):
        writer, moment = writers[number], now - timedelta(minutes=50 - number)
        shown = share_takeaway(session=session, text=text, is_named=named, language=language, by=writer, at=moment)
        for reader in [one for one in writers if one != writer][:helped]:
            mark_helped(takeaway=shown, by=reader, at=moment + timedelta(minutes=3))
    for number, text in enumerate(TOGETHER[language][place]):
        moment = now - timedelta(minutes=40 - number)
        write_shared_notes(session=session, text=text, base=number, by=writers[number + 1], at=moment)


def _bring(session: Session, now: datetime) -> None:
    """Its slides and the code are elsewhere, as most are."""
    if session.talk is None:
        return
    for kind, title, part in (("slides", "", "slides.pdf"), ("code", "Workshop repository", "code")):
        new = NewMaterial(kind=kind, title=title, address=f"https://talks.example.org/{session.slug}/{part}")
        add_material(talk=session.talk, new=new, by=DEMONSTRATION, at=now - timedelta(minutes=30))


def _wait(session: Session, number_of: int, now: datetime) -> None:
    """People who would like the slides of a talk that has none yet."""
    for number in range(number_of):
        device = Visitor(str(uuid5(DEVICES, f"{session.pk}-{number}")))
        ask_for_slides(session=session, by=device, at=now - timedelta(minutes=20))
