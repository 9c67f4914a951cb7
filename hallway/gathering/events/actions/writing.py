"""Writing to the team about an event."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from hallway.gathering.communities.actions import write_to_team
from hallway.gathering.communities.actions.writing import KEPT_OUT
from hallway.gathering.communities.models import TeamMessage
from hallway.kit.actors import Visitor
from hallway.kit.localised import pick
from hallway.kit.refusal import require
from hallway.people.models import Person

from .. import policies
from ..models import Event


def write_about_event(
    *,
    event: Event,
    text: str,
    name: str = "",
    address: str = "",
    path: str = "",
    by: Person | Visitor,
    at: datetime,
) -> TeamMessage:
    """Write to the organisers of an event’s community, who read which event it is about.

    ``path`` leads to what they need for the answer; without it, to the event. Whoever is muted at the event, or banned
    from it, writes nothing here either.
    """
    require(policies.may_take_part(by, event), "message.not_possible", KEPT_OUT)
    return write_to_team(
        community=event.community, text=text, name=name, address=address, about=pick(event.title).text,
        path=path or reverse("events:page", args=[event.slug]), by=by, at=at,
    )  # fmt: skip
