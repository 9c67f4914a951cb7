"""What a page shows of a floor: its questions with their first answers, its ledger, what is open elsewhere: one query.

Everything is read in one statement, so that ``newest``, the last thing listeners were told, fits what is shown.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DateTimeField,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat, JSONObject, Substr
from django.utils.dateparse import parse_datetime

from hallway.kit.models import FactScope
from hallway.kit.prepared import Prepared
from hallway.people.models import Person
from hallway.people.queries import blocked_with
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Talk

from ..models import Answer, Case, Floor, Question
from .floors import ANSWERABLE, COUNTED, LATER, LIVE, NOT_SHOWN, OPEN, Ledger
from .threads import Standing, answers_visible_to, standing

State = Question.State
ORDERS = ("top", "new", "open")
ON_SESSION_PAGE, ON_OWN_PAGE = 30, 200
MOST_CASES = 5
MOST_OF_TALK, MOST_OF_TOPIC = 20, 3
EXCERPT = 600
_FLOOR = (
    "id", "session_id", "event_id", "code", "starts_at", "ends_at", "queue", "order", "open_days", "paused_at",
    "reopened_until",
)  # fmt: skip
_QUESTION = (
    "id", "floor_id", "text", "language", "asker_id", "name", "state", "votes", "asked_at", "edited_at",
    "on_stage_at", "answered_live_at", "said", "said_language", "answered_later_at", "accepted_id", "erased_at",
)  # fmt: skip


@dataclass(frozen=True)
class Voice:
    """The beginning of an answer, or a case. The ``author`` of an answer has a name and a face."""

    id: int
    text: str
    language: str
    name: str = ""
    author_id: int | None = None
    author: Person | None = None
    by_speaker: bool = False
    is_another_way: bool = False
    is_accepted: bool = False


@dataclass(frozen=True)
class Shown:
    """A question as pages show it; ``standing`` is where it stands apart from being spoken of just now."""

    question: Question
    standing: Standing
    first: Voice | None = None
    answers: int = 0
    cases: tuple[Voice, ...] = ()

    @property
    def on_stage(self) -> bool:
        return self.question.on_stage_at is not None

    @property
    def more_answers(self) -> int:
        return self.answers - 1 if self.first is not None else self.answers

    @property
    def folded(self) -> tuple[Voice, ...]:
        """The first cases that have words, for a list; all of them are on the question's own page."""
        return tuple(case for case in self.cases if case.text)[:MOST_CASES]

    @property
    def people(self) -> set[int]:
        """Everybody under whose name something stands here, besides the asker."""
        voices = [*self.cases, *([self.first] if self.first else [])]
        return {voice.author_id for voice in voices if voice.author_id is not None}


@dataclass(frozen=True)
class OpenElsewhere:
    """A question that is open from another occasion."""

    id: int
    text: str
    language: str
    votes: int
    floor_id: int
    code: str
    event_title: dict[str, str]
    talk_title: dict[str, str]
    same_talk: bool
    ended_at: datetime


@dataclass(frozen=True)
class FloorShown:
    """All a page shows of a floor. ``newest`` is the last fact its listeners heard of."""

    floor: Floor
    questions: list[Shown]
    ledger: Ledger
    newest: int
    elsewhere: list[OpenElsewhere]

    @property
    def total(self) -> int:
        return self.ledger.asked

    @property
    def of_talk(self) -> list[OpenElsewhere]:
        return [one for one in self.elsewhere if one.same_talk]

    @property
    def of_topic(self) -> list[OpenElsewhere]:
        return [one for one in self.elsewhere if not one.same_talk]

    @property
    def tags(self) -> set[str]:
        """What makes a stored page with this old."""
        talk = self.floor.session.talk_id
        floors = {f"floor:{pk}" for pk in (self.floor.pk, *(one.floor_id for one in self.elsewhere))}
        return floors | ({f"questions:talk:{talk}"} if talk else set())


def floor_shown(
    session: Session, reader: Person | None, at: datetime, *, order: str = "top", most: int = ON_OWN_PAGE
) -> FloorShown | None:
    """What a reader who may open the session sees of its floor, or None where nobody can ask.

    What blocked persons said under their name is left out.
    """
    if session.kind == Session.Kind.BREAK:
        return None
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind, found in _loads[order, most](session.pk, session.talk_id or 0):
        rows[kind].append(found)
    if not rows["floor"]:
        return None
    floor: Floor = _row(Floor, _FLOOR, rows["floor"][0])
    floor.session, floor.event = session, session.event
    hidden = blocked_with(reader) if reader is not None else set()
    questions = [_row(Question, _QUESTION, found) for found in rows["question"] if found["asker_id"] not in hidden]
    answers = [found for found in rows["answer"] if found["author_id"] not in hidden]
    cases = [found for found in rows["case"] if found["author_id"] not in hidden]
    counts = {name: rows["count"][0][name] for name in ("live", "later", "open", "refused")} if rows["count"] else {}
    return FloorShown(
        floor=floor,
        questions=_in_order(_shown(questions, answers, cases, floor, at), order),
        ledger=Ledger(**counts),
        newest=rows["floor"][0]["newest"] or 0,
        elsewhere=_elsewhere(rows, at),
    )


def question_shown(question: Question, reader: Person | None, at: datetime) -> Shown:
    """One question, as lists show it."""
    answers = answers_visible_to(reader).filter(question=question) if reader is not None else _standing_answers()
    cases = _cases().filter(question=question)
    if reader is not None and (hidden := blocked_with(reader)):
        cases = cases.exclude(author__in=hidden)
    found = [dict(row) for row in answers.filter(question=question).values_list(_ANSWER, flat=True)]
    told = [dict(row) for row in cases.values_list(_CASE, flat=True)]
    return _shown([question], found, told, question.floor, at)[0]


def _in_order(shown: list[Shown], order: str) -> list[Shown]:
    if order == "new":
        shown.sort(key=lambda one: (one.question.asked_at, one.question.pk), reverse=True)
    else:
        shown.sort(key=lambda one: (-one.question.votes, one.question.asked_at, one.question.pk))
    return sorted(shown, key=lambda one: not one.on_stage)


def _shown(
    questions: Iterable[Question],
    answers: Iterable[Mapping[str, Any]],
    cases: Iterable[Mapping[str, Any]],
    floor: Floor,
    at: datetime,
) -> list[Shown]:
    answered, told = defaultdict(list), defaultdict(list)
    for found in answers:
        answered[found["question_id"]].append(found)
    for found in cases:
        told[found["question_id"]].append(_voice(found))
    shown = []
    for question in questions:
        question.floor = floor
        accepted = question.accepted_id
        voices = sorted(
            answered[question.pk], key=lambda one: (one["id"] != accepted, not one["by_speaker"], one["id"])
        )
        first = _voice(voices[0], accepted=voices[0]["id"] == accepted) if voices else None
        shown.append(Shown(question, _off_stage(question, floor, at), first, len(voices), tuple(told[question.pk])))
    return shown


def _off_stage(question: Question, floor: Floor, at: datetime) -> Standing:
    if question.on_stage_at is None:
        return standing(question, floor, at)
    plain = copy(question)
    plain.on_stage_at = None
    return standing(plain, floor, at)


def _voice(found: Mapping[str, Any], *, accepted: bool = False) -> Voice:
    author = None
    if found["author_id"] and found.get("author_name"):
        values = (found["author_id"], found["author_name"], found["author_picture"])
        author = Person.from_db(DEFAULT_DB_ALIAS, ("id", "name", "picture"), values)
    return Voice(
        id=found["id"],
        text=found["text"],
        language=found["language"],
        name=found.get("name") or (author.name if author is not None else ""),
        author_id=found["author_id"],
        author=author,
        by_speaker=bool(found.get("by_speaker")),
        is_another_way=found.get("kind") == Answer.Kind.ANOTHER_WAY,
        is_accepted=accepted,
    )


def _elsewhere(rows: Mapping[str, list[dict[str, Any]]], at: datetime) -> list[OpenElsewhere]:
    found = []
    for kind in ("talk", "topic"):
        for row in sorted(rows[kind], key=lambda one: (-one["votes"], one["id"])):
            ends = _instant(row["ends_at"])
            if ends is not None and ends <= at:
                titles = (_localised(row["event_title"]), _localised(row["talk_title"]))
                found.append(
                    OpenElsewhere(
                        row["id"],
                        row["text"],
                        row["language"],
                        row["votes"],
                        row["floor_id"],
                        row["code"],
                        *titles,
                        kind == "talk",
                        ends,
                    )
                )
    return found


def _localised(value: Any) -> dict[str, str]:
    """SQLite hands an object inside an object over as a text."""
    loaded: dict[str, str] = json.loads(value) if isinstance(value, str) else value or {}
    return loaded


def _instant(value: str | None) -> datetime | None:
    moment = parse_datetime(value) if value else None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _row(model: type[Model], names: tuple[str, ...], found: Mapping[str, Any]) -> Any:
    values = []
    for name in names:
        field = model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
        value = found[name]
        if isinstance(field, DateTimeField):
            value = _instant(value)
        elif isinstance(field, BooleanField):
            value = bool(value)
        values.append(value)
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


def _standing_answers() -> QuerySet[Answer]:
    return Answer.objects.filter(hidden_at=None, withdrawn_at=None)


def _cases() -> QuerySet[Case]:
    return Case.objects.filter(hidden_at=None, withdrawn_at=None)


_ANSWER = JSONObject(
    id="id", question_id="question_id", text=Substr("text", 1, EXCERPT), language="language", kind="kind",
    by_speaker="by_speaker", author_id="author_id", author_name="author__name", author_picture="author__picture",
)  # fmt: skip
_CASE = JSONObject(
    id="id", question_id="question_id", text="text", language="language", name="name", author_id="author_id"
)
_ELSEWHERE = JSONObject(
    id="id", text="text", language="language", votes="votes", floor_id="floor_id", code="floor__code",
    ends_at="floor__ends_at", event_title="floor__event__title", talk_title="floor__session__talk__title",
)  # fmt: skip


def _kind(name: str) -> Value:
    return Value(name, CharField())


def _compose(order: str, most: int, session: int, talk: int) -> QuerySet[Any, tuple[str, dict[str, Any]]]:
    heard = FactScope.objects.filter(key=Concat(Value("floor:"), Cast(OuterRef("pk"), CharField()))).order_by(
        "-fact_id"
    )
    floors = Floor.objects.filter(session_id=session).order_by()
    floor = floors.values_list(
        _kind("floor"), JSONObject(**{name: F(name) for name in _FLOOR}, newest=Subquery(heard.values("fact_id")[:1]))
    )
    here = Q(floor__session_id=session)
    wanted = Question.objects.filter(OPEN if order == "open" else COUNTED, here)
    wanted = wanted.order_by("-asked_at", "-pk") if order == "new" else wanted.order_by("-votes", "asked_at", "pk")
    shown = Question.objects.filter(pk__in=wanted.values("pk")[:most]).order_by()
    counted = Question.objects.filter(here).order_by().values("floor_id").annotate(
        n_live=Count("pk", filter=LIVE), n_later=Count("pk", filter=LATER), n_open=Count("pk", filter=OPEN),
        n_refused=Count("pk", filter=NOT_SHOWN),
    )  # fmt: skip
    there = Q(question__floor__session_id=session, question__state=State.SHOWN, question__hidden_at=None)
    return floor.union(
        shown.values_list(_kind("question"), JSONObject(**{name: F(name) for name in _QUESTION})),
        counted.values_list(
            _kind("count"), JSONObject(live="n_live", later="n_later", open="n_open", refused="n_refused")
        ),
        _standing_answers().filter(there).order_by().values_list(_kind("answer"), _ANSWER),
        _cases().filter(there).order_by().values_list(_kind("case"), _CASE),
        *_composed_elsewhere(session, talk),
        all=True,
    )


def _composed_elsewhere(session: int, talk: int) -> list[QuerySet[Any, tuple[str, dict[str, Any]]]]:
    """Open questions of other occasions of the talk, and of earlier talks on a topic of it."""
    public = Question.objects.filter(ANSWERABLE, floor__session__in=schedule.visible_to(None))
    begins = Floor.objects.filter(session_id=session).values("starts_at")[:1]
    topics = Talk.topics.through.objects.filter(talk_id=talk).values("topic_id")
    talks = Talk.topics.through.objects.filter(topic_id__in=topics).exclude(talk_id=talk).values("talk_id")
    of_talk = public.filter(floor__session__talk_id=talk).exclude(floor__session_id=session)
    of_topic = public.filter(floor__session__talk_id__in=talks, floor__ends_at__lte=Subquery(begins))
    found = []
    for name, rows, most in (("talk", of_talk, MOST_OF_TALK), ("topic", of_topic, MOST_OF_TOPIC)):
        first = rows.order_by("-votes", "asked_at", "pk").values("pk")[:most]
        found.append(Question.objects.filter(pk__in=first).order_by().values_list(_kind(name), _ELSEWHERE))
    return found


_loads = {
    (order, most): Prepared(partial(_compose, order, most))
    for order in ORDERS
    for most in (ON_SESSION_PAGE, ON_OWN_PAGE)
}
