"""Takeaways: shown by their writer, changed and taken back by them alone; marked by those they helped."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.models import FactRow
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.kit.text import clean
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways import policies
from hallway.sharing.takeaways.facts import (
    TakeawayChanged,
    TakeawayHidden,
    TakeawayMarked,
    TakeawayShared,
    TakeawayWithdrawn,
)
from hallway.sharing.takeaways.models import HelpedMark, Takeaway

LONGEST = 2_000
MOST_A_SESSION = 5
A_BREATH = timedelta(seconds=3)
MOST_A_DAY = 40
MOST_MARKS_A_DAY = 500
CANNOT_WRITE = _("You cannot write here. Sign in first; whoever is shut out of an event reads only.")
_NOT_YOURS = _("Only whoever wrote this can change it.")
_NOT_TEAM = _("Only the event’s team can hide this. Report it to them.")
NOT_OWN = _("You wrote this, so somebody else of the team decides whether it can be read again.")


def share_takeaway(
    *, session: Session, text: str, is_named: bool, language: str = "", by: Actor, at: datetime
) -> Takeaway:
    """Show others what one took home. The same text again is the same takeaway; five a session are the most."""
    text = cleaned(text)
    person = by if isinstance(by, Person) else None
    with transaction.atomic():
        # Whoever shuts somebody out holds them: the right is asked for when nobody can take it any more.
        stay(by)
        require(policies.can_write_here(by, session), "takeaways.cannot_write", CANNOT_WRITE)
        held(session, "session.gone")
        mine = Takeaway.objects.filter(session=session, person=person, withdrawn_at=None)
        if (same := mine.filter(text=text).first()) is not None:
            return same
        if mine.count() >= MOST_A_SESSION:
            raise Refusal(
                "takeaways.enough", _("You show five for this session already. Change one of them, or take one back.")
            )
        require_pace(TakeawayShared, most=MOST_A_DAY, by=by, at=at)
        made = Takeaway.objects.create(
            session=session, person=person, is_named=is_named, text=text, language=language[:8], shown_at=at,
            updated_at=at,
        )  # fmt: skip
        announce(TakeawayShared(session_id=session.pk, takeaway_id=made.pk), by=by, at=at)
    return made


def edit_takeaway(
    *, takeaway: Takeaway, text: str, is_named: bool, language: str = "", by: Actor, at: datetime
) -> None:
    """Other words, or another name under them. What is as it was is not announced; one waits a little between two."""
    new = {"text": cleaned(text), "is_named": is_named, "language": language[:8]}
    with transaction.atomic():
        stay(by)
        row = held(takeaway, "takeaways.gone")
        if row.withdrawn_at is not None and isinstance(by, Person) and row.person_id == by.pk:
            raise Refusal("takeaways.gone", _("You took this back already. Share it anew."))
        require(policies.can_change_takeaway(by, row), "takeaways.not_yours", _NOT_YOURS)
        require(policies.can_write_here(by, row.session), "takeaways.cannot_write", CANNOT_WRITE)
        if all(getattr(row, name) == value for name, value in new.items()):
            return
        lately = FactRow.objects.filter(kind=TakeawayChanged.kind, by_key=by.actor_key, at__gt=at - A_BREATH)
        if lately.exists():
            raise Refusal("takeaways.edits_too_often", _("Wait a few seconds, and save it again."), status=429)
        Takeaway.objects.filter(pk=row.pk).update(**new, updated_at=at)
        announce(TakeawayChanged(session_id=row.session_id, takeaway_id=row.pk), by=by, at=at)


def withdraw_takeaway(*, takeaway: Takeaway, by: Actor, at: datetime) -> None:
    """Take it back: its text is erased. Doing it twice does nothing."""
    if takeaway.withdrawn_at is not None:
        return
    require(policies.can_change_takeaway(by, takeaway), "takeaways.not_yours", _NOT_YOURS)
    with transaction.atomic():
        row = held(takeaway, "takeaways.gone")
        gone = Takeaway.objects.filter(pk=row.pk, withdrawn_at=None).update(text="", withdrawn_at=at, updated_at=at)
        if gone:
            announce(TakeawayWithdrawn(session_id=row.session_id, takeaway_id=row.pk), by=by, at=at)


def mark_helped(*, takeaway: Takeaway, by: Actor, at: datetime) -> None:
    """It helped. Twice counts once, one's own never."""
    with transaction.atomic():
        stay(by)
        # Of the row as it is now: its writer may have turned out to be whoever marks it.
        require(
            policies.can_mark_takeaway(by, held(takeaway, "takeaways.gone")),
            "takeaways.cannot_mark",
            _("You can say this of what others wrote, once you are signed in."),
        )
        person = by if isinstance(by, Person) else None
        if HelpedMark.objects.filter(takeaway=takeaway, person=person).exists():
            return
        require_pace(TakeawayMarked, most=MOST_MARKS_A_DAY, by=by, at=at)
        HelpedMark.objects.create(takeaway=takeaway, person=person, at=at)
        announce(TakeawayMarked(session_id=takeaway.session_id, takeaway_id=takeaway.pk, helped=True), by=by, at=at)


def unmark_helped(*, takeaway: Takeaway, by: Person, at: datetime) -> None:
    """Take that back. Without a mark it does nothing."""
    with transaction.atomic():
        gone, _rows = HelpedMark.objects.filter(takeaway=takeaway, person=by).delete()
        if gone:
            fact = TakeawayMarked(session_id=takeaway.session_id, takeaway_id=takeaway.pk, helped=False)
            announce(fact, by=by, at=at)


def hide_takeaway(*, takeaway: Takeaway, by: Actor, at: datetime) -> None:
    """Take it out of sight of all but its writer and the team. Twice does nothing."""
    _hide(takeaway, at, by=by, at=at)


def show_takeaway(*, takeaway: Takeaway, by: Actor, at: datetime) -> None:
    """Show it again."""
    _hide(takeaway, None, by=by, at=at)


def _hide(takeaway: Takeaway, hidden_at: datetime | None, *, by: Actor, at: datetime) -> None:
    session = takeaway.session
    require(policies.can_hide_here(by, session), "takeaways.cannot_hide", _NOT_TEAM)
    if hidden_at is None:
        require(policies.can_show_again(by, takeaway, session), "takeaways.cannot_show", NOT_OWN)
    with transaction.atomic():
        row = held(takeaway, "takeaways.gone")
        if (row.hidden_at is None) == (hidden_at is None):
            return
        Takeaway.objects.filter(pk=row.pk).update(hidden_at=hidden_at)
        announce(
            TakeawayHidden(
                event_id=session.event_id, session_id=session.pk, takeaway_id=row.pk, hidden=hidden_at is not None
            ),
            by=by,
            at=at,
        )


def cleaned(text: str, limit: int = LONGEST) -> str:
    """A text one can show. Refused when it is empty or too long."""
    try:
        text = clean(text, limit=limit)
    except ValidationError as error:
        raise Refusal("takeaways.too_long", error.messages[0], status=413, field="text") from error
    if not text:
        raise Refusal("takeaways.empty", _("Write something first."), field="text")
    return text
