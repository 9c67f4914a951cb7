"""For the team and the speakers: the ways to the room, the wall and the sheet."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from hallway.gathering.events.models import Event
from hallway.kit.panels import panel
from hallway.programme.schedule.models import Session

from .. import policies
from ..models import Floor


@panel("session_page.side", order=5)
def room_of_a_session(session: Session, *, reader: Any = None, request: Any = None) -> str:
    """Moderate, wall and sheet of one session, for whoever may moderate it."""
    if reader is None:
        return ""
    floor = Floor.objects.filter(session=session).first()
    if floor is None:
        return ""
    floor.session, floor.event = session, session.event
    if not policies.can_moderate(reader, floor):
        return ""
    return render_to_string("questions/room_panel.html", {"floor": floor})


@panel("event_about.team", order=30)
def rooms_of_an_event(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """All rooms of an event, once its programme is released."""
    if not policies.can_moderate_event(reader, event) or not Floor.objects.filter(event=event).exists():
        return ""
    address = reverse("questions:rooms", args=[event.slug])
    return format_html('<p><a class="button small" href="{}">{}</a></p>', address, _("Questions in the room"))
