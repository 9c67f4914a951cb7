"""For one person: questions they could answer and why, and what changed around what they asked and said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hallway.gathering.attendance.models import Registration
from hallway.gathering.communities.queries import present_roles
from hallway.kit.localised import pick
from hallway.kit.text import plain
from hallway.people.models import Person
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks.models import Speaking, Talk
from hallway.vocabulary.models import Topic

from ..models import Answer, Floor, Follow, HelpOffer, Mark, Question
from ..tokens import follower_key, traces_of
from .floors import ANSWERABLE, floors_visible_to
from .hallways import for_rows
from .threads import answers_visible_to, questions_visible_to

MOST_COMPARED = 200
MOST_FOLLOWED = 500
MOST_NEWS = 8
A_LINE = 90


@dataclass(frozen=True)
class Suggestion:
    """A question somebody could answer, and why it is shown to them."""

    question: Question
    reason: str


def floors_to_answer(person: Person) -> QuerySet[Floor]:
    """Floors on which somebody may answer, as far as rows say: they go, speak or help there, or nobody registers."""
    listed = Registration.objects.filter(admission__event=OuterRef("event"))
    goes = listed.filter(person=person, state=Registration.State.GOING)
    speaks = Speaking.objects.filter(person=person, talk__sessions__event=OuterRef("event"))
    runs = present_roles().filter(person=person, community=OuterRef("event__community"))
    return floors_visible_to(person).filter(Exists(goes) | ~Exists(listed) | Exists(speaks) | Exists(runs))


def questions_to_answer(person: Person, at: datetime, *, most: int) -> list[Suggestion]:
    """Open questions on what somebody gave talks on, answered before, or offers to help with, most wanted first.

    Never their own, never of somebody blocked, and only while they can be answered.
    """
    known = topics_known_to(person)
    if not known:
        return []
    about = Q(floor__session__talk__topics__in=known) | Q(floor__event__topics__in=known)
    rows = questions_visible_to(person).filter(ANSWERABLE, about, floor__in=floors_to_answer(person))
    rows = rows.exclude(asker_key__in=traces_of(person)).exclude(floor__session__talk__speakers=person).distinct()
    found = for_rows(rows).order_by("-votes", "-asked_at", "-pk").prefetch_related(
        "floor__session__talk__topics", "floor__event__topics"
    )  # fmt: skip
    answerable = (one for one in found[:MOST_COMPARED] if one.floor.is_open(at))
    reasoned = (Suggestion(one, _reason(one, known)) for one in answerable)
    return [one for one, _number in zip(reasoned, range(most), strict=False)]


def topics_known_to(person: Person) -> dict[int, str]:
    """Topics somebody knows something of, each with how we know: "talk", "answered" or "offered". Three queries."""
    through = Talk.topics.through.objects
    known: dict[int, str] = {}
    answered = Answer.objects.filter(author=person, withdrawn_at=None).values("question__floor__session__talk")
    for how, ids in (
        ("offered", HelpOffer.objects.filter(person=person).values_list("topic_id", flat=True)),
        ("answered", through.filter(talk__in=answered).values_list("topic_id", flat=True)),
        ("talk", through.filter(talk__speakings__person=person).values_list("topic_id", flat=True)),
    ):
        known |= dict.fromkeys(ids, how)
    return known


def _reason(question: Question, known: dict[int, str]) -> str:
    talk = question.floor.session.talk
    about: list[Topic] = [*(talk.topics.all() if talk is not None else ()), *question.floor.event.topics.all()]
    strength = {"talk": 0, "answered": 1, "offered": 2}
    topic = min((one for one in about if one.pk in known), key=lambda one: strength[known[one.pk]])
    sentence = {
        "talk": _("Because you gave a talk on %(topic)s."),
        "answered": _("Because you answered a question on %(topic)s."),
        "offered": _("Because you can help with %(topic)s."),
    }[known[topic.pk]]
    return sentence % {"topic": topic.name}


@dataclass(frozen=True)
class News:
    """Something that happened to what somebody asked, follows, gave a talk on or answered."""

    at: datetime
    sentence: str
    address: str


def news_for(person: Person, since: datetime) -> list[News]:
    """What changed since then, newest first. Eight queries, however much there is."""
    asked, answers = questions_visible_to(person), answers_visible_to(person)
    found = [*_answers(person, since, answers), *_answered_live(person, since, asked)]
    found += [*_asked_on_talks(person, since, asked), *_marks(person, since, answers)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST_NEWS]


def _line(text: str) -> str:
    return plain(text, limit=A_LINE)


def _answers(person: Person, since: datetime, answers: QuerySet[Answer]) -> Iterable[News]:
    """Answers by others to what somebody asked or follows."""
    traces = traces_of(person)
    rows = answers.filter(written_at__gt=since, author__isnull=False, erased_at=None)
    # Who follows is sealed: found by looking for this person among the questions that had answers lately.
    lately = list(rows.order_by("-question").values_list("question", flat=True).distinct()[:MOST_FOLLOWED])
    keys = [follower_key(pk, person.actor_key) for pk in lately]
    followed = Follow.objects.filter(follower_key__in=keys, is_over=False).values("question")
    rows = rows.filter(Q(question__asker_key__in=traces) | Q(question__in=followed)).exclude(author=person)
    for answer in rows.select_related("author", "question__floor").order_by("-written_at", "-pk")[:MOST_NEWS]:
        question = answer.question
        sentence = (
            _("%(name)s answered your question: %(question)s")
            if question.asker_key in traces
            else _("%(name)s answered a question you follow: %(question)s")
        )
        words = {"name": answer.author.name if answer.author else "", "question": _line(question.text)}
        yield News(answer.written_at, sentence % words, f"{question.address}#answer-{answer.pk}")


def _answered_live(person: Person, since: datetime, visible: QuerySet[Question]) -> Iterable[News]:
    rows = visible.filter(asker_key__in=traces_of(person), answered_live_at__gt=since)
    for question in rows.select_related("floor").order_by("-answered_live_at", "-pk")[:MOST_NEWS]:
        if question.answered_live_at is not None:
            sentence = _("Your question was answered in the room: %(question)s") % {"question": _line(question.text)}
            yield News(question.answered_live_at, sentence, question.address)


def _asked_on_talks(person: Person, since: datetime, visible: QuerySet[Question]) -> Iterable[News]:
    """Questions others asked on somebody's own talks: a line a session."""
    rows = visible.filter(floor__session__talk__speakers=person, asked_at__gt=since)
    rows = rows.exclude(asker_key__in=traces_of(person)).select_related("floor__session__talk")
    by_floor: dict[int, list[Question]] = {}
    for question in rows.order_by("-asked_at", "-pk")[:MOST_COMPARED]:
        by_floor.setdefault(question.floor_id, []).append(question)
    for asked in by_floor.values():
        newest = asked[0]
        sentence = ngettext(
            "%(number)s new question on your talk: %(talk)s", "%(number)s new questions on your talk: %(talk)s",
            len(asked),
        )  # fmt: skip
        words = {"number": len(asked), "talk": pick(title_of(newest.floor.session)).text}
        yield News(newest.asked_at, sentence % words, newest.floor.address)


def _marks(person: Person, since: datetime, answers: QuerySet[Answer]) -> Iterable[News]:
    """Who says that somebody's answers helped: a line an answer."""
    rows = answers.filter(author=person, helped__gt=0, erased_at=None)
    helped = Q(marks__kind=Mark.Kind.HELPED, marks__is_meant=True)
    rows = rows.annotate(latest=Max("marks__at", filter=helped)).filter(latest__gt=since)
    for answer in rows.select_related("question__floor").order_by("-latest", "-pk")[:MOST_NEWS]:
        sentence = ngettext(
            "Your answer helped %(number)s person: %(question)s", "Your answer helped %(number)s people: %(question)s",
            answer.helped,
        )  # fmt: skip
        words = {"number": answer.helped, "question": _line(answer.question.text)}
        yield News(answer.latest, sentence % words, f"{answer.question.address}#answer-{answer.pk}")
