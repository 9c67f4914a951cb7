"""A session people ask about, with those who run it, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.sharing.questions import queries
from hallway.sharing.questions.models import Floor, Question
from tests.factories import FloorFactory, SpeakingFactory, TeamRoleFactory


@dataclass(frozen=True)
class Scene:
    """A floor that is on at NOW."""

    floor: Floor
    speaker: Person
    organiser: Person
    helper: Person


def a_scene(**fields: Any) -> Scene:
    floor = FloorFactory(**fields)
    team = {"community": floor.event.community}
    return Scene(
        floor=floor,
        speaker=SpeakingFactory(talk=floor.session.talk).person,
        organiser=TeamRoleFactory(**team).person,
        helper=TeamRoleFactory(**team, role="helper").person,
    )


def refusal(call: Callable[..., object], **named: Any) -> str:
    """The code of the refusal, or nothing where it was done."""
    try:
        call(**named)
    except Refusal as refused:
        assert str(refused)
        return refused.code
    return ""


def now_of(question: Question) -> Question:
    return Question.objects.select_related("floor__event").get(pk=question.pk)


def counted(floor: Floor) -> tuple[int, int, int, int]:
    """Live, later, open, refused."""
    found = queries.ledger_of(floor)
    return found.live, found.later, found.open, found.refused
