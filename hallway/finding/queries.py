"""The search itself: every word must be found; titles count more; what is to come before what is over."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from hallway.kit import clock
from hallway.kit.text import fold
from hallway.people.models import Person
from hallway.people.queries import blocked_with
from hallway.sharing.questions.models import Question

from .models import SearchEntry

MOST_WORDS = 8
PAGE = 20


@dataclass(frozen=True)
class Results:
    """What was found of one kind: the entries of one page and how many there are in all."""

    kind: str
    entries: list[SearchEntry]
    total: int


def words_of(text: str) -> list[str]:
    """The words a search looks for, folded, at most MOST_WORDS."""
    return [word for word in fold(text.replace("\x00", " ")).split() if word][:MOST_WORDS]


def matching(text: str, reader: Person | None = None) -> QuerySet[SearchEntry]:
    """Entries that hold every word, best first. No words find nothing.

    People whom a block keeps from the reader are not found, nor what they asked under their name; talks and programmes
    are, whoever speaks.
    """
    words = words_of(text)
    if not words:
        return SearchEntry.objects.none()
    everywhere, in_title = Q(), Q()
    for word in words:
        everywhere &= Q(folded__contains=word)
        in_title &= Q(folded_title__contains=word)
    rank = Case(
        When(Q(folded_title=" ".join(words)), then=Value(0)),
        When(Q(folded_title__startswith=words[0]) & in_title, then=Value(1)),
        When(in_title, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    coming = Case(When(at__gte=clock.now(), then=Value(0)), default=Value(1), output_field=IntegerField())
    found = SearchEntry.objects.filter(everywhere)
    if hidden := blocked_with(reader):
        found = found.exclude(kind=SearchEntry.Kind.PERSON, object_id__in=hidden)
        asked = Question.objects.filter(asker__in=hidden).values("pk")
        found = found.exclude(kind=SearchEntry.Kind.QUESTION, object_id__in=asked)
    return found.annotate(rank=rank, coming=coming, length=Length("folded_title")).order_by(
        "rank", "coming", "-at", "length", "pk"
    )


def results(text: str, *, kind: str = "", page: int = 1, reader: Person | None = None) -> list[Results]:
    """A first few of each kind, or one page of one kind."""
    found = matching(text, reader)
    kinds = (
        [kind] if kind in SearchEntry.Kind.values else ["event", "talk", "community", "person", "question", "product"]
    )
    most = PAGE if kind else 6
    start = (page - 1) * most if kind else 0
    answer = []
    for name in kinds:
        rows = found.filter(kind=name)
        entries = list(rows[start : start + most])
        total = rows.count() if kind or len(entries) == most else len(entries)
        if entries:
            answer.append(Results(name, entries, total))
    return answer
