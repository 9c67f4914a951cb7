"""Asking on the page of a session, and how many questions are open on lists."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from hallway.kit import clock
from hallway.kit.panels import panel
from hallway.kit.store import carry
from hallway.people.models import Person
from hallway.programme.schedule.models import Session

from .. import policies, queries
from ..forms.asking import AskForm
from ..remembering import asker_of


@panel("frame.foot")
def way_in_by_code(*, reader: Any = None, request: HttpRequest | None = None) -> str:
    """For whoever sits in a room and has its letters, from whatever page they are on."""
    return format_html('<a href="{}">{}</a>', reverse("questions:code"), _("Ask in a room, by its code"))


@panel("session_page.below", order=20)
def questions_of_session(session: Session, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """The field to ask in and what was asked; nothing for a session nobody can ask about, as a break."""
    at, person = clock.now(), reader if isinstance(reader, Person) else None
    shown = queries.floor_shown(session, person, at, most=queries.ON_SESSION_PAGE)
    if shown is None or request is None:
        return ""
    floor = shown.floor
    opening = queries.opening_of(floor, at)
    carry(request, *shown.tags, good_until=queries.good_until(floor, opening, at))
    session.__dict__["floor_shown"] = shown, opening  # for the side of the same page
    context = {
        "shown": shown, "floor": floor, "event": session.event, "session": session,
        "form": AskForm(event=session.event, person=person),
        "opening": opening, "order": "top", "at": at, "is_personal": person is not None, "on_session_page": True,
        "mine": queries.mine_on(floor, asker_of(request).traces, at) if person is not None else queries.Mine(),
        "may_moderate": person is not None and policies.can_moderate(person, floor),
    }  # fmt: skip
    return render_to_string("questions/session.html", context, request)


@panel("session_page.side", order=20)
def code_for_phones(session: Session, *, reader: Any = None, request: HttpRequest | None = None) -> str:
    """The code that leads a phone to the room page, while one may ask."""
    shown, opening = session.__dict__.get("floor_shown", (None, None))
    if shown is None:
        return ""
    return render_to_string("questions/from_phone.html", {"floor": shown.floor, "opening": opening})
