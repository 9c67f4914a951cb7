"""The questions of a floor as moderators, speakers and the wall need them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from django.db.models import Count, OuterRef, Q, Subquery

from hallway.engines.similarity import likeness
from hallway.gathering.events.models import Event, Room
from hallway.programme.schedule.models import Slot

from ..models import Floor, MutedAsker, Question
from .floors import COUNTED
from .threads import ALIKE, ordered

State = Question.State
FADES_AFTER = timedelta(seconds=45)
# What fits on a wall of 16:9: rows, their height in lines of one row, and how many letters a line has; with a question
# that is being answered above, and alone.
BELOW, ALONE = (3, 3.3, 50), (5, 6.5, 40)
TWO_LINES = 1.6


@dataclass(frozen=True)
class RoomNow:
    """Every question of a floor that a moderator can do something with, each in one place."""

    stage: Question | None = None
    waiting: list[Question] = field(default_factory=list)
    open: list[Question] = field(default_factory=list)
    later: list[Question] = field(default_factory=list)
    answered: list[Question] = field(default_factory=list)
    refused: list[Question] = field(default_factory=list)
    merged: list[Question] = field(default_factory=list)

    @property
    def without_words(self) -> int:
        """Answered in the room, and nobody wrote down what was said."""
        return sum(not one.said for one in self.answered)

    def on_stage_first(self) -> list[Question]:
        """What a speaker on stage goes through: what is being answered, then the others in their order."""
        return [*([self.stage] if self.stage else []), *self.open]


def room_now(floor: Floor, order: str) -> RoomNow:
    """The floor as it is now; open questions in this order, what was answered last first."""
    rows = floor.questions.filter(hidden_at=None, erased_at=None).exclude(state=State.WITHDRAWN)
    muted = set(MutedAsker.objects.filter(event=floor.event_id, lifted_at=None).values_list("asker_key", flat=True))
    found: dict[str, list[Question]] = {}
    for one in rows.select_related("taken_by", "merged_into", "asker").order_by("asked_at", "pk"):
        one.floor = floor
        one.is_muted = one.asker_key in muted  # type: ignore[attr-defined]  # for the page alone
        one.mark = mark_of(one)  # type: ignore[attr-defined]  # for the page alone
        one.can_be_separated = _can_be_separated(one)  # type: ignore[attr-defined]  # for the page alone
        found.setdefault(_place(one), []).append(one)
    stage = next(iter(found.pop("stage", [])), None)
    answered = sorted(found.pop("answered", []), key=lambda one: one.answered_live_at or one.asked_at, reverse=True)
    return RoomNow(stage=stage, open=ordered(found.pop("open", []), order), answered=answered, **found)


def _can_be_separated(one: Question) -> bool:
    """Whether a page offers it; the action looks closer."""
    stays, since = one.merged_into, one.merged_at
    if stays is None or since is None or one.put_into_id != stays.pk:
        return False
    return not any(answered and answered >= since for answered in (stays.answered_live_at, stays.answered_later_at))


@dataclass(frozen=True)
class Muted:
    """Somebody who asks no more at an event, by the last of their questions that can be read."""

    row: MutedAsker
    question: Question | None


def muted_at(event: Event) -> list[Muted]:
    """Those muted now at an event, latest first: also by what moderation hid, and by what its asker took back."""
    last = Question.objects.filter(floor__event=event, asker_key=OuterRef("asker_key"), erased_at=None)
    readable = last.exclude(state=State.WITHDRAWN).order_by("-asked_at", "-pk").values("pk")[:1]
    rows = event.muted_askers.filter(lifted_at=None).annotate(last=Subquery(readable))
    muted = list(rows.select_related("muted_by").order_by("-muted_at", "-pk"))
    asked = Question.objects.in_bulk([row.last for row in muted if row.last is not None])
    for row in muted:
        row.event = event
    return [Muted(row, asked.get(row.last)) for row in muted]


def _place(one: Question) -> str:
    if one.state != State.SHOWN:
        return {State.HELD: "waiting", State.REFUSED: "refused"}.get(State(one.state), "merged")
    if one.on_stage_at is not None:
        return "stage"
    if one.answered_live_at is not None:
        return "answered"
    return "open" if one.answered_later_at is None else "later"


def mark_of(question: Question) -> str:
    """Where a question stands, as a moderator saw it: another text once somebody else changed it."""
    moments = (
        question.on_stage_at, question.answered_live_at, question.edited_at, question.hidden_at, question.merged_at,
    )  # fmt: skip
    stamps = (str(int(moment.timestamp() * 1000)) if moment else "" for moment in moments)
    return ".".join((question.state, *stamps, str(question.taken_by_id or ""), str(crc32(question.said.encode()))))


def others_alike(question: Question, others: Sequence[Question]) -> list[Question]:
    """The questions this one could be put together with, the likeliest first, then the most wanted."""
    alike = likeness(question.text, [one.text for one in others])
    likely = (how if how >= ALIKE else 0.0 for how in alike)  # a word or two in common says nothing
    ranked = sorted(zip(likely, others, strict=True), key=lambda pair: (-pair[0], -pair[1].votes, pair[1].pk))
    return [one for _how, one in ranked]


@dataclass(frozen=True)
class WallNow:
    """What a projector shows. Nothing that is not shown to everybody."""

    stage: Question | None
    rows: list[Question]
    faded: Question | None
    more: int
    asked: int

    @property
    def fades_at(self) -> datetime | None:
        """When the one answered last goes from the wall."""
        answered = self.faded.answered_live_at if self.faded else None
        return answered + FADES_AFTER if answered else None


def wall_now(floor: Floor, at: datetime) -> WallNow:
    """What is being answered and the most wanted questions, and the one answered a moment ago."""
    counted = list(floor.questions.filter(COUNTED).order_by("-votes", "asked_at", "pk"))
    shown = [one for one in counted if one.erased_at is None]  # somebody who left takes their words along
    stage = next((one for one in shown if one.on_stage_at is not None), None)
    still = [one for one in shown if one.answered_live_at is None and one.answered_later_at is None and one != stage]
    lately = [one for one in shown if one.answered_live_at and at - one.answered_live_at < FADES_AFTER and one != stage]
    faded = max(lately, key=lambda one: one.answered_live_at or at, default=None)
    fitting = _how_many_fit([*([faded] if faded else []), *still], *(BELOW if stage else ALONE)) - (faded is not None)
    return WallNow(stage, still[:fitting], faded, len(still) - fitting, len(counted))


def _how_many_fit(rows: Sequence[Question], most: int, lines: float, letters: int) -> int:
    fitting = 0
    for one in rows[:most]:
        lines -= 1 if len(one.text) <= letters else TWO_LINES
        if lines < 0:
            break
        fitting += 1
    return fitting


@dataclass(frozen=True)
class RoomProgramme:
    """What is on in a room of an event, what comes next there, and when that changes."""

    now: Slot | None
    next: Slot | None

    @property
    def changes_at(self) -> datetime | None:
        if self.now is not None:
            return self.now.public_ends_at
        return self.next.public_starts_at if self.next is not None else None


def programme_in(room: Room, event: Event, at: datetime) -> RoomProgramme:
    """The released programme of one room, around this moment. Breaks are no session to ask in."""
    rows = Slot.objects.filter(
        Q(public_ends_at__gt=at), public_room=room, session__event=event, session__hidden_at=None,
        public_at__isnull=False, session__floor__isnull=False,
    )  # fmt: skip
    found = list(rows.select_related("session__talk", "session__floor").order_by("public_starts_at", "pk")[:2])
    on = next((slot for slot in found if slot.public_starts_at and slot.public_starts_at <= at), None)
    return RoomProgramme(on, next((slot for slot in found if slot != on), None))


def places_of(floors: Sequence[Floor]) -> dict[int, str]:
    """The rooms of sessions as last released, by session; a workshop in two rooms has both."""
    slots = Slot.objects.filter(session__in=[floor.session_id for floor in floors], public_at__isnull=False)
    found: dict[int, dict[str, None]] = {}
    rows = slots.exclude(public_room=None).order_by("public_starts_at", "pk")
    for session, name in rows.values_list("session_id", "public_room__name"):
        found.setdefault(session, {})[name] = None
    return {session: ", ".join(names) for session, names in found.items()}


def waiting_on(floors: Sequence[Floor]) -> dict[int, int]:
    """How many questions wait to be let in, by floor."""
    rows = Question.objects.filter(floor__in=[floor.pk for floor in floors], state=State.HELD, hidden_at=None)
    return dict(rows.order_by().values_list("floor").annotate(Count("pk")))
