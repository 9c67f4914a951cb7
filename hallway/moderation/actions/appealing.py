"""Asking once that somebody else looks at a decision again, and their answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import policies
from ..facts import AppealAnswered, DecisionAppealed
from ..models import Appeal, Decision
from .deciding import scopes_of
from .taking_back import hold_around, undo_decision

LONGEST = 3_000


def appeal_decision(*, decision: Decision, text: str, by: Actor, at: datetime) -> Appeal:
    """Whoever holds the link from the mail asks that somebody else looks again. Once: again is the first appeal."""
    text = text.strip()[:LONGEST]
    if not text:
        raise Refusal("appeal.empty", _("Say in a few words why the decision should be another one."), field="text")
    with transaction.atomic():
        row = held(decision, "case.gone")
        there = Appeal.objects.filter(decision=row).first()
        if there is not None:
            return there
        if not row.holds:
            raise Refusal("appeal.nothing", _("Nothing of it holds, so there is nothing to look at again."))
        appeal = Appeal.objects.create(decision=row, text=text, language=(get_language() or "en")[:2], at=at)
        announce(DecisionAppealed(decision_id=row.pk, **scopes_of(row.case)), by=by, at=at)
    return appeal


def answer_appeal(*, appeal: Appeal, granted: bool, answer: str, by: Person, at: datetime) -> Appeal:
    """Somebody else than who decided says whether the decision stays. If not, everything is as it was before.

    Once: whoever comes second reads that it was answered.
    """
    answer = answer.strip()[:1_000]
    if not answer:
        raise Refusal("appeal.no_answer", _("Say why: whoever appealed reads it."), field="answer")
    with transaction.atomic(), store.bumped_last():
        hold_around(appeal.decision)
        decision = held(appeal.decision, "case.gone")
        row = held(appeal, "case.gone")
        require(
            policies.can_answer_appeal(by, row),
            "appeal.not_yours",
            _("Somebody else looks at this again: not whoever decided it, and nobody it is about."),
        )
        if row.answered_at is not None:
            raise Refusal("appeal.answered", _("Somebody else answered this in the meantime. Look at their answer."))
        row.granted, row.answer, row.answered_by, row.answered_at = granted, answer, by, at
        row.save(update_fields=["granted", "answer", "answered_by", "answered_at"])
        if granted:
            undo_decision(decision, by=by, at=at)
        fact = AppealAnswered(decision_id=row.decision_id, granted=granted, **scopes_of(row.decision.case))
        announce(fact, by=by, at=at)
    return row
