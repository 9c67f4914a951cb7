"""Something reported, and the people around it, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from hallway.gathering.communities.models import TeamRole
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.reportable import KINDS, Place, Reportable
from hallway.moderation import queries
from hallway.moderation.actions import appeal_decision, report_thing
from hallway.moderation.models import Appeal, ConductCase, Decision, Report
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from tests.factories import (
    EventFactory,
    PersonFactory,
    SessionFactory,
    SlotFactory,
    SpeakingFactory,
    TeamRoleFactory,
)


@dataclass
class Matter:
    """A session at an event of a community with two organisers; its speaker is whom reports are about."""

    event: Event
    session: Session
    speaker: Person
    organiser: Person
    second: Person


def matter(**fields: Any) -> Matter:
    event = EventFactory(title={"en": "Savanna Conf"}, community__name="Ubuntu Coders", **fields)
    session = SessionFactory(event=event, talk__title={"en": "Asyncio"}, talk__abstract={"en": "Loops of one event."})
    SlotFactory(session=session)
    speaker = SpeakingFactory(talk=session.talk, person__name="Piet").person
    first = TeamRoleFactory(community=event.community, person__name="Naledi").person
    second = TeamRoleFactory(community=event.community, person__name="Sipho").person
    return Matter(event, session, speaker, first, second)


def report(thing: Any, by: Any, at: datetime, *, kind: str = "session", **more: Any) -> Report:
    return report_thing(what=KINDS[kind], thing=thing, trouble=more.pop("trouble", "hurtful"), by=by, at=at, **more)


def case_of(thing: Any, at: datetime, *, by: Any = None, kind: str = "session") -> ConductCase:
    """The case of a thing that somebody reported."""
    return report(thing, by or PersonFactory(), at, kind=kind).case


HALLWAY = SystemPerson("tests")
WHY = "It insults people."


def team_of(case: ConductCase) -> list[Person]:
    event = case.event
    assert event is not None
    roles = TeamRole.objects.filter(community=event.community, role="organiser").order_by("pk")
    return [role.person for role in roles]


def visitor() -> Visitor:
    return Visitor(str(uuid4()))


def code_of(raised: Any) -> str:
    return str(raised.value.code)


def deciders(case: ConductCase, at: datetime) -> set[int]:
    return queries.deciders_of([ConductCase.objects.select_related("event").get(pk=case.pk)], at)[case.pk]


def ids(*people: Person) -> set[int]:
    return {person.pk for person in people}


def appealed(decision: Decision, at: datetime) -> Appeal:
    return appeal_decision(decision=decision, text=" I did not. ", by=HALLWAY, at=at)


def unnamed_kind(it: Matter, **more: Any) -> Reportable:
    """A text that names nobody; its owner mutes whoever wrote it."""
    muted: list[str] = []
    return Reportable(
        kind="unnamed", label="a text", find=lambda pk: Session.objects.filter(pk=pk).first(),
        can_view=lambda reader, thing: True, title=lambda thing: "", text=lambda thing: "Text",
        address=lambda thing: "/", authors=more.pop("authors", lambda thing: []),
        place=lambda thing: Place(event_id=it.event.pk), mute=more.pop("mute", None) or (
            lambda thing, *, cause, reason, by, at: muted.append(reason)
        ), **more,
    )  # fmt: skip
