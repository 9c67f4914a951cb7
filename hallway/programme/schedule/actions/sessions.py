"""Changes of sessions."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.localised import pick
from hallway.kit.refusal import require
from hallway.people.models import Person
from hallway.programme.schedule.facts import SessionAdded, SessionChanged, SessionHidden, SessionRemoved
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks import policies as talks
from hallway.programme.talks.actions import share_talk
from hallway.programme.talks.models import Talk

from .checks import held_session, require_own_track, require_team, require_title

EDITABLE = frozenset(
    {
        "talk", "code", "kind", "kind_raw", "title", "abstract", "track", "plenum", "recording_url", "feedback_url",
        "origin_url", "do_not_record", "do_not_stream",
    }
)  # fmt: skip


def slug_for(title: dict[str, str]) -> str:
    """The readable end of a session's address; its id makes it unique."""
    return slugify(pick(title, "en").text)[:60].strip("-_") or "session"


def _require_talk(by: Actor, talk: Talk | None) -> None:
    if talk is None:
        return
    reader = by if isinstance(by, Person) else None
    require(
        talks.can_edit_talk(by, talk) or talks.can_view_talk(reader, talk),
        "talk.cannot_view",
        _("This talk is not public. Ask its speakers."),
    )


def add_session(
    *,
    event: Event,
    kind: str,
    by: Actor,
    at: datetime,
    talk: Talk | None = None,
    title: dict[str, str] | None = None,
    abstract: dict[str, str] | None = None,
    track: Track | None = None,
    code: str = "",
    guid: uuid.UUID | None = None,
    kind_raw: str = "",
    plenum: bool = False,
    recording_url: str = "",
    feedback_url: str = "",
    origin_url: str = "",
    do_not_record: bool = False,
    do_not_stream: bool = False,
) -> Session:
    """Put a session into the draft, without a place yet. The team may correct the talk if ``by`` may."""
    require_team(by, event)
    require_own_track(event, track)
    _require_talk(by, talk)
    session = Session(
        event=event, talk=talk, kind=kind, title=title or {}, abstract=abstract or {}, track=track, code=code,
        guid=guid or uuid.uuid4(), kind_raw=kind_raw, plenum=plenum, recording_url=recording_url,
        feedback_url=feedback_url, origin_url=origin_url, do_not_record=do_not_record, do_not_stream=do_not_stream,
        updated_at=at,
    )  # fmt: skip
    require_title(session)
    session.slug = slug_for(title_of(session))
    with transaction.atomic():
        session.save()
        if talk is not None and talks.can_edit_talk(by, talk):
            share_talk(talk=talk, event=event, by=by, at=at)
        announce(SessionAdded(event_id=event.pk, session_id=session.pk), by=by, at=at)
    return session


def edit_session(*, session: Session, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    """Change some fields; what did not change is not announced. Texts of a public session are public at once."""
    require_team(by, session.event)
    if unknown := set(changes) - EDITABLE:
        raise ValueError(f"not fields of a session: {sorted(unknown)}")
    require_own_track(session.event, changes.get("track"))
    if changes.get("talk") != session.talk:
        _require_talk(by, changes.get("talk"))
    changed = [name for name, value in changes.items() if getattr(session, name) != value]
    for name in changed:
        setattr(session, name, changes[name])
    require_title(session)
    if not changed:
        return
    with transaction.atomic():
        held_session(session)
        session.updated_at = at
        session.save(update_fields=[*changed, "updated_at"])
        announce(SessionChanged(event_id=session.event_id, session_id=session.pk, fields=sorted(changed)), by=by, at=at)


def remove_session(*, session: Session, by: Actor, at: datetime) -> None:
    """Take a session out. One that was never public is gone; a public one stays readable until the next release."""
    require_team(by, session.event)
    with transaction.atomic():
        # A release at this moment may be making it public.
        held = held_session(session)
        if held.removed_at is not None:
            return
        announce(SessionRemoved(event_id=session.event_id, session_id=session.pk), by=by, at=at)
        if held.public_at is None:
            session.delete()
            return
        session.removed_at = session.updated_at = at
        session.save(update_fields=["removed_at", "updated_at"])
        Slot.objects.filter(session=session, public_at=None).delete()
        Slot.objects.filter(session=session, removed_at=None).update(removed_at=at)


def hide_session(*, session: Session, by: Actor, at: datetime) -> None:
    """Take a public session from every page; the programme's team still works with it. Twice is once."""
    _set_hidden(session, hidden=True, by=by, at=at)


def show_session(*, session: Session, by: Actor, at: datetime) -> None:
    """Put a hidden session back. Twice is once."""
    _set_hidden(session, hidden=False, by=by, at=at)


def _set_hidden(session: Session, *, hidden: bool, by: Actor, at: datetime) -> None:
    require_team(by, session.event)
    with transaction.atomic():
        held = held_session(session)
        if (held.hidden_at is not None) == hidden:
            return
        held.hidden_at = at if hidden else None
        held.save(update_fields=["hidden_at"])
        announce(SessionHidden(event_id=held.event_id, session_id=held.pk, hidden=hidden), by=by, at=at)
