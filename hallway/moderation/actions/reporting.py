"""Reporting something, and telling those who may decide that reports wait."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor, Visitor
from hallway.kit.facts import announce
from hallway.kit.models import FactRow
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.kit.reportable import Place, Reportable
from hallway.kit.slugs import one_at_a_time
from hallway.notices.actions import send_notice
from hallway.people.actions.staying import stay
from hallway.people.models import Person

from .. import policies, queries
from ..facts import DecidersTold, ThingReported
from ..models import ConductCase, Report

MOST_A_DAY = 20
MOST_FROM_VISITORS = 200
LONGEST_COPY = 20_000
HUSH = timedelta(hours=1)


def report_thing(
    *,
    what: Reportable,
    thing: Any,
    trouble: str,
    note: str = "",
    where: Event | None = None,
    by: Person | Visitor,
    at: datetime,
) -> Report:
    """Say that something is a problem. The same thing again by the same one is the first report.

    ``where`` is the event at which it happened, for what belongs to no place itself. A device and a person have
    twenty reports a day, those without an account together two hundred an hour.
    """
    require(policies.can_report(by), "report.not_possible", _("Open the page anew and report it from there."))
    if trouble not in Report.Trouble.values:
        raise Refusal("report.no_trouble", _("Choose what is wrong with it."), field="trouble")
    with transaction.atomic():
        stay(by)
        found = still_there(what, thing)
        case, _made = open_case_of(what, found, where, at)
        there = case.reports.filter(reporter_key=by.actor_key).first()
        if there is not None:
            return there
        require_pace(ThingReported, most=MOST_A_DAY, by=by, at=at)
        if isinstance(by, Visitor):
            _refuse_flood(at)
        report = Report.objects.create(
            case=case, trouble=trouble, note=note.strip()[:2_000], text=what.text(found)[:LONGEST_COPY],
            reporter=by if isinstance(by, Person) else None, reporter_key=by.actor_key,
            language=(get_language() or "en")[:2], at=at,
        )  # fmt: skip
        announce(ThingReported(case_id=case.pk, report_id=report.pk), by=by, at=at)
    return report


def _refuse_flood(at: datetime) -> None:
    lately = FactRow.objects.filter(kind=ThingReported.kind, by_key__startswith="visitor:", at__gt=at - HUSH)
    if lately.count() >= MOST_FROM_VISITORS:
        raise Refusal(
            "report.flood",
            _("Very many reports arrive at this moment. Sign in to send yours, or come back in an hour."),
            status=429,
        )


def nobody_reports_meanwhile() -> None:
    """After the persons, before every case: whoever leaves finds each copy of their texts, and no new one is made."""
    one_at_a_time("conduct")


def still_there(what: Reportable, thing: Any) -> Any:
    """The thing as it is now, and nobody who leaves takes its text from it until the transaction ends.

    Raises Refusal when it is gone or was erased since somebody saw it.
    """
    nobody_reports_meanwhile()
    found = what.find(thing.pk)
    if found is None or (what.text(thing) and not what.text(found)):
        sentence = _("Somebody removed this in the meantime. Go back and look again.")
        raise Refusal("report.thing_gone", sentence, status=404)
    return found


def open_case_of(what: Reportable, thing: Any, where: Event | None, at: datetime) -> tuple[ConductCase, bool]:
    """The open case of a thing that is still there, or a new one, and whether it is: nobody else makes one meanwhile.

    It is held: nobody decides it before whoever reports now is among those who hear of the decision.
    """
    event, community = place_of(what.place(thing), where)
    same = {"kind": what.kind, "object_id": thing.pk, "event": event, "community": community}
    case = ConductCase.objects.select_for_update(no_key=True).filter(**same, decided_at=None).first()
    if case is not None:
        return case, False
    case = ConductCase.objects.create(**same, title=what.title(thing)[:300], opened_at=at)
    case.subjects.set(subjects_of(what, thing))
    return case, True


def place_of(place: Place, where: Event | None) -> tuple[Event | None, Community | None]:
    """The event a case belongs to, else the community, else neither."""
    if place.event_id is not None:
        return Event.objects.select_related("community").filter(pk=place.event_id).first(), None
    if place.community_id is not None:
        return None, Community.objects.filter(pk=place.community_id).first()
    return where, None


def subjects_of(what: Reportable, thing: Any) -> list[Person]:
    """The persons a thing is about, as far as it names them."""
    return [author for author in what.authors(thing) if isinstance(author, Person)]


def tell_deciders(*, by: Actor, at: datetime) -> int:
    """Mail those who may decide that reports wait: at most once an hour for a place, without a word of any report.

    Where nobody may decide, an administrator who is not its subject reads that somebody has to be found. Returns how
    many cases were told of.
    """
    require(policies.can_sweep(by), "report.by_the_clock", _("The clock does this by itself."))
    with transaction.atomic():
        places: dict[tuple[int | None, int | None], list[ConductCase]] = defaultdict(list)
        for case in queries.untold(at):
            places[case.event_id, case.community_id].append(case)
        told: list[int] = []
        for (event_id, community_id), cases in places.items():
            lately = ConductCase.objects.filter(event=event_id, community=community_id, told_at__gt=at - HUSH)
            if not lately.exists():
                told += _tell(cases, by=by, at=at)
        if told:
            ConductCase.objects.filter(pk__in=told).update(told_at=at)
            announce(DecidersTold(case_ids=told), by=by, at=at)
    return len(told)


def _tell(cases: list[ConductCase], *, by: Actor, at: datetime) -> list[int]:
    """One mail for each who may decide about any of these cases of one place."""
    allowed = queries.deciders_of(cases, at)
    deciders = {pk for case in cases for pk in allowed[case.pk]}
    orphans = [case for case in cases if not allowed[case.pk]]
    place = cases[0].event or cases[0].community
    for person in Person.objects.filter(pk__in=deciders).order_by("pk"):
        number = sum(person.pk in allowed[case.pk] for case in cases)
        _write("waiting", person, {"number": number, "place": place, "event": cases[0].event}, by=by, at=at)
    if orphans:
        chief = queries.who_names_others(orphans)
        if chief is not None:
            _write("orphaned", chief, {"number": len(orphans)}, by=by, at=at)
    return [case.pk for case in cases]


def _write(letter: str, person: Person, context: dict[str, Any], *, by: Actor, at: datetime) -> None:
    send_notice(to_person=person, template=f"moderation/mail/{letter}", context=context, by=by, at=at)
