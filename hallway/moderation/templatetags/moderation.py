"""How cases, decisions and exclusions are said."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.communities.models import CommunityExclusion, Exclusion
from hallway.gathering.events.models import EventExclusion
from hallway.kit.localised import pick
from hallway.moderation.models import ConductCase, Decision

register = template.Library()


@register.filter
def name_of(place: Any) -> str:
    """The name of a community, or the title of an event."""
    title = getattr(place, "title", None)
    return pick(title).text if title is not None else str(place.name)


@register.filter
def place_of(row: ConductCase | EventExclusion | CommunityExclusion) -> str:
    """Where a case or an exclusion belongs."""
    place = getattr(row, "event", None) or getattr(row, "community", None)
    return name_of(place) if place is not None else _("this site")


@register.filter
def kind_of(case: ConductCase) -> str:
    """What kind of thing a case is about."""
    return str(case.reportable.label) if case.reportable is not None else _("something removed")


@register.filter
def troubles_of(case: ConductCase) -> str:
    """What is said to be wrong, and by how many."""
    reports = list(case.reports.all())
    counted: dict[str, int] = {}
    for report in reports:
        label = str(report.get_trouble_display())
        counted[label] = counted.get(label, 0) + 1
    if not counted:
        return _("Nobody reported this")
    return " · ".join(f"{label} ({number})" if number > 1 else label for label, number in counted.items())


@register.filter
def done_in(decision: Decision) -> str:
    """What was done, for those who decide."""
    done = [_("hidden")] if decision.hidden else []
    if decision.exclusion:
        done.append(str(Exclusion.Kind(decision.exclusion).label))
    return ", ".join(done) or _("left as it is")


@register.filter
def done_to_you(decision: Decision) -> str:
    """What was done, for whoever it is about."""
    said = [_("It was hidden: nobody reads it any more.") if decision.hidden else "", kept_from_you(decision)]
    return " ".join(sentence for sentence in said if sentence)


@register.filter
def kept_from_you(decision: Decision) -> str:
    """What whoever it is about may do no more, if anything."""
    case = decision.case
    place = decision.community_exclusion.community if decision.community_exclusion else case.event or case.community
    where = name_of(place) if place is not None else _("this site")
    if decision.exclusion == Decision.Exclusion.MUTE and not case.subjects.exists():
        return _("You ask nothing more at this event: %(place)s.") % {"place": where}
    if decision.exclusion == Decision.Exclusion.MUTE:
        return _("You read, and write nothing: %(place)s.") % {"place": where}
    if decision.exclusion == Decision.Exclusion.BAN:
        return _("You take no part in this: %(place)s.") % {"place": where}
    return ""


@register.filter
def who_of(row: EventExclusion | CommunityExclusion) -> str:
    """Whom an exclusion is about."""
    return row.person.name if row.person is not None else _("a visitor without an account")


@register.filter
def lift_address(row: EventExclusion | CommunityExclusion) -> str:
    """Where an exclusion is lifted."""
    kind = "lift_at_event" if isinstance(row, EventExclusion) else "lift_in_community"
    return reverse(f"moderation:{kind}", args=[row.pk])
