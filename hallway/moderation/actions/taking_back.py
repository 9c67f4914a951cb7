"""Taking a decision back: a wrong tap, or another thought. Everything is as it was before."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.actions import (
    ban_from_community,
    lift_community_exclusion,
    mute_in_community,
)
from hallway.gathering.communities.models import CommunityExclusion
from hallway.gathering.events.actions import ban_from_event, lift_event_exclusion, mute_at_event
from hallway.gathering.events.models import EventExclusion
from hallway.kit import store
from hallway.kit.actors import Visitor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time
from hallway.people.models import Person

from .. import policies
from ..facts import DecisionTakenBack
from ..models import Appeal, ConductCase, Decision
from .deciding import NOT_YOURS, Exclusion, cause_of, hold_subjects, scopes_of


def take_decision_back(*, decision: Decision, by: Person, at: datetime) -> Decision:
    """Show what was hidden, let whoever was kept out in again, and close an appeal that waits. Twice is once.

    For whoever may decide, also the one who did: undoing one's own wrong tap needs no appeal.
    """
    with transaction.atomic(), store.bumped_last():
        hold_around(decision)
        row = held(decision, "case.gone")
        require(policies.can_take_back(by, row, at), "case.not_yours", NOT_YOURS)
        if not row.did_something:
            raise Refusal("case.nothing_done", _("Nothing was done, so there is nothing to take back."))
        if row.holds:
            undo_decision(row, by=by, at=at)
            waits = Appeal.objects.filter(decision=row, answered_at=None)
            waits.update(granted=True, answered_by=by, answered_at=at)
            announce(DecisionTakenBack(decision_id=row.pk, **scopes_of(row.case)), by=by, at=at)
    return row


def hold_around(decision: Decision) -> None:
    """Before its row: whom it is about; and nobody else takes anything back, since one decision may stand for another.

    Of somebody without an account there is nobody to hold.
    """
    hold_subjects(decision.case)
    one_at_a_time("taking a decision back")


def undo_decision(decision: Decision, *, by: Person, at: datetime) -> None:
    """Nothing of a decision holds any more. Its row is held, and before it whom it is about."""
    case = decision.case
    exclusion = decision.event_exclusion or decision.community_exclusion
    if exclusion is not None:
        _let_in(decision, exclusion, by=by, at=at)
    elif decision.exclusion == Exclusion.MUTE:
        _unmute(case, by=by, at=at)
    what = case.reportable
    if decision.hidden and case.thing is not None and what is not None and what.show is not None:
        what.show(case.thing, by=by, at=at)
    decision.taken_back_by, decision.taken_back_at = by, at
    decision.save(update_fields=["taken_back_by", "taken_back_at"])


def _let_in(decision: Decision, exclusion: EventExclusion | CommunityExclusion, *, by: Person, at: datetime) -> None:
    """Lift its mute or ban. What it took the place of, or said again, holds by the other decision as before."""
    other = _decision_beside(decision, exclusion)
    if isinstance(exclusion, EventExclusion):
        lift_event_exclusion(exclusion=exclusion, by=by, at=at)
    else:
        lift_community_exclusion(exclusion=exclusion, by=by, at=at)
    there = (other.event_exclusion or other.community_exclusion) if other is not None else None
    if other is None or there is None or (there.until is not None and there.until <= at):
        return
    who, is_mute = there.person or Visitor(there.device), there.kind == Exclusion.MUTE
    with suppress(Refusal):  # they help to run it now: nobody keeps them out
        if isinstance(there, EventExclusion):
            at_event = mute_at_event if is_mute else ban_from_event
            other.event_exclusion = at_event(
                event=there.event, who=who, reason=there.reason, until=there.until, by=by, at=at
            )
        else:
            anywhere = mute_in_community if is_mute else ban_from_community
            other.community_exclusion = anywhere(
                community=there.community, who=who, reason=there.reason, until=there.until, by=by, at=at
            )
        other.save(update_fields=["event_exclusion", "community_exclusion"])


def _decision_beside(decision: Decision, exclusion: EventExclusion | CommunityExclusion) -> Decision | None:
    """The latest other decision that holds and asked for the same: one exclusion stands for both, or replaced its own.

    None where nobody is kept out at present.
    """
    if exclusion.lifted_at is not None:
        return None
    place = "event" if isinstance(exclusion, EventExclusion) else "community"
    name = f"{place}_exclusion"
    replaced = type(exclusion)._default_manager.filter(
        person=exclusion.person, device=exclusion.device, kind=exclusion.kind, lifted_at=exclusion.since,
        **{place: getattr(exclusion, place)},
    )  # fmt: skip
    same = Q(**{name: exclusion}) | Q(**{f"{name}__in": replaced})
    rows = Decision.objects.filter(same, taken_back_at=None).exclude(pk=decision.pk)
    return rows.select_related(f"{name}__{place}").order_by("-at", "-pk").first()


def _unmute(case: ConductCase, *, by: Person, at: datetime) -> None:
    """By its owner, as it was muted: the writer of a text that names nobody, unless another decision mutes them too."""
    if case.thing is not None and case.reportable is not None and case.reportable.unmute is not None:
        case.reportable.unmute(case.thing, cause=cause_of(case), by=by, at=at)
