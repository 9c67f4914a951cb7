"""For the team: on the event's page, on its edit pages, and among what organisers of a community do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import can_create_event
from hallway.kit import clock
from hallway.kit.panels import panel

from .. import policies, queries
from ..crowds import NOBODY, crowds_of, waiting_for_an_answer
from ..entries import walked_in_seats
from ..models import Registration

State = Registration.State


@panel("event_about.team", order=20)
def how_full(event: Event, *, reader: Any, request: HttpRequest | None) -> str:
    """How many seats are taken, who stands in line and who waits for a yes, with the way to the list."""
    admission = queries.main_admission(event)
    if admission is None or not policies.can_run_registrations(reader, event):
        return ""
    crowds = crowds_of([admission]).get(admission.pk, {})
    walked_in = walked_in_seats([admission], clock.now()).get(admission.pk, 0)
    context = {
        "event": event, "total": admission.seats, "taken": crowds.get(State.GOING, NOBODY).seats + walked_in,
        "waiting": crowds.get(State.WAITING, NOBODY).people, "asked": crowds.get(State.ASKED, NOBODY).people,
        "is_none": admission.how == "none",
    }  # fmt: skip
    return render_to_string("attendance/team/panel_event.html", context, request)


@panel("event_change.touches")
def who_hears(event: Event, part: str, *, reader: Any, request: HttpRequest | None) -> str:
    """Before somebody moves, postpones or cancels an event: how many registered people hear of it."""
    number = len(queries.touched_by(event))
    if not number:
        return ""
    return render_to_string("attendance/team/panel_touches.html", {"number": number, "part": part}, request)


@panel("community_page.organise", order=20)
def who_waits_for_an_answer(community: Community, *, reader: Any, request: HttpRequest | None) -> str:
    """Events with people who wait for a yes or no, on the community's own page."""
    if not can_create_event(reader, community):
        return ""
    waiting = waiting_for_an_answer(community, clock.now())
    return render_to_string("attendance/team/panel_community.html", {"waiting": waiting}, request) if waiting else ""
