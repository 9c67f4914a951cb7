"""What was asked after the last evenings, and what a room asks now: a small script plays it while somebody looks on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from hallway.kit.actors import Visitor
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Answer, Floor, Mark, Question
from hallway.sharing.questions.queries import OPEN, speakers_of

from . import reading
from .communities import Made
from .conference import SLUG
from .people import DEMONSTRATION
from .reading import WrittenQuestion

EVENINGS, ASKED = 4, 7
ROOM_ASKS, ROOM_BEGINS_WITH, ROOMS = 14, 6, 4
TEACHING, TEACHING_ROOMS = frozenset({"Community", "Teaching"}), 2
STEP = timedelta(seconds=7)
TURNS = ("ask", "vote", "vote", "take", "vote", "answer")


def ask_all(made: Mapping[str, Made], now: datetime) -> None:
    """Fill the floors of the last evenings of two communities, and begin those of the sessions that are on."""
    attendees = _attendees()
    for slug in ("jacaranda-developers", "quai-des-devs"):
        one = made[slug]
        floors = Floor.objects.filter(event__community=one.community, ends_at__lte=now).exclude(event__slug=SLUG)
        for turn, floor in enumerate(_known(floors.order_by("-starts_at", "pk"))[:EVENINGS]):
            _fill_past(floor, turn, attendees, one.organiser, now)
    for floor in live_floors(now):
        for number, written in enumerate(_room_of(floor)[:ROOM_BEGINS_WITH]):
            moment = now - timedelta(seconds=40 * (ROOM_BEGINS_WITH - number))
            _ask(floor, written, attendees[(number * 5 + floor.pk) % len(attendees)], number, moment)


def _known(floors: QuerySet[Floor]) -> list[Floor]:
    return list(floors.select_related("event", "session__talk", "session__track"))


def _attendees() -> list[Person]:
    return list(Person.objects.filter(email__startswith="attendee-").order_by("pk"))


def live_floors(now: datetime) -> list[Floor]:
    """The floors of the conference's sessions that are on."""
    return _known(Floor.objects.filter(event__slug=SLUG, starts_at__lte=now, ends_at__gt=now).order_by("pk"))


def _ask(floor: Floor, written: WrittenQuestion, by: Person, number: int, at: datetime) -> Question:
    """Every third one gives their name."""
    return actions.ask_question(
        floor=floor, text=written.text, language=written.language, named=number % 3 == 0,
        place=Question.Place.REMOTE if number % 4 == 3 else Question.Place.ROOM, by=by, at=at,
    )  # fmt: skip


def _room_of(floor: Floor) -> list[WrittenQuestion]:
    """What one room asks: rooms side by side ask different things, those about teaching people other than code."""
    track = floor.session.track
    name, rooms = ("teaching", TEACHING_ROOMS) if track is not None and track.name in TEACHING else ("room", ROOMS)
    first = floor.pk % rooms * ROOM_ASKS
    return reading.questions(name)[first : first + ROOM_ASKS]


def _fill_past(floor: Floor, turn: int, attendees: Sequence[Person], organiser: Person, now: datetime) -> None:
    written = reading.questions("questions")
    chosen = [written[(turn * ASKED + number) % len(written)] for number in range(ASKED)]
    speaker = speakers_of(floor).filter(claimed_at__isnull=False).first()
    begins, ends = floor.starts_at or now, floor.ends_at or now
    for number, one in enumerate(chosen):
        at = begins + (ends - begins) * (number + 1) / (ASKED + 1)
        question = _ask(floor, one, attendees[(turn * 13 + number * 3) % len(attendees)], number, at)
        for voter in range((number * 5 + turn * 3) % 9):
            actions.vote_for(question=question, by=attendees[(voter * 7 + number + 1) % len(attendees)], at=at)
        if one.said:
            actions.answer_live(question=question, summary=one.said, language=one.language, by=organiser, at=ends)
        if one.answer and speaker is not None:
            _answer(question, one, speaker, organiser, min(ends + timedelta(days=1), now))


def _answer(question: Question, written: WrittenQuestion, speaker: Person, other: Person, at: datetime) -> None:
    answer = actions.answer_question(
        question=question, text=written.answer, language=written.language, by=speaker, at=at
    )
    actions.mark_answer(answer=answer, kind=Mark.Kind.HELPED, by=_device(0), at=at)
    if not written.another_way or other == speaker:
        return
    way = actions.answer_question(
        question=question, text=written.another_way, language=written.language, kind=Answer.Kind.ANOTHER_WAY, by=other,
        at=at,
    )  # fmt: skip
    for number in range(3):
        actions.mark_answer(answer=way, kind=Mark.Kind.HELPED, by=_device(number), at=at)
    actions.mark_answer(answer=way, kind=Mark.Kind.TRIED, by=_device(0), at=at)


def _device(number: int) -> Visitor:
    return Visitor(f"demonstration-{number}")


def play(now: datetime) -> int:
    """One thing happens in one of the rooms: somebody asks, votes, or the speaker answers. Returns how many did.

    What happens follows from the clock alone, so that the room is the same whoever looks.
    """
    floors, attendees = live_floors(now), _attendees()
    if not floors or not attendees:
        return 0
    beat = int(now.timestamp() // STEP.total_seconds())
    floor = floors[beat % len(floors)]
    try:
        return _TURNS[TURNS[beat // len(floors) % len(TURNS)]](floor, attendees, beat, now)
    except Refusal:
        # The room is somebody's who looks at it: they paused it, muted an asker or refused a question meanwhile.
        return 0


def _somebody_asks(floor: Floor, attendees: Sequence[Person], beat: int, now: datetime) -> int:
    number = floor.questions.count()
    written = _room_of(floor)
    if number >= len(written):
        return 0
    _ask(floor, written[number], attendees[beat * 3 % len(attendees)], number, now)
    return 1


def _somebody_votes(floor: Floor, attendees: Sequence[Person], beat: int, now: datetime) -> int:
    wanted = list(floor.questions.filter(OPEN).order_by("-pk"))
    if not wanted:
        return 0
    question = wanted[beat * 7 % len(wanted)]
    before = question.votes
    return int(actions.vote_for(question=question, by=attendees[beat * 11 % len(attendees)], at=now).votes > before)


def _one_is_taken(floor: Floor, attendees: Sequence[Person], beat: int, now: datetime) -> int:
    wanted = floor.questions.filter(OPEN, on_stage_at=None).order_by("-votes", "pk").first()
    if wanted is None or floor.questions.filter(on_stage_at__isnull=False).exists():
        return 0
    actions.take_question(question=wanted, by=DEMONSTRATION, at=now)
    return 1


def _one_is_answered(floor: Floor, attendees: Sequence[Person], beat: int, now: datetime) -> int:
    """Half of what is asked is answered in the room; the rest stays open, as it does."""
    taken = floor.questions.filter(on_stage_at__isnull=False).first()
    if taken is None or floor.questions.filter(answered_live_at__isnull=False).count() > ROOM_ASKS // 2:
        return 0
    said = {one.text: one.said for one in _room_of(floor)}.get(taken.text, "")
    actions.answer_live(question=taken, summary=said, language=taken.language, by=DEMONSTRATION, at=now)
    return 1


_TURNS = {"ask": _somebody_asks, "vote": _somebody_votes, "take": _one_is_taken, "answer": _one_is_answered}
