"""The shared notes of a session: a small page with a history, on which nobody's words are lost."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways import policies, queries
from hallway.sharing.takeaways.facts import SharedNotesLocked, SharedNotesRevisionHidden, SharedNotesWritten
from hallway.sharing.takeaways.models import SharedNotes, SharedNotesRevision

from .showing import CANNOT_WRITE, NOT_OWN, cleaned

LONGEST = 50_000
MOST_A_DAY = 200
_NOT_TEAM = _("Only the event’s team can hide this. Report it to them.")


def write_shared_notes(*, session: Session, text: str, base: int, by: Actor, at: datetime) -> SharedNotesRevision:
    """Leave the page with this text; ``base`` is the revision the writer began from, 0 for none.

    Who began from one that is not the page any more overwrites nothing: their text is kept beside (``is_aside``), and
    they put both together.
    """
    text = cleaned(text, LONGEST)
    with transaction.atomic():
        stay(by)
        page = _open_page(session, by, at)
        now = queries.current_revision(session)
        if now is not None and now.text == text:
            return now
        require_pace(SharedNotesWritten, most=MOST_A_DAY, by=by, at=at)
        is_aside = (now.number if now is not None else 0) != base
        return _leave(page, text, by=by, at=at, is_aside=is_aside)


def revert_shared_notes(*, session: Session, number: int, by: Actor, at: datetime) -> SharedNotesRevision:
    """Make the page again what it was: a new revision with the text of an old one."""
    with transaction.atomic():
        stay(by)
        page = _open_page(session, by, at)
        old = page.revisions.filter(number=number, hidden_at=None).first()
        if old is None:
            raise Refusal(
                "shared_notes.no_revision", _("This revision cannot be read any more. Choose another one."), status=404
            )
        now = queries.current_revision(session)
        if now is not None and now.text == old.text:
            return now
        require_pace(SharedNotesWritten, most=MOST_A_DAY, by=by, at=at)
        return _leave(page, old.text, by=by, at=at, back_to=number)


def hide_revision(*, revision: SharedNotesRevision, by: Actor, at: datetime) -> None:
    """Take a revision out of sight; the page is then what it was before. Twice does nothing."""
    _hide(revision, at, by=by, at=at)


def show_revision(*, revision: SharedNotesRevision, by: Actor, at: datetime) -> None:
    """Show it again."""
    _hide(revision, None, by=by, at=at)


def lock_shared_notes(*, session: Session, lock: str, by: Actor, at: datetime) -> None:
    """Close the page, keep it open, or leave it to the ninety days."""
    require(
        policies.can_lock_notes(by, session),
        "shared_notes.cannot_lock",
        _("Only the programme’s team decides this. Ask them to."),
    )
    if lock not in SharedNotes.Lock.values:
        raise Refusal("shared_notes.lock", _("Choose whether the page is open, closed, or closes by itself."))
    with transaction.atomic():
        page = _held_page(session)
        if page.lock == lock:
            return
        SharedNotes.objects.filter(pk=page.pk).update(lock=lock)
        announce(SharedNotesLocked(event_id=session.event_id, session_id=session.pk, lock=lock), by=by, at=at)


def _open_page(session: Session, by: Actor, at: datetime) -> SharedNotes:
    """The page under its lock, so that nobody closes it any more before it is written."""
    page = _held_page(session)
    require(policies.can_write_here(by, session), "takeaways.cannot_write", CANNOT_WRITE)
    require(
        policies.can_write_notes(by, session, at),
        "shared_notes.closed",
        _("The shared notes of this session are closed. What you know can still be a takeaway."),
    )
    return page


def _held_page(session: Session) -> SharedNotes:
    """The page, made if there is none, one writer after the other."""
    page, _made = SharedNotes.objects.get_or_create(session=session)
    return held(page, "session.gone")


def _leave(
    page: SharedNotes, text: str, *, by: Actor, at: datetime, is_aside: bool = False, back_to: int | None = None
) -> SharedNotesRevision:
    page.number += 1
    page.save(update_fields=["number"])
    made = SharedNotesRevision.objects.create(
        page=page, number=page.number, text=text, person=by if isinstance(by, Person) else None, at=at,
        is_aside=is_aside, back_to=back_to,
    )  # fmt: skip
    session = page.session
    fact = SharedNotesWritten(event_id=session.event_id, session_id=session.pk, number=made.number, aside=is_aside)
    announce(fact, by=by, at=at)
    return made


def _hide(revision: SharedNotesRevision, hidden_at: datetime | None, *, by: Actor, at: datetime) -> None:
    session = revision.page.session
    require(policies.can_hide_here(by, session), "takeaways.cannot_hide", _NOT_TEAM)
    if hidden_at is None:
        require(policies.can_show_again(by, revision, session), "takeaways.cannot_show", NOT_OWN)
    with transaction.atomic():
        _held_page(session)
        row = held(revision, "shared_notes.no_revision")
        if (row.hidden_at is None) == (hidden_at is None):
            return
        SharedNotesRevision.objects.filter(pk=row.pk).update(hidden_at=hidden_at)
        fact = SharedNotesRevisionHidden(
            event_id=session.event_id, session_id=session.pk, number=row.number, hidden=hidden_at is not None
        )
        announce(fact, by=by, at=at)
