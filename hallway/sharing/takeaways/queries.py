"""Reads of takeaways and shared notes used more than once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value

from hallway.people.models import Person
from hallway.people.queries import blocked_with
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.talks.models import Talk

from .models import HelpedMark, SharedNotes, SharedNotesRevision, Takeaway

OPEN_FOR = timedelta(days=90)
AROUND = 3  # unchanged lines round a change
MOST_COMPARED = 1_000_000  # pairs of lines; thousands of lines that are all alike would keep a thread for minutes


def visible_to(person: Person | None) -> QuerySet[Takeaway]:
    """Takeaways the reader may see; a named one not where a block stands between reader and writer."""
    rows = Takeaway.objects.filter(withdrawn_at=None, hidden_at=None, session__in=schedule.visible_to(person))
    hidden = blocked_with(person)
    return rows.exclude(is_named=True, person_id__in=hidden) if hidden else rows


def told(rows: QuerySet[Takeaway], reader: Person | None) -> QuerySet[Takeaway]:
    """As a page lists them: what helped most first, with how many it helped and whether the reader was among them."""
    # A mark of somebody who left has no person either, and is nobody's who reads without an account.
    mine = Exists(HelpedMark.objects.filter(takeaway=OuterRef("pk"), person=reader)) if reader else Value(False)
    counted = rows.select_related("person").annotate(helped=Count("marks", distinct=True), is_marked=mine)
    return counted.order_by("-helped", "shown_at", "pk")


def of_session(session: Session, reader: Person | None) -> QuerySet[Takeaway]:
    """What people took home from a session."""
    return told(visible_to(reader).filter(session=session), reader)


def own_takeaways(person: Person) -> QuerySet[Takeaway]:
    """What a person shows, also where it is hidden from others."""
    return Takeaway.objects.filter(person=person, withdrawn_at=None).select_related("session__event", "session__talk")


def hidden_own(person: Person | None, session: Session) -> list[Takeaway]:
    """What a person said of a session and others do not see: its page is the way to the reason."""
    if person is None:
        return []
    return list(Takeaway.objects.filter(person=person, session=session, withdrawn_at=None, hidden_at__isnull=False))


def current_revision(session: Session) -> SharedNotesRevision | None:
    """The shared notes of a session as they are now."""
    rows = SharedNotesRevision.objects.filter(page__session=session, is_aside=False, hidden_at=None)
    return rows.select_related("person", "page").order_by("-number").first()


def notes_of_talk(
    talk: Talk, reader: Person | None, *, but: Session | None = None, most: int
) -> list[SharedNotesRevision]:
    """The shared notes of each session in which a talk was given, as they are now, the latest first. One query."""
    whole = SharedNotesRevision.objects.filter(is_aside=False, hidden_at=None)
    newest = whole.filter(page=OuterRef("page")).order_by("-number").values("pk")[:1]
    rows = whole.filter(page__session__in=schedule.visible_to(reader).filter(talk=talk), pk=Subquery(newest))
    rows = rows.exclude(text="").exclude(page__session=but)
    rows = rows.select_related("page__session__event")
    return list(rows.order_by("-page__session__event__starts_at", "-page__session")[:most])


def revisions_of(session: Session, reader: Person | None, *, most: int) -> list[SharedNotesRevision]:
    """The latest of the history without their texts; names of whom a block keeps apart are left out."""
    rows = SharedNotesRevision.objects.filter(page__session=session).select_related("person").defer("text")
    return _without_names(rows.order_by("-number")[:most], reader)


def revision_with_before(
    session: Session, number: int, reader: Person | None
) -> tuple[SharedNotesRevision, SharedNotesRevision | None] | None:
    """A revision and the one whose page it changed; None when there is no such revision."""
    rows = SharedNotesRevision.objects.filter(page__session=session).select_related("person", "page")
    found = rows.filter(number=number).first()
    if found is None:
        return None
    before = rows.filter(number__lt=number, is_aside=False, hidden_at=None).order_by("-number").first()
    _without_names([found], reader)
    return found, before


def _without_names(rows: Iterable[SharedNotesRevision], reader: Person | None) -> list[SharedNotesRevision]:
    apart, listed = blocked_with(reader), list(rows)
    for row in listed:
        if row.person_id in apart:
            row.person = None
    return listed


def closes_at(session: Session) -> datetime | None:
    """When its shared notes close by themselves: ninety days after its last slot."""
    last = Slot.objects.filter(session=session, public_at__isnull=False).aggregate(last=Max("public_ends_at"))["last"]
    return last + OPEN_FOR if last is not None else None


def are_notes_open(session: Session, at: datetime) -> bool:
    """Whether one may write in its shared notes."""
    page = SharedNotes.objects.filter(session=session).first()
    if page is not None and page.lock:
        return page.lock == SharedNotes.Lock.OPEN
    closes = closes_at(session)
    return closes is None or at < closes


@dataclass(frozen=True)
class Line:
    """A line of a difference: ``how`` is gone, new, same or skip."""

    how: str
    text: str


def difference(before: str, after: str) -> Iterator[Line]:
    """What changed from one text to the other, line by line, with a few lines round it."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) * len(new) > MOST_COMPARED:
        yield from (Line("gone", text) for text in old)
        yield from (Line("new", text) for text in new)
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(AROUND)):
        if number:
            yield Line("skip", "")
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from (Line("same", text) for text in old[a:b])
            else:
                yield from (Line("gone", text) for text in old[a:b])
                yield from (Line("new", text) for text in new[c:d])


def tags_of(session_ids: Iterable[int]) -> list[str]:
    """Tags of stored pages that show what was said of these sessions: their own, their talks', their events'."""
    rows = Session.objects.filter(pk__in=set(session_ids)).values_list("pk", "talk_id", "event_id")
    return sorted({
        tag
        for pk, talk, event in rows
        for tag in (f"takeaways:{pk}", f"takeaways-event:{event}", *([f"takeaways-talk:{talk}"] if talk else []))
    })  # fmt: skip


def sessions_naming(person_id: int) -> list[int]:
    """Sessions whose pages name this person under what they wrote."""
    named = Q(takeaways__person_id=person_id) | Q(shared_notes__revisions__person_id=person_id)
    return list(Session.objects.filter(named).values_list("pk", flat=True).distinct())


def own_data(person: Person) -> dict[str, Any]:
    """For the export: what a person shows, what helped them, and what they wrote in shared notes."""
    data = {
        "takeaways": [
            {
                "session": schedule.title_of(row.session), "text": row.text, "named": row.is_named,
                "shown_at": row.shown_at, "hidden_at": row.hidden_at, "helped": row.marks.count(),
            }
            for row in own_takeaways(person).order_by("shown_at")
        ],
        "helped_you": list(HelpedMark.objects.filter(person=person).values("takeaway__text", "at")),
        "shared_notes": [
            {"session": schedule.title_of(row.page.session), "number": row.number, "at": row.at, "text": row.text}
            for row in SharedNotesRevision.objects.filter(person=person)
            .select_related("page__session__talk")
            .order_by("at")
        ],
    }  # fmt: skip
    return {name: rows for name, rows in data.items() if rows}
