"""Two moderators at once: whoever comes second hears of it, and changes nothing they did not see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hallway.kit.held import held
from hallway.kit.refusal import Refusal

from .. import queries
from ..models import Question
from .asking import GONE

State = Question.State


@contextmanager
def as_it_was_seen(question: Question, mark: str) -> Iterator[Question]:
    """Hold a question while something is done with it. Refused when it is no longer what the ``mark`` says.

    What is refused inside undoes all of it.
    """
    with transaction.atomic():
        held(question.floor, "questions.floor_gone")
        row = held(question, GONE)
        if queries.mark_of(row) != mark:
            raise Refusal("questions.quicker", _quicker(row))
        yield row


def _quicker(row: Question) -> str | Promise:
    """Where it stands now, in a sentence."""
    if row.state == State.WITHDRAWN:
        return _("Its asker took this question back a moment ago.")
    if row.state == State.MERGED:
        return _("Somebody was quicker: this question was put together with another one.")
    if row.state == State.REFUSED:
        return _("Somebody was quicker: this question is not shown.")
    if row.state == State.HELD:
        return _("Somebody was quicker: this question waits to be let in.")
    if row.on_stage_at is not None:
        return _("Somebody was quicker: this question is being answered now.")
    if row.answered_live_at is not None:
        return _("Somebody was quicker: this question was answered, or has other words now.")
    return _("Somebody was quicker: this question is shown and open, maybe in other words. Read it again.")
