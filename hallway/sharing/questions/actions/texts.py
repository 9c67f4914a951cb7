"""What people write on a floor, as it is held: cleaned, and refused in a sentence when it cannot be."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.forms import ValidationError
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.refusal import Refusal, require
from hallway.kit.text import clean
from hallway.people.models import Person

from .. import policies
from ..models import Floor, Question
from ..tokens import UNNAMED

LANGUAGES = 8
LONGEST_NAME = 120
A_BREATH = timedelta(seconds=3)
NOT_HERE = _(
    "The team decided that you write nothing here for now. The mail about it says why, and how to have it looked at "
    "again."
)
NOT_SHOWN = _("This question is not shown any more. Look at the others.")
OVER = _("Questions of this session can only be read now. A speaker or an organiser can open them again.")
PAUSED = _("The moderators take no questions at the moment. What is asked stays open, come back a little later.")
CANCELLED = _("This event does not take place, so nothing is asked or voted for. What was asked stays here.")
NOT_YET = _("Questions open two weeks before the session. Come back then.")


def said(text: str, *, limit: int, field: str = "text", one_line: bool = False) -> str:
    """A text as it is held. Raises Refusal when nothing of it can be seen, or when it is too long."""
    try:
        cleaned = clean(text, limit=limit, one_line=one_line)
    except ValidationError as error:
        raise Refusal("questions.too_long", error.messages[0], status=400, field=field) from error
    if not cleaned:
        raise Refusal("questions.empty", _("Write a few words first."), status=400, field=field)
    return cleaned


def name_of(by: Actor, named: bool, name: str) -> tuple[Person | None, str]:
    """Whose name stands with a text: the account's, or what somebody without one typed; nothing for unnamed."""
    if not named:
        return None, ""
    if isinstance(by, Person):
        return (by, by.name) if by.name else (None, "")
    return None, typed_name(name)


def typed_name(name: str) -> str:
    """A name as somebody without an account types it."""
    try:
        return clean(name, limit=LONGEST_NAME, one_line=True)
    except ValidationError as error:
        raise Refusal("questions.name_too_long", error.messages[0], status=400, field="name") from error


def signature(author: Person | None) -> Actor:
    """Who stands in the facts: a person who gave their name, else somebody unnamed."""
    return author if author is not None else UNNAMED


def require_a_breath(edited_at: datetime | None, at: datetime) -> None:
    """Refuse to save a text anew in the seconds after it was: each time makes pages and lists of news anew."""
    if edited_at is not None and at - edited_at < A_BREATH:
        raise Refusal("questions.edits_too_often", _("Wait a few seconds, and save it again."), status=429)


def require_shown(question: Question) -> None:
    """Refuse what is not there for everybody, and what lost its text because its asker left."""
    if question.state != Question.State.SHOWN or question.hidden_at is not None or question.erased_at is not None:
        raise Refusal("questions.not_shown", NOT_SHOWN)


def require_open(floor: Floor, by: Actor, at: datetime) -> None:
    """Refuse somebody who is kept out, and everybody while the floor takes nothing."""
    require(policies.can_ask(by, floor), "questions.not_here", NOT_HERE)
    if floor.is_open(at):
        return
    if floor.event.state == Event.State.CANCELLED:
        raise Refusal("questions.cancelled", CANCELLED)
    if floor.paused_at is not None:
        raise Refusal("questions.paused", PAUSED)
    if floor.opens_at is None or at < floor.opens_at:
        raise Refusal("questions.not_yet", NOT_YET)
    raise Refusal("questions.over", OVER)
