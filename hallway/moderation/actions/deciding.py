"""Deciding: nothing, hide, mute, ban; with a reason that whoever it is about reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities import policies as communities
from hallway.gathering.communities.actions import ban_from_community, mute_in_community
from hallway.gathering.communities.models import Community
from hallway.gathering.events import policies as events
from hallway.gathering.events.actions import ban_from_event, mute_at_event
from hallway.gathering.events.models import Event
from hallway.kit import store
from hallway.kit.actors import Visitor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import new_nonce
from hallway.kit.refusal import Refusal, require
from hallway.kit.reportable import Reportable
from hallway.people.models import Person

from .. import policies
from ..facts import CaseDecided, CaseOpened
from ..models import ConductCase, Decision
from .reporting import open_case_of, place_of, still_there, subjects_of

Exclusion = Decision.Exclusion
NOT_YOURS = _("Somebody else decides about this: nobody decides about what they reported, or what is about them.")


@dataclass(frozen=True)
class Measures:
    """What can be done about a case by somebody: hide it, mute or ban whose it is, here or in the whole community."""

    hide: bool = False
    mute: bool = False
    ban: bool = False
    community: Community | None = None

    @property
    def any(self) -> bool:
        return self.hide or self.mute or self.ban


def measures_of(case: ConductCase, by: Person) -> Measures:
    """What the person may do about a case, as it is now."""
    what, thing, who = case.reportable, case.thing, whose(case)
    if what is None:
        return Measures()
    there = thing is not None
    place = case.event.community if case.event is not None else case.community
    excludes = place is not None and communities.can_exclude(by, place)
    at_event = case.event is not None and events.can_ban(by, case.event)
    can_exclude = who is not None and (excludes or at_event) and not _is_team(who, case)
    return Measures(
        hide=there and what.hide is not None and not what.is_hidden(thing),
        mute=can_exclude or (there and who is None and what.mute is not None),
        ban=can_exclude,
        community=place if can_exclude and excludes and case.event is not None else None,
    )


def whose(case: ConductCase) -> Person | Visitor | None:
    """The one person or device a case is about; None where it names nobody, or several."""
    subjects: list[Any] = list(case.subjects.all())
    if not subjects and case.reportable is not None and case.thing is not None:
        subjects = [author for author in case.reportable.authors(case.thing) if isinstance(author, Visitor)]
    return subjects[0] if len(subjects) == 1 else None


def _is_team(who: Person | Visitor, case: ConductCase) -> bool:
    """Whoever helps to run a place is not kept out of it: their part in the team is ended first."""
    if not isinstance(who, Person):
        return False
    if case.event is not None and events.can_edit_programme(who, case.event):
        return True
    place = case.event.community if case.event is not None else case.community
    return place is not None and communities.can_see_team_pages(who, place)


def open_case(*, what: Reportable, thing: Any, where: Event | None = None, by: Person, at: datetime) -> ConductCase:
    """Look at something nobody reported, to decide about it: for whoever runs its place. A case that is open is it."""
    event, community = place_of(what.place(thing), where)
    new = ConductCase(kind=what.kind, object_id=thing.pk, event=event, community=community, opened_at=at)
    require(policies.can_open_case(by, new, subjects_of(what, thing)), "case.not_yours", NOT_YOURS)
    with transaction.atomic():
        case, made = open_case_of(what, still_there(what, thing), where, at)
        if made:
            case.told_at = at
            case.save(update_fields=["told_at"])
            announce(CaseOpened(case_id=case.pk, **scopes_of(case)), by=by, at=at)
        # Somebody may have reported it already who does not want this one to decide.
        require(policies.can_decide(by, case, at), "case.not_yours", NOT_YOURS)
    return case


def decide_case(
    *,
    case: ConductCase,
    hide: bool = False,
    exclusion: str = "",
    everywhere: bool = False,
    until: datetime | None = None,
    reason: str = "",
    by: Person,
    at: datetime,
) -> Decision:
    """Decide: hide the thing, mute or ban whose it is (``everywhere`` in the community), or leave everything as it is.

    Once for a case: whoever comes second reads that it was decided. Raises Refusal without a reason for what is done,
    and whatever the owner of the thing refuses.
    """
    reason = reason.strip()[:1_000]
    if exclusion not in Exclusion.values:
        raise Refusal("case.unknown", _("Choose what is to happen."), field="exclusion")
    if (hide or exclusion) and not reason:
        raise Refusal("case.no_reason", _("Say why: whoever it is about reads it."), field="reason")
    # Pages after every lock: those of a ban are not held while what is hidden is waited for.
    with transaction.atomic(), store.bumped_last():
        hold_subjects(case)
        row = held(case, "case.gone")
        require(policies.can_decide(by, row, at), "case.not_yours", NOT_YOURS)
        if not row.is_open:
            raise Refusal("case.decided", _("Somebody else decided this in the meantime. Look at what they decided."))
        _refuse_impossible(measures_of(row, by), hide=hide, exclusion=exclusion, everywhere=everywhere)
        decision = Decision(case=row, hidden=hide, exclusion=exclusion, reason=reason, by=by, at=at, nonce=new_nonce())
        # The event or floor before the text on it, as everywhere.
        if exclusion:
            _keep_out(row, decision, everywhere, until, by=by, at=at)
        if hide and row.reportable is not None and row.reportable.hide is not None:
            row.reportable.hide(row.thing, reason=reason, by=by, at=at)
        decision.save()
        row.decided_at = at
        row.save(update_fields=["decided_at"])
        announce(CaseDecided(case_id=row.pk, decision_id=decision.pk, **scopes_of(row)), by=by, at=at)
    return decision


def _refuse_impossible(can: Measures, *, hide: bool, exclusion: str, everywhere: bool) -> None:
    impossible = (
        (hide and not can.hide)
        or (exclusion == Exclusion.MUTE and not can.mute)
        or (exclusion == Exclusion.BAN and not can.ban)
        or (everywhere and bool(exclusion) and can.community is None)
    )
    if impossible:
        raise Refusal("case.impossible", _("This cannot be done about this case. Choose something else."))


def hold_subjects(case: ConductCase) -> None:
    """Persons before everything else, as everywhere."""
    list(Person.objects.filter(pk__in=case.subjects.values("pk")).order_by("pk").select_for_update(no_key=True))


def _keep_out(
    case: ConductCase, decision: Decision, everywhere: bool, until: datetime | None, *, by: Person, at: datetime
) -> None:
    """Mute or ban whose it is: at the event, in its community, or by the owner of a text without a name."""
    who, reason = whose(case), decision.reason
    if who is None:
        assert case.reportable is not None and case.reportable.mute is not None  # noqa: S101 - measures_of said so
        case.reportable.mute(case.thing, cause=cause_of(case), reason=reason, by=by, at=at)
    elif case.event is not None and not everywhere:
        at_event = mute_at_event if decision.exclusion == Exclusion.MUTE else ban_from_event
        decision.event_exclusion = at_event(event=case.event, who=who, reason=reason, until=until, by=by, at=at)
    else:
        place = case.event.community if case.event is not None else case.community
        assert place is not None  # noqa: S101 - measures_of said so
        anywhere = mute_in_community if decision.exclusion == Exclusion.MUTE else ban_from_community
        decision.community_exclusion = anywhere(
            community=place, who=who, reason=reason, until=until, by=by, at=at
        )  # fmt: skip


def cause_of(case: ConductCase) -> str:
    """By which the owner of a text without a name tells what is muted by one decision from what is by another."""
    return f"conduct-{case.pk}"


def scopes_of(case: ConductCase) -> dict[str, int | None]:
    """In whose trails a fact about a case shows."""
    community = case.event.community_id if case.event is not None else case.community_id
    return {"event_id": case.event_id, "community_id": community}
