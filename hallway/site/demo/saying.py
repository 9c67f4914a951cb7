"""What people said to speakers, and cards for the makers of invented tools: read, waiting, published, answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hallway.gathering.attendance.models import Registration
from hallway.gathering.events.models import Event
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.sharing.feedback.actions import (
    accept_proof,
    answer_cards,
    ask_by_file,
    give_feedback,
    mark_fixed,
    place_proof,
    publish_feedback,
    refuse_feedback,
    release_feedback,
    write_card,
)
from hallway.sharing.feedback.models import Card, Feedback
from hallway.sharing.feedback.windows import window
from hallway.sharing.feedback.wording import WORDS

from .communities import Made
from .people import DEMONSTRATION, WHO

EVENINGS, TALKS = 4, 8
# Each with whether its writer agreed that the speaker shows it.
SAID = {
    "en": (
        ("The part about what went wrong helped me more than the part about what works.", True),
        ("I will try the small version on Monday. Thank you for showing the ugly first draft too.", True),
        ("Please leave the code on the screen a little longer; I was still reading.", False),
        ("I came for the title and stayed for the questions. Ten minutes more of those, please.", True),
        ("The numbers on slide nine were too small from the last row.", False),
        ("You said that you do not know, twice. I trusted the rest more for it.", True),
        ("I lost the thread when the second tool came in. One name less would have done.", False),
        ("The drawing with the two queues is on our wall since lunch.", True),
        ("Could you put the three links somewhere? I only caught the first.", False),
        ("I have told this to my team in two sentences, and they got it.", True),
        ("It was hard to hear you when you turned to the screen.", False),
        ("I had given up on this a year ago. I begin again tonight.", True),
    ),
    "fr": (
        ("Les exemples ratés m’ont appris davantage que ceux qui marchent.", True),
        ("Je l’essaie lundi au bureau. Merci d’avoir aussi montré le premier brouillon.", True),
        ("Un peu plus de temps sur le code, s’il vous plaît\u202f: je lisais encore.", False),
        ("Vous avez dit deux fois que vous ne saviez pas. J’ai d’autant mieux cru le reste.", True),
        ("J’ai perdu le fil à l’arrivée du deuxième outil. Un nom de moins aurait suffi.", False),
        ("Le dessin avec les deux files est déjà affiché dans notre bureau.", True),
        ("Le dernier tiers allait trop vite pour prendre des notes.", False),
        ("Je l’ai raconté à mon équipe en deux phrases, et tout le monde a compris.", True),
        ("On vous entendait mal quand vous regardiez l’écran.", False),
        ("J’avais abandonné il y a un an. Je m’y remets ce soir.", True),
    ),
}
RUDE = {"en": "Boring. Get somebody else next time.", "fr": "Nul. Invitez quelqu’un d’autre la prochaine fois."}
WHY = {
    "en": "Say what was missing for you, then they can do something with it.",
    "fr": "Dites ce qui vous a manqué\u202f: cela pourra servir.",
}
LOOPWATCH, RAINLOG, TIMBILA = "Loopwatch", "Rainlog", "Timbila SDK"
RAINLOG_MAKER = "camille-aubert"
PAGES = {LOOPWATCH: "https://loopwatch.example.org/", RAINLOG: "https://rainlog.example.net/", TIMBILA: ""}
CARDS = (
    (LOOPWATCH, "friction", "A task loses its name when it is cancelled, so the trace says nothing."),
    (LOOPWATCH, "friction", "The trace says nothing: a cancelled task loses its name."),
    (LOOPWATCH, "interest", "I would put it into our test runs, if it could fail a build above a limit."),
    (LOOPWATCH, "friction", "The overview needs two seconds on a phone."),
    (RAINLOG, "interest", "Could it read the old text files of a weather station? We have ten years of them."),
    (RAINLOG, "friction", "It stops when the network is away for a minute, and does not go on by itself."),
    (TIMBILA, "friction", "The French page of the installation ends in the middle of a sentence."),
    (TIMBILA, "interest", "I would use it for lessons, if it ran in the browser."),
)
ANSWER = (
    "You are right, and it had bothered us too. The name is kept with the task now, also when it is cancelled before "
    "it ran. Thank you for saying it twice."
)


def say_all(made: Mapping[str, Made], people: Mapping[str, Person], now: datetime) -> None:
    """At the last evenings of two communities, and at the conference that is on."""
    for slug, language in (("jacaranda-developers", "en"), ("quai-des-devs", "fr")):
        over = made[slug].series.editions.filter(state=Event.State.PUBLISHED, ends_at__lte=now).order_by("-starts_at")
        for number, event in enumerate(over[:EVENINGS]):
            _speak(event, made[slug].organiser, people, now, language=language, waits=number == 0)
    conference = Event.objects.get(slug="jacaranda-conf")
    _speak(conference, made["jacaranda-developers"].organiser, people, now, language="en", waits=True)
    _write_cards(conference, people, now)


def _speak(
    event: Event, by: Person, people: Mapping[str, Person], now: datetime, *, language: str, waits: bool
) -> None:
    """Those who came tap words at each talk; some write. What is old was read, what is new waits for the team."""
    voices = _voices(event, people)
    slots = Slot.objects.filter(session__event=event, session__talk__isnull=False, public_at__isnull=False)
    for number, slot in enumerate(slots.select_related("session__talk").order_by("public_starts_at", "pk")[:TALKS]):
        starts, ends = slot.public_starts_at, slot.public_ends_at
        session = slot.session
        session.event = event
        if starts is None or ends is None or window(starts, ends, ends).state(now) == "before":
            continue
        speakers = {speaking.person_id for speaking in session.talk.speakings.all()} if session.talk else set()
        some = [person for person in voices if person.pk not in speakers][number : number + 7 + number % 4]
        given = [
            _one_voice(session, person, each, number, language, min(ends + timedelta(minutes=each), now))
            for each, person in enumerate(some)
        ]
        if not waits or number % 2 == 0:
            _read(event, by, [one for one in given if one.text], min(ends + timedelta(hours=9), now))


def _voices(event: Event, people: Mapping[str, Person]) -> list[Person]:
    going = Registration.objects.filter(admission__event=event, admission__is_event=True, state="going")
    rows = [row.person for row in going.select_related("person").order_by("pk")[:40]]
    return rows or [person for slug, person in people.items() if slug != WHO["organiser"]]


def _one_voice(session: Session, person: Person, each: int, number: int, language: str, at: datetime) -> Feedback:
    codes = list(WORDS)
    words = [codes[(each * 3 + number) % 8], codes[(each + number) % 8], codes[8 + (each * 5 + number) % 8]]
    texts = SAID[language]
    text, may = texts[(each + number) % len(texts)] if each % 3 == 0 else ("", False)
    if each == 1 and number == 0:
        text = RUDE[language]
    return give_feedback(
        session=session, words=words[: 2 + each % 2], text=text, may_publish=may, language=language,
        named=each == 3, by=person, at=at,
    )  # fmt: skip


def _read(event: Event, by: Person, texts: Sequence[Feedback], at: datetime) -> None:
    """The organiser lets through what is no insult, where it is not to a talk of their own; a speaker shows a piece."""
    mine = set(by.speakings.values_list("talk_id", flat=True))
    for one in (one for one in texts if one.talk_id not in mine):
        if one.text in RUDE.values():
            refuse_feedback(feedback=one, revision=one.revision, reason=WHY[one.language], by=by, at=at)
            continue
        release_feedback(event=event, as_read=[(one.pk, one.revision)], by=by, at=at)
        speaker = one.talk.speakings.select_related("person").order_by("position").first()
        if one.may_publish and one.pk % 2 == 0 and speaker is not None:
            publish_feedback(feedback=one, by=speaker.person, at=at)


def _write_cards(event: Event, people: Mapping[str, Person], now: datetime) -> None:
    """Cards from talks that are over; one tool's maker proved it, answered, and fixed something."""
    over = Slot.objects.filter(
        session__event=event, session__talk__isnull=False, public_starts_at__lte=now
    ).select_related("session__talk")
    sessions = [slot.session for slot in over.order_by("public_starts_at", "pk")[:4]]
    if not sessions:
        return
    writers = [person for slug, person in people.items() if slug not in WHO.values()]
    made: list[Card] = []
    for number, (tool, kind, text) in enumerate(CARDS):
        session = sessions[number % len(sessions)]
        session.event = event
        person = writers[number % len(writers)]
        made.append(
            write_card(
                session=session, tool=tool, kind=kind, text=text, url=PAGES[tool], named=number % 4 == 2, by=person,
                at=now - timedelta(minutes=40 - number),
            )
        )  # fmt: skip
    maker = people[WHO["speaker"]]
    claim = ask_by_file(product=made[0].product, by=maker, at=now - timedelta(minutes=20))
    place_proof(maker=claim, by=maker, at=now - timedelta(minutes=18))
    accept_proof(maker=claim, by=DEMONSTRATION, at=now - timedelta(minutes=15))
    answer_cards(group=made[0].group, text=ANSWER, by=maker, at=now - timedelta(minutes=10))
    mark_fixed(group=made[0].group, version="2.4.1", by=maker, at=now - timedelta(minutes=5))
    # Another one waits, so that the mail about it leads to something to look at.
    rainlog = next(card.product for card in made if card.product.name == RAINLOG)
    waiting = ask_by_file(product=rainlog, by=people[RAINLOG_MAKER], at=now - timedelta(minutes=9))
    place_proof(maker=waiting, by=people[RAINLOG_MAKER], at=now - timedelta(minutes=7))
