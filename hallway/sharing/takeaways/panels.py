"""What takeaways put on other pages: below a session, a talk and an event, and beside a private note."""

from __future__ import annotations

import re
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from hallway.gathering.events.models import Event
from hallway.kit import store
from hallway.kit.panels import panel
from hallway.kit.text import plain
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Talk

from . import queries

FIRST, OF_TALK, OF_EVENT = 5, 20, 20
MOST_GIVINGS = 20
EXCERPT, OTHER_EXCERPT = 280, 120
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")
_ENDS = ".!?…:;,"


def _person(reader: Any) -> Person | None:
    return reader if isinstance(reader, Person) else None


@panel("session_page.below", order=60)
def said_of_a_session(session: Session, *, reader: Any = None, request: Any = None) -> str:
    """What people took home, and the notes they wrote together."""
    if session.kind == Session.Kind.BREAK:
        return ""
    store.carry(request, f"takeaways:{session.pk}")
    found = list(queries.of_session(session, _person(reader))[: FIRST + 1])
    revision = queries.current_revision(session)
    context = {
        "session": session, "takeaways": found[:FIRST], "are_more": len(found) > FIRST, "from": "session",
        "excerpt": _beginning(revision.text) if revision is not None else "", "reader": _person(reader),
        "others": _notes(session.talk, reader, request, but=session) if session.talk is not None else [],
        "hidden": queries.hidden_own(_person(reader), session),
    }  # fmt: skip
    return render_to_string("takeaways/below_session.html", context, request=request)


@panel("talk_page.below", order=60)
def said_of_a_talk(talk: Talk, *, reader: Any = None, request: Any = None) -> str:
    """What people took home from it, and the notes they wrote together, wherever it was given."""
    notes = _notes(talk, reader, request)
    rows = queries.visible_to(_person(reader)).filter(session__talk=talk)
    return _several(rows, OF_TALK, reader, request) + (
        render_to_string("takeaways/notes_of_talk.html", {"notes": notes}) if notes else ""
    )


def _notes(talk: Talk, reader: Any, request: Any, *, but: Session | None = None) -> list[tuple[Session, str]]:
    """Sessions in which the talk was given and has shared notes, with how those begin."""
    store.carry(request, f"takeaways-talk:{talk.pk}")
    found = queries.notes_of_talk(talk, _person(reader), but=but, most=MOST_GIVINGS)
    return [(one.page.session, _beginning(one.text, OTHER_EXCERPT)) for one in found]


@panel("hallway_page.below", order=60)
def said_at_an_event(event: Event, *, reader: Any = None, request: Any = None) -> str:
    """What people took home from its sessions, what helped most first."""
    store.carry(request, f"takeaways-event:{event.pk}")
    rows = queries.visible_to(_person(reader)).filter(session__event=event)
    return _several(rows, OF_EVENT, reader, request)


def _beginning(text: str, limit: int = EXCERPT) -> str:
    """The first words of shared notes, in one line: without headings, and with something between items of lists."""
    said: list[str] = []
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if (item := _ITEM.match(line)) is not None:
            line = line[item.end() :]
            if said and said[-1][-1:] not in _ENDS:
                said[-1] += " ·"
        said.append(line.strip())
    return plain("\n".join(said), limit=limit) or plain(text, limit=limit)


def _several(rows: Any, most: int, reader: Any, request: Any) -> str:
    """Takeaways of several sessions, each with its session's name; nothing when there are none."""
    told = queries.told(rows, _person(reader)).select_related("person", "session__event", "session__talk")
    found = list(told[:most])
    context = {"takeaways": found, "with_session": True, "reader": _person(reader)}
    return render_to_string("takeaways/below_several.html", context, request=request) if found else ""


@panel("note.actions")
def note_becomes_a_takeaway(session: Session, *, reader: Any = None, request: Any = None) -> str:
    """The door from a private note to a takeaway."""
    address = reverse("takeaways:new", args=[session.event.slug, session.pk])
    return format_html('<a class="button small" href="{}">{}</a>', address, _("Share as takeaway"))
