"""Floors a reader may open, and the ledger: what was asked, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from hallway.gathering.communities.models import Community
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit.links import as_typed
from hallway.kit.prepared import Prepared
from hallway.people.models import Person
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session

from ..models import Floor, Question

State = Question.State
COUNTED = Q(state=State.SHOWN, hidden_at=None)
LIVE = COUNTED & Q(answered_live_at__isnull=False)
LATER = COUNTED & Q(answered_live_at=None, answered_later_at__isnull=False)
OPEN = COUNTED & Q(answered_live_at=None, answered_later_at=None)
# What is open and says something: not what lost its text because its asker left.
ANSWERABLE = OPEN & Q(erased_at=None)
# Refused with a reason, or hidden by moderation: for everybody it is one number.
NOT_SHOWN = Q(state=State.REFUSED) | Q(state__in=(State.SHOWN, State.HELD), hidden_at__isnull=False)
_COLUMNS = {
    "live": Count("pk", filter=LIVE),
    "later": Count("pk", filter=LATER),
    "open": Count("pk", filter=OPEN),
    "refused": Count("pk", filter=NOT_SHOWN),
}


@dataclass(frozen=True)
class Ledger:
    """What became of the questions: ``asked`` is live + later + open; ``refused`` were not shown, beside them."""

    live: int = 0
    later: int = 0
    open: int = 0
    refused: int = 0

    @property
    def asked(self) -> int:
        return self.live + self.later + self.open

    def __add__(self, other: Ledger) -> Ledger:
        return Ledger(
            self.live + other.live, self.later + other.later, self.open + other.open, self.refused + other.refused
        )


def floors_visible_to(person: Person | None) -> QuerySet[Floor]:
    """Floors of the sessions the reader may open. A session that became a break has none meanwhile."""
    talking = schedule.visible_to(person).exclude(kind=Session.Kind.BREAK)
    return Floor.objects.filter(session__in=talking)


def floor_by_code(code: str, person: Person | None) -> Floor | None:
    """The floor of a code as typed or scanned, with all its pages show. A room full of devices asks for it."""
    if person is None:
        return next(iter(_public_floor(as_typed(code))), None)
    return _with_its_pages(floors_visible_to(person).filter(code=as_typed(code))).first()


def _with_its_pages(floors: QuerySet[Floor]) -> QuerySet[Floor]:
    return floors.select_related("event__community", "session__talk")


_public_floor = Prepared(lambda code: _with_its_pages(floors_visible_to(None).filter(code=code)))


def floors_of_event(event: Event, person: Person | None) -> QuerySet[Floor]:
    """The floors of an event's sessions, in order of time."""
    rows = floors_visible_to(person).filter(event=event).select_related("session__talk")
    return rows.order_by("starts_at", "pk")


def speakers_of(floor: Floor) -> QuerySet[Person]:
    """Who speaks in the session, in their order; not those who left."""
    talk = floor.session.talk_id
    return Person.objects.filter(speakings__talk=talk, left_at=None).order_by("speakings__position", "pk")


def _counts(rows: QuerySet[Question]) -> Ledger:
    return Ledger(**rows.aggregate(**_COLUMNS))


def ledger_of(floor: Floor) -> Ledger:
    """The ledger of one session."""
    return _counts(Question.objects.filter(floor=floor))


def ledger_of_event(event: Event, person: Person | None) -> Ledger:
    """The ledger of an event: of the sessions the reader may open."""
    return _counts(Question.objects.filter(floor__in=floors_visible_to(person).filter(event=event)))


def ledger_of_community(community: Community, person: Person | None) -> Ledger:
    """The ledger of all events of a community the reader may open."""
    floors = floors_visible_to(person).filter(event__in=events.visible_to(person).filter(community=community))
    return _counts(Question.objects.filter(floor__in=floors))


def ledgers_of(floors: Iterable[Floor]) -> dict[int, Ledger]:
    """The ledgers of many floors by id, in one query; those where nothing was asked have an empty one."""
    ids = [floor.pk for floor in floors]
    rows = Question.objects.filter(floor__in=ids).order_by().values("floor")
    counted = rows.annotate(**_COLUMNS).values_list("floor", *_COLUMNS)
    found = {floor: Ledger(*numbers) for floor, *numbers in counted}
    return {pk: found.get(pk, Ledger()) for pk in ids}
