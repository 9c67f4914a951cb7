"""For those at the door: on the event's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import can_edit_programme
from hallway.kit import clock
from hallway.kit.panels import panel

from .. import policies, queries
from ..entries import OPENS_BEFORE

SHOWN_AFTER = timedelta(days=1)


@panel("event_about.team", order=20)
def door_for_the_team(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The way to the door for whoever may open it; on the day itself, the first thing to press."""
    return _way_in(event, reader)


@panel("event_about.side", order=5)
def door_for_a_helper(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """The same for those of the team who only help: the page has no note for them."""
    if reader is None or can_edit_programme(reader, event):
        return ""
    way_in = _way_in(event, reader)
    return format_html('<section class="note">{}</section>', way_in) if way_in else ""


def _way_in(event: Event, reader: Any) -> SafeString | str:
    if event.state != Event.State.PUBLISHED or event.starts_at is None or not policies.can_run_door(reader, event):
        return ""
    if queries.main_admission(event) is None:
        return ""
    ends, now = event.ends_at or event.starts_at, clock.now()
    is_today = event.starts_at - OPENS_BEFORE <= now < ends + SHOWN_AFTER
    return render_to_string("attendance/door_panel.html", {"event": event, "is_today": is_today})
