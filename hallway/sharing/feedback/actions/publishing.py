"""What a speaker shows of what was said, and what is taken out of sight."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import require

from .. import policies
from ..facts import FeedbackHidden, FeedbackPublished, FeedbackUnpublished
from ..models import Feedback
from .reviewing import NOT_TEAM

_NOT_SHOWN = _("You can show what was said about your own talk, if its writer agreed to that.")


def publish_feedback(*, feedback: Feedback, by: Actor, at: datetime) -> None:
    """Show a piece at the talk, without the name of who wrote it. Twice does nothing."""
    with transaction.atomic():
        row = held(feedback, "feedback.gone")
        require(policies.can_publish(by, row), "feedback.not_publishable", _NOT_SHOWN)
        if row.published_at is not None:
            return
        row.published_at = at
        row.save(update_fields=["published_at"])
        announce(FeedbackPublished(talk_id=row.talk_id), by=by, at=at)
        store.bump(f"feedback:{row.talk_id}")


def unpublish_feedback(*, feedback: Feedback, by: Actor, at: datetime) -> None:
    """Show it no longer."""
    with transaction.atomic():
        row = held(feedback, "feedback.gone")
        require(policies.can_publish(by, row), "feedback.not_publishable", _NOT_SHOWN)
        if row.published_at is None:
            return
        row.published_at = None
        row.save(update_fields=["published_at"])
        announce(FeedbackUnpublished(talk_id=row.talk_id), by=by, at=at)
        store.bump(f"feedback:{row.talk_id}")


def hide_feedback(*, feedback: Feedback, by: Actor, at: datetime) -> None:
    """Take a text out of sight, also from the speakers."""
    _set_hidden(feedback, at, by=by, at=at)


def show_feedback(*, feedback: Feedback, by: Actor, at: datetime) -> None:
    """Show a text again that was hidden."""
    _set_hidden(feedback, None, by=by, at=at)


def _set_hidden(feedback: Feedback, hidden_at: datetime | None, *, by: Actor, at: datetime) -> None:
    require(policies.can_hide(by, feedback), "feedback.not_team", NOT_TEAM)
    with transaction.atomic():
        row = held(feedback, "feedback.gone")
        if (row.hidden_at is None) == (hidden_at is None):
            return
        row.hidden_at = hidden_at
        row.save(update_fields=["hidden_at"])
        event_id = feedback.session.event_id
        announce(FeedbackHidden(event_id=event_id, talk_id=row.talk_id, hidden=hidden_at is not None), by=by, at=at)
        store.bump(f"feedback:{row.talk_id}")
