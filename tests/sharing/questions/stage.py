"""A session that is on for tests: its floor, speakers and moderator."""

from __future__ import annotations

from typing import Any

from django.test import Client

from hallway.people.models import Person
from hallway.sharing.questions import queries
from hallway.sharing.questions.models import Floor, Question
from hallway.sharing.questions.tokens import moderator_token
from tests.factories import FloorFactory, SpeakingFactory, TalkFactory, TeamRoleFactory


def stage(*, speakers: int = 1, **fields: Any) -> tuple[Floor, list[Person]]:
    """A floor whose session has a talk, and who speaks."""
    floor: Floor = FloorFactory(**fields)
    floor.session.talk = TalkFactory()
    floor.session.save()
    return floor, [SpeakingFactory(talk=floor.session.talk).person for _one in range(speakers)]


def moderator_of(floor: Floor) -> Person:
    person: Person = TeamRoleFactory(community=floor.event.community, role="helper").person
    return person


def link(floor: Floor) -> str:
    """The room, as whoever was given the moderator's link opens it."""
    return f"/q/room/{moderator_token(floor)}/"


def seen(question: Question) -> dict[str, Any]:
    """What a form on the page says of a question."""
    return {"question": question.pk, "seen": queries.mark_of(Question.objects.get(pk=question.pk))}


def press(client: Client, path: str, do: str, **more: Any) -> Any:
    return client.post(path, {"do": do, **more}, headers={"Sec-Fetch-Site": "same-origin"})


def words(response: Any) -> str:
    text: str = response.content.decode()
    return text
