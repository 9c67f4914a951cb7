"""What is forgotten: cases whose time is over, and the part of people who leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import require
from hallway.people.models import Person

from .. import policies, queries
from ..facts import CasesForgotten
from ..models import Appeal, ConductCase, Decision, Report
from .reporting import nobody_reports_meanwhile

KEPT = timedelta(days=180)


def forget_cases(*, by: Actor, at: datetime) -> int:
    """Delete cases decided half a year ago, with their reports and copies; not while an appeal waits."""
    require(policies.can_sweep(by), "report.by_the_clock", _("The clock does this by itself."))
    with transaction.atomic():
        cases = list(queries.time_is_over(at, KEPT).values_list("pk", flat=True))
        if cases:
            ConductCase.objects.filter(pk__in=cases).delete()
            announce(CasesForgotten(count=len(cases)), by=by, at=at)
    return len(cases)


def forget_person(person_id: int) -> None:
    """Erase what somebody who leaves wrote, and what was copied and said of them; counts and decisions stay.

    Before the packages erase the texts themselves: of one without a name nobody knows afterwards whose it was.
    """
    nobody_reports_meanwhile()
    for report in Report.objects.filter(reporter=person_id):
        report.reporter, report.reporter_key, report.note = None, f"left:{report.pk}", ""
        report.save(update_fields=["reporter", "reporter_key", "note"])
    about = ConductCase.objects.filter(subjects=person_id)
    theirs = [case.pk for case in about if case.subjects.count() == 1] + _unnamed_of(Person(pk=person_id))
    ConductCase.objects.filter(pk__in=theirs).update(title=_GONE)
    Report.objects.filter(case__in=theirs).update(text="", note="")
    Decision.objects.filter(case__in=theirs).exclude(reason="").update(reason=_GONE)
    Appeal.objects.filter(decision__case__in=theirs).update(text="", answer="")
    ConductCase.subjects.through.objects.filter(person=person_id).delete()
    Decision.objects.filter(by=person_id).update(by=None)
    Decision.objects.filter(taken_back_by=person_id).update(taken_back_by=None)
    Appeal.objects.filter(answered_by=person_id).update(answered_by=None)


_GONE = "…"


def _unnamed_of(person: Person) -> list[int]:
    """Cases of what somebody wrote that does not say so."""
    return [
        case.pk
        for case in ConductCase.objects.filter(subjects=None).order_by("pk")
        if case.reportable is not None and case.thing is not None and case.reportable.wrote(case.thing, person)
    ]


def move_person(*, gone_id: int, person_id: int) -> None:
    """Hand everything on to the entry that stays; who reported the same thing under both did so once."""
    nobody_reports_meanwhile()
    mine = set(Report.objects.filter(reporter=person_id).values_list("case", flat=True))
    theirs = Report.objects.filter(reporter=gone_id)
    theirs.filter(case__in=mine).delete()
    theirs.update(reporter=person_id, reporter_key=f"person:{person_id}")
    through = ConductCase.subjects.through.objects
    there = set(through.filter(person=person_id).values_list("conductcase", flat=True))
    through.filter(person=gone_id, conductcase__in=there).delete()
    through.filter(person=gone_id).update(person=person_id)
    Decision.objects.filter(by=gone_id).update(by=person_id)
    Decision.objects.filter(taken_back_by=gone_id).update(taken_back_by=person_id)
    Appeal.objects.filter(answered_by=gone_id).update(answered_by=person_id)
