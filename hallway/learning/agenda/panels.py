"""What notes put on other pages: a place to write beside a session, and a line among what is yours."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from hallway.kit.panels import panel
from hallway.people.models import Person
from hallway.programme.schedule.models import Session

from .actions import LONGEST
from .queries import note_of, number_of_notes, zone_of_notes


@panel("session_page.side", order=10)
def note_beside_a_session(session: Session, *, reader: Any = None, request: Any = None) -> str:
    """One's own notes. Everybody's stored page has an empty one, which a script keeps on the device."""
    if session.kind == Session.Kind.BREAK:
        return ""
    person = reader if isinstance(reader, Person) else None
    context = {
        "session": session, "person": person, "note": note_of(person, session) if person else None, "longest": LONGEST,
        "zone": zone_of_notes(person) if person else "",
    }  # fmt: skip
    return render_to_string("agenda/beside.html", context, request=request)


@panel("me.links", order=40)
def notes_among_what_is_yours(person: Person, *, reader: Any = None, request: Any = None) -> str:
    """The door to all one's notes."""
    return render_to_string("agenda/my_link.html", {"count": number_of_notes(person)})
