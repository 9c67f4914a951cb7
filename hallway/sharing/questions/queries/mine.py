"""What one person or device did on a floor: for their own eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ..models import Case, Floor, MutedAsker, Question
from ..models.questions import EDITABLE_FOR
from .threads import Standing, own_questions, standing, wanted_by

State = Question.State


@dataclass(frozen=True)
class Own:
    """A question of one's own: where it stands, and until when its words can be changed, if they still can."""

    question: Question
    standing: Standing
    editable_until: datetime | None
    is_muted: bool = False

    @property
    def only_withdrawn(self) -> bool:
        """Whether a moderator let these very words in: they can be taken back, not changed."""
        return self.question.state == State.SHOWN and self.question.shown_at != self.question.asked_at

    @property
    def is_on_the_page(self) -> bool:
        return self.question.state == State.SHOWN and self.question.hidden_at is None

    @property
    def may_be_decided(self) -> bool:
        """Whether moderation may have said something about it that its asker reads here."""
        return self.question.hidden_at is not None or self.is_muted


@dataclass(frozen=True)
class Mine:
    """What somebody asked here, newest first, and the ids of what they voted for."""

    asked: list[Own] = field(default_factory=list)
    voted: frozenset[int] = frozenset()

    @property
    def ids(self) -> frozenset[int]:
        """Questions that are one's own, for which one does not vote."""
        return frozenset(own.question.pk for own in self.asked)


def mine_on(floor: Floor, traces: Sequence[str], at: datetime) -> Mine:
    """What is one's own on a floor, by the traces of account and device; nothing is asked for somebody new."""
    if not traces:
        return Mine()
    asked = own_questions(traces, floor).select_related("merged_into")
    muted = MutedAsker.objects.filter(event=floor.event_id, asker_key=OuterRef("asker_key"), lifted_at=None)
    own = [
        Own(one, _own_standing(one, floor, at), editable_until(one, at), one.is_muted)
        for one in asked.annotate(is_muted=Exists(muted))
    ]
    return Mine(own, frozenset(wanted_by(traces, floor)))


def _own_standing(question: Question, floor: Floor, at: datetime) -> Standing:
    """As everybody reads it; what was hidden, which nobody else reads, says so."""
    if question.hidden_at is not None:
        return Standing("hidden", _("Hidden"), _("Moderation took it from every page. Only you see it here."))
    return standing(question, floor, at)


def editable_until(question: Question, at: datetime) -> datetime | None:
    """Until when its asker may change or withdraw it; None once that is over."""
    taken_up = question.on_stage_at or question.answered_live_at or question.answered_later_at
    until = question.asked_at + EDITABLE_FOR
    if question.state not in (State.HELD, State.SHOWN) or question.hidden_at or taken_up or at > until:
        return None
    return until


def hidden_question(pk: int, floor: Floor, traces: Sequence[str]) -> Question | None:
    """What somebody asked themselves and moderation hid: its address says so to them, and to nobody else."""
    return own_questions(traces, floor).filter(pk=pk, hidden_at__isnull=False).first() if traces else None


def hidden_case(question: Question, traces: Sequence[str]) -> Case | None:
    """The case somebody told beside a question, where moderation hid it."""
    rows = question.cases.filter(author_key__in=traces, withdrawn_at=None, hidden_at__isnull=False)
    return rows.first() if traces else None


def own_case(question: Question, traces: Sequence[str]) -> Case | None:
    """The case somebody told beside a question, unless they took it back."""
    return question.cases.filter(author_key__in=traces, withdrawn_at=None).first()
