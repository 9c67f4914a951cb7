"""Reads of moderation used more than once: above all, who may decide about what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet, Value

from hallway.gathering.attendance.models import Registration
from hallway.gathering.communities.models import CommunityExclusion, TeamRole
from hallway.gathering.communities.queries import present_roles
from hallway.gathering.events.models import Event, EventExclusion, Host
from hallway.kit.links import id_in, is_true
from hallway.people.models import Person, PersonBlock
from hallway.people.queries import administrators

from .models import Appeal, ConductCase, Decision, Report

APPEAL = "hallway.moderation.appeal"
TEAM_HAS = timedelta(days=7)
LATELY = timedelta(days=60)
MOST_PLACES = 20


@dataclass(frozen=True)
class _Known:
    """What is asked once for many cases: teams, administrators, blocks, and who is party to which case."""

    organisers: dict[int, set[int]]
    hosts: dict[int, set[int]]
    administrators: list[int]
    blocked: dict[int, set[int]]  # by whom, and whom
    blockers: dict[int, set[int]]  # of whom, and who
    subjects: dict[int, set[int]]
    reporters: dict[int, set[int]]

    def team_of(self, case: ConductCase) -> set[int]:
        if case.event is not None:
            communities = {case.event.community_id, *self.hosts[case.event.pk]}
        else:
            communities = {case.community_id} if case.community_id is not None else set()
        return {person for pk in communities for person in self.organisers[pk]}

    def apart_from(self, case: ConductCase) -> set[int]:
        """Those who may not decide: subjects, those who reported, whom a block stands between and a subject, and whom
        a reporter blocked. Whom they blocked themselves says nothing: a case that went away then would say who
        reported it.
        """
        subjects, reporters = self.subjects[case.pk], self.reporters[case.pk]
        blocked = {other for one in subjects | reporters for other in self.blocked[one]}
        return subjects | reporters | blocked | {other for one in subjects for other in self.blockers[one]}


def deciders_of(cases: Sequence[ConductCase], at: datetime) -> dict[int, set[int]]:
    """Ids of those who may decide about each case, by its id. The same few queries for one case and for many.

    The team of its place without those who are party to it; if nobody is left there, or nobody decided within a week,
    the administrators, without those either. It may be nobody at all: then the case waits.
    """
    known = _known_of(cases)
    found = {}
    for case in cases:
        apart = known.apart_from(case)
        team = known.team_of(case) - apart
        others = set(known.administrators) - apart
        # Once it is decided, those who might have decided it then: whoever did can take it back.
        team_is_slow = (case.decided_at or at) - case.opened_at >= TEAM_HAS
        found[case.pk] = team | others if team_is_slow else team or others
    return found


def reviewers_of(decisions: Sequence[Decision]) -> dict[int, set[int]]:
    """Who may answer an appeal against each decision, by its id: somebody else who might have decided it.

    Where that is nobody in the team, the administrators; it may be nobody at all: then the appeal waits.
    """
    known = _known_of([decision.case for decision in decisions])
    found = {}
    for decision in decisions:
        apart = known.apart_from(decision.case) | ({decision.by_id} if decision.by_id is not None else set())
        found[decision.pk] = known.team_of(decision.case) - apart or set(known.administrators) - apart
    return found


def _known_of(cases: Sequence[ConductCase]) -> _Known:
    ids = [case.pk for case in cases]
    hosts, organisers = defaultdict(set), defaultdict(set)
    events = [case.event_id for case in cases if case.event_id is not None]
    for event, community in Host.objects.filter(event__in=events, accepted_at__isnull=False).values_list(
        "event", "community"
    ):
        hosts[event].add(community)
    communities = {pk for some in hosts.values() for pk in some}
    communities |= {case.event.community_id for case in cases if case.event is not None}
    communities |= {case.community_id for case in cases if case.community_id is not None}
    roles = present_roles().filter(community__in=communities, role=TeamRole.Role.ORGANISER, person__left_at=None)
    for community, person in roles.values_list("community", "person"):
        organisers[community].add(person)
    subjects = _parties(ConductCase.subjects.through.objects.filter(conductcase__in=ids), "conductcase", "person")
    reporters = _parties(Report.objects.filter(case__in=ids, reporter__isnull=False), "case", "reporter")
    return _Known(
        organisers, hosts, list(administrators().values_list("pk", flat=True)),
        *_blocks({pk for some in (*subjects.values(), *reporters.values()) for pk in some}), subjects, reporters,
    )  # fmt: skip


def _parties(rows: QuerySet[Any], case: str, person: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for pk, one in rows.order_by().values_list(case, person):
        found[pk].add(one)
    return found


def _blocks(people: set[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Whom each of these blocked, and who blocked each."""
    blocked_by: dict[int, set[int]] = defaultdict(set)
    blockers_of: dict[int, set[int]] = defaultdict(set)
    rows = PersonBlock.objects.filter(Q(blocker__in=people) | Q(blocked__in=people))
    for blocker, blocked in rows.values_list("blocker", "blocked"):
        blocked_by[blocker].add(blocked)
        blockers_of[blocked].add(blocker)
    return blocked_by, blockers_of


def visible_to(person: Person | None, at: datetime) -> QuerySet[ConductCase]:
    """Cases a person may look at: those they may decide about, or may have."""
    if person is None:
        return ConductCase.objects.none()
    near = list(_near(person).select_related("event"))
    allowed = deciders_of(near, at)
    return ConductCase.objects.filter(pk__in=[case.pk for case in near if person.pk in allowed[case.pk]])


def organises(person: Person) -> bool:
    """Whether somebody organises a community now."""
    return present_roles().filter(person=person, role=TeamRole.Role.ORGANISER).exists()


def how_many_wait(person: Person, here: QuerySet[ConductCase], at: datetime) -> int:
    """How many cases among these wait for this person. Where none waits at all, who may decide is not asked."""
    open_ones = list(here.filter(decided_at=None).select_related("event"))
    if not open_ones:
        return 0
    allowed = deciders_of(open_ones, at)
    return sum(person.pk in allowed[case.pk] for case in open_ones)


def _near(person: Person) -> QuerySet[ConductCase]:
    """Cases of the places a person organises; all for administrators."""
    if person.is_administrator:
        return ConductCase.objects.all()
    mine = present_roles().filter(person=person, role=TeamRole.Role.ORGANISER).values("community")
    hosted = Host.objects.filter(community__in=mine, accepted_at__isnull=False).values("event")
    here = Q(event__community__in=mine) | Q(event__in=hosted) | Q(community__in=mine)
    return ConductCase.objects.filter(here)


def for_rows(cases: QuerySet[ConductCase]) -> QuerySet[ConductCase]:
    """With what a row of the list and the page of a case show."""
    decided = ("decision__appeal", "decision__by", "decision__taken_back_by")
    return cases.select_related("event__community", "community", *decided).prefetch_related("subjects")


def with_troubles(cases: QuerySet[ConductCase]) -> QuerySet[ConductCase]:
    """With what their reports say is wrong, without the copies of texts in them."""
    return cases.prefetch_related(Prefetch("reports", Report.objects.only("case", "trouble", "at")))


def waiting(cases: QuerySet[ConductCase]) -> QuerySet[ConductCase]:
    """What is to be decided, oldest first."""
    return cases.filter(decided_at=None).order_by("opened_at", "pk")


def waits_for_nobody(at: datetime) -> list[ConductCase]:
    """Open cases about which nobody may decide."""
    cases = list(ConductCase.objects.filter(decided_at=None).select_related("event"))
    allowed = deciders_of(cases, at)
    return [case for case in cases if not allowed[case.pk]]


def appeals_for_nobody() -> list[Appeal]:
    """Appeals that nobody may answer: everybody who could made the decision or is party to its case."""
    waiting_ones = list(Appeal.objects.filter(answered_at=None).select_related("decision__case__event"))
    allowed = reviewers_of([appeal.decision for appeal in waiting_ones])
    return [appeal for appeal in waiting_ones if not allowed[appeal.decision_id]]


def who_names_others(cases: Sequence[ConductCase]) -> Person | None:
    """An administrator who is no subject of these cases, to find somebody where nobody may decide or look again."""
    subjects = ConductCase.subjects.through.objects.filter(conductcase__in=[case.pk for case in cases])
    return administrators().exclude(pk__in=subjects.values("person")).order_by("pk").first()


def to_review(person: Person) -> list[Appeal]:
    """Appeals a person may answer, oldest first."""
    rows = Appeal.objects.filter(answered_at=None).select_related("decision__case__event__community")
    open_ones = list(rows.order_by("at", "pk"))
    allowed = reviewers_of([appeal.decision for appeal in open_ones])
    return [appeal for appeal in open_ones if person.pk in allowed[appeal.decision_id]]


class Hears(StrEnum):
    """How whoever wrote something learns what was decided about it."""

    BY_MAIL = "mail"  # it names them
    WHERE_IT_STANDS = "page"  # it does not, and their own page knows them again by account, device or link
    NOT_AT_ALL = "nobody"


def hears_of(case: ConductCase) -> Hears:
    """How whoever a case is about hears of its decision."""
    if case.subjects.exists():
        return Hears.BY_MAIL
    finds_it = case.reportable is not None and case.reportable.writer_finds_it
    return Hears.WHERE_IT_STANDS if finds_it else Hears.NOT_AT_ALL


def decision_by(token: str) -> Decision | None:
    """The decision a mailed link is about, if the link is true."""
    rows = Decision.objects.select_related("case__event__community", "case__community", "appeal")
    decision = rows.filter(pk=id_in(token)).first()
    true = decision is not None and is_true(APPEAL, token, decision.pk, decision.nonce)
    return decision if true else None


def decision_about(kind: str, pk: int) -> Decision | None:
    """What was decided last about a thing, and holds."""
    rows = Decision.objects.filter(case__kind=kind, case__object_id=pk, taken_back_at=None)
    done = rows.exclude(hidden=False, exclusion="").select_related("case__event", "case__community", "appeal")
    return done.select_related("community_exclusion__community").order_by("-at", "-pk").first()


def untold(at: datetime) -> QuerySet[ConductCase]:
    """Open cases of which nobody was told yet, or nobody since the administrators may decide too; oldest first."""
    anew = Q(opened_at__lte=at - TEAM_HAS, told_at__lt=F("opened_at") + TEAM_HAS)
    cases = ConductCase.objects.filter(Q(told_at=None) | anew, decided_at=None)
    return cases.select_related("event__community", "community").order_by("opened_at", "pk")


def time_is_over(at: datetime, kept: timedelta) -> QuerySet[ConductCase]:
    """Cases decided so long ago that they are forgotten; not while an appeal waits."""
    waits = Appeal.objects.filter(answered_at=None).values("decision__case")
    return ConductCase.objects.filter(decided_at__lt=at - kept).exclude(pk__in=waits)


class KeptOut:
    """Those muted or banned now at what a person organises, latest first; read a part at a time from both tables."""

    def __init__(self, person: Person, at: datetime) -> None:
        there = Q(lifted_at=None) & (Q(until=None) | Q(until__gt=at))
        mine = present_roles().filter(person=person, role=TeamRole.Role.ORGANISER).values("community")
        hosted = Host.objects.filter(community__in=mine, accepted_at__isnull=False).values("event")
        self.at_events = EventExclusion.objects.filter(there)
        self.in_communities = CommunityExclusion.objects.filter(there)
        if not person.is_administrator:
            self.at_events = self.at_events.filter(Q(event__community__in=mine) | Q(event__in=hosted))
            self.in_communities = self.in_communities.filter(community__in=mine)

    def __len__(self) -> int:
        return self.at_events.count() + self.in_communities.count()

    def __getitem__(self, part: slice) -> list[EventExclusion | CommunityExclusion]:
        places = (("event", self.at_events), ("community", self.in_communities))
        keys = [
            rows.order_by().annotate(place=Value(place)).values_list("since", "id", "place") for place, rows in places
        ]
        wanted = list(keys[0].union(keys[1], all=True).order_by("-since", "place", "-id")[part])
        ids = {place: [pk for _since, pk, where in wanted if where == place] for place, _rows in places}
        found: dict[str, Mapping[int, EventExclusion | CommunityExclusion]] = {
            "event": EventExclusion.objects.select_related("event__community", "person").in_bulk(ids["event"]),
            "community": CommunityExclusion.objects.select_related("community", "person").in_bulk(ids["community"]),
        }
        return [found[place][pk] for _since, pk, place in wanted if pk in found[place]]


def places_of(person: Person, at: datetime) -> list[Event]:
    """Events at which somebody may have met whom they report: those they go to or run, lately or soon; latest first."""
    lately = Event.objects.filter(starts_at__gt=at - LATELY, starts_at__lt=at + LATELY)
    went = Registration.objects.filter(person=person, admission__is_event=True).values("admission__event")
    mine = present_roles().filter(person=person, role=TeamRole.Role.ORGANISER).values("community")
    return list(lately.filter(Q(pk__in=went) | Q(community__in=mine)).order_by("-starts_at", "pk")[:MOST_PLACES])


def own_data(person: Person) -> dict[str, list[Any]]:
    """For the export: what somebody reported, decided, and what was decided about them. Never who reported them."""
    reports = Report.objects.filter(reporter=person).order_by("at")
    about = Decision.objects.filter(case__subjects=person).exclude(hidden=False, exclusion="").order_by("at")
    made = Decision.objects.filter(by=person).order_by("at")
    shown = ("case__kind", "hidden", "exclusion", "reason", "at")
    data = {
        "reports": reports.values("case__kind", "trouble", "note", "text", "at"),
        "decided_about_you": about.values(*shown, "appeal__text", "appeal__granted", "appeal__answer"),
        "you_decided": made.values(*shown),
        "appeals_you_answered": Appeal.objects.filter(answered_by=person).values("granted", "answer", "answered_at"),
    }
    return {name: list(rows) for name, rows in data.items() if rows}
