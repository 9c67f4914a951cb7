"""What listeners of a floor see of it: questions as the page shows them, once in each language, and counts.

Nothing tells who asked without a name: neither device nor place, nor whether they asked before. What may stand under
the name of several people is not sent at all: pages are told to look, and get it without those they blocked.

The channel ``public/floor:<id>`` is everybody's. Questions that wait to be shown go to ``room:<id>``, to moderators
with an account; those who came by a link hear on ``public/room:<id>`` that something is to be looked at, and no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from hallway.gathering.events.facts import EventUnpublished
from hallway.gathering.events.queries import readers_among
from hallway.kit import clock
from hallway.kit.live import Again, Message, Viewer, admits, looks_again, once, renders
from hallway.kit.models import FactRow
from hallway.people.models import Person

from . import facts, policies, queries
from .models import Floor, Question
from .templatetags.questions import asked_words, ledger_words

State = Question.State
_OF_A_QUESTION = (
    facts.QuestionAsked, facts.QuestionEdited, facts.QuestionWithdrawn, facts.QuestionShown, facts.QuestionRefused,
    facts.RefusalTakenBack, facts.CaseTold, facts.CaseWithdrawn, facts.AnsweredLive, facts.AnswerWritten,
    facts.AnswerEdited, facts.AnswerWithdrawn, facts.AnswerAccepted, facts.SaidHidden,
)  # fmt: skip
_HELD = (facts.QuestionAsked, facts.QuestionEdited, facts.QuestionWithdrawn)


@renders(*_OF_A_QUESTION)
def question(fact: Any, row: FactRow) -> Message:
    """A question as it is now, or that it is not there any more; of one that only moderators know, that one waits."""
    if getattr(fact, "held", False):
        return Message(json.dumps({"waits": True}))
    return _told(fact.question_id, fact.floor_id)


@renders(facts.QuestionMerged)
def merged(fact: facts.QuestionMerged, row: FactRow) -> Message:
    """One is gone, the other has its votes and cases."""
    return _told(fact.into_id, fact.floor_id, gone=[fact.question_id])


@renders(facts.QuestionSeparated)
def separated(fact: facts.QuestionSeparated, row: FactRow) -> Message:
    """The one that was gone is back, if it is shown; the other has its own votes and cases."""
    return _told(fact.into_id, fact.floor_id, back=fact.question_id)


@renders(facts.QuestionTaken)
def taken(fact: facts.QuestionTaken, row: FactRow) -> Message:
    """What the room speaks of now, or (0) of nothing; the one before is open again."""
    if not fact.question_id:
        return Message(json.dumps({"stage": 0}))
    return _told(fact.question_id, fact.floor_id, stage=fact.question_id)


@renders(facts.QuestionVoted, latest=lambda fact: f"votes:{fact.question_id}")
def voted(fact: facts.QuestionVoted, row: FactRow) -> str:
    """So many want it answered."""
    return json.dumps({"id": fact.question_id, "votes": fact.votes})


@renders(facts.FloorChanged, facts.FloorReopened, facts.FloorHandedOver, latest=lambda fact: f"floor:{fact.floor_id}")
def floor(fact: facts.ByTeam, row: FactRow) -> str:
    """How one asks, or who looks after it, is another now. Pages look for themselves."""
    found = Floor.objects.filter(pk=fact.floor_id).first()
    is_open = found is not None and found.is_open(clock.now())
    return json.dumps({"floor": {"open": is_open, "order": found.order if found else ""}})


@renders(*_HELD, private=True)
def waiting(fact: facts.QuestionAsked, row: FactRow) -> Message | None:
    """A question that waits to be shown, for moderators alone; its words in no language but its own."""
    if not fact.held:
        return None
    found = Question.objects.filter(pk=fact.question_id).first()
    if found is None or found.state != State.HELD or found.hidden_at is not None:
        return Message(json.dumps({"gone": [fact.question_id]}))
    said = {
        "id": found.pk, "text": found.text, "language": found.language, "name": found.name, "state": found.state,
        "asked": int(found.asked_at.timestamp()),
    }  # fmt: skip
    return Message(json.dumps(said), found.asker_id)


@admits("public/room:")
@admits("public/floor:")
def readers(pk: str, viewers: set[Viewer]) -> Iterable[Viewer]:
    """Whoever may open the event."""
    event = Floor.objects.filter(pk=int(pk)).values_list("event", flat=True).first()
    return readers_among(event, viewers) if event is not None else ()


@looks_again(EventUnpublished)
def its_floors(fact: EventUnpublished) -> Again:
    """Nobody listens to the floors of an event they may not open any more."""
    floors = Floor.objects.filter(event=fact.event_id).values_list("pk", flat=True)
    return Again(channels=[f"public/{what}:{pk}" for pk in floors for what in ("floor", "room")])


@admits("room:")
def moderators(pk: str, viewers: set[Viewer]) -> Iterable[Viewer]:
    """Those who moderate the floor now."""
    found = Floor.objects.filter(pk=int(pk)).select_related("event__community", "session").first()
    if found is None:
        return []
    people = Person.objects.filter(pk__in=[one for one in viewers if one is not None], left_at=None)
    return [person.pk for person in people if policies.can_moderate(person, found)]


def _told(pk: int, floor_id: int, **more: Any) -> Message:
    """A question in every language of the instance, and what has become of all of them."""
    found, said = once(("question", pk), lambda: _as_it_is(pk))
    if found is None:
        said = {"gone": [*more.pop("gone", []), pk]}
    here = found.floor if found is not None else None
    words = once(("floor", floor_id), lambda: _in_words(here or Floor.objects.get(pk=floor_id)))
    author = found.asker_id if found is not None else None
    return Message(json.dumps({**more, **said, "words": words}, ensure_ascii=False), author)


def _as_it_is(pk: int) -> tuple[Question | None, dict[str, Any]]:
    rows = queries.questions_visible_to(None).filter(pk=pk)
    found = rows.select_related("floor__event", "floor__session").first()
    if found is None:
        return None, {}
    said = {"id": pk, "votes": found.votes, "asked": int(found.asked_at.timestamp())}
    return found, said | _in_every_language(found, found.floor)


def _in_words(here: Floor) -> dict[str, dict[str, str]]:
    ledger = queries.ledger_of(here)
    words: dict[str, dict[str, str]] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words[code] = {"asked": asked_words(ledger), "ledger": ledger_words(ledger)}
    return words


def _in_every_language(found: Question, here: Floor) -> dict[str, Any]:
    at = clock.now()
    html: dict[str, str] = {}
    state, people = "", set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            item = queries.question_shown(found, None, at)
            state, people = item.standing.state, item.people
            if people:
                break
            context = {"item": item, "floor": here, "opening": queries.opening_of(here, at)}
            html[code] = render_to_string("questions/question.html", context)
    return {"state": state, "look": True} if people else {"state": state, "html": html}
