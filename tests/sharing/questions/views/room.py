"""A session that is on now, as the tests of its pages need it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from hallway.programme.talks.models import Talk
from hallway.sharing.questions.models import Floor
from tests.factories import FloorFactory, SessionFactory, SpeakingFactory, TalkFactory


def floor_of(talk: Talk | None = None, **fields: Any) -> Floor:
    """The floor of a talk that runs at the instant most tests act at, with a speaker."""
    talk = talk or TalkFactory()
    SpeakingFactory(talk=talk)
    floor: Floor = FloorFactory(session=SessionFactory(talk=talk), **fields)
    return floor


def address(floor: Floor, rest: str = "") -> str:
    return f"/q/{floor.code}/{rest}"


def send(client: Client, floor: Floor, rest: str = "", *, script: bool = False, **said: Any) -> Any:
    """Post a form as a page of this site does, or as its script does."""
    headers = {"Sec-Fetch-Site": "same-origin", **({"Accept": "application/json"} if script else {})}
    return client.post(address(floor, rest), said, headers=headers)


def words(response: Any) -> str:
    text: str = response.content.decode()
    return text
