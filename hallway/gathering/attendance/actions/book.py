"""The door's book: the one way in which anybody is checked in or out again, from whatever device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.actions.exclusions import refuse_banned
from hallway.gathering.events.models import Event
from hallway.gathering.events.queries import is_hidden
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require
from hallway.kit.templatetags.hallway import say_clock, say_when

from .. import policies, queries
from ..entries import OPENS_BEFORE, Book, book_of, seats_going
from ..facts import DoorBookWritten
from ..models import Admission, CheckIn, DoorHelper, Registration
from .rows import again, locked, seats_changed
from .seats import pass_on

State = Registration.State
MOST_LINES = 500
MOST_SEATS = 11  # somebody and ten guests
SELF_BEFORE = timedelta(minutes=60)
CLOCKS_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody came, or that was taken back, as a device wrote it down; ``uid`` is the device's own.

    It is about a registration, or about somebody who walked in.
    """

    uid: UUID
    kind: str
    how: str
    done_at: datetime
    registration_id: int | None = None
    walk_in: UUID | None = None
    name: str = ""
    seats: int = 1


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that is not in the book, and why."""

    uid: str
    code: str
    sentence: str | Promise


@dataclass(frozen=True)
class BookAnswer:
    """``kept`` stand in the book, those too that stood there before; how many people are here, of how many going."""

    kept: list[UUID] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    came: int = 0
    going: int = 0
    last_id: int = 0


def write_in_book(
    *,
    admission: Admission,
    lines: Sequence[Line],
    by: Actor,
    at: datetime,
    helper: DoorHelper | None = None,
) -> BookAnswer:
    """Write what happened at the door. Lines are known by their ``uid``: brought twice, they are there once.

    Lines that cannot be kept are refused one by one, the others are kept. What a helper did before their link ended is
    still taken for twelve hours. Raises Refusal when there are too many lines at once, when the door is not open yet,
    or when the event does not take place.
    """
    allowed = policies.can_write_in_book(by, admission, helper, at)
    require(allowed, "attendance.not_at_door", _("This link to the door has ended. Ask the team for a new one."))
    if len(lines) > MOST_LINES:
        raise Refusal(
            "attendance.too_many_lines",
            _("These are too many lines at once. Send %(most)s at most.") % {"most": MOST_LINES},
            status=400,
        )
    with transaction.atomic():
        row = locked(admission)
        refuse_unless_open(row, at)
        return _add_lines(row, lines, helper, by=by, at=at)


def refuse_unless_open(admission: Admission, at: datetime) -> None:
    """Say when the door opens, if it is not open yet."""
    begins = admission.begins_at
    if admission.event.state != Event.State.PUBLISHED or is_hidden(admission.event) or begins is None:
        raise Refusal("attendance.not_on", _("This event does not take place, or has no date, so there is no door."))
    if at < begins - OPENS_BEFORE:
        raise Refusal(
            "attendance.door_not_open",
            _("The door opens twelve hours before the start. Come back on %(day)s at %(time)s.")
            % said_when(admission, begins - OPENS_BEFORE),
        )


def said_when(admission: Admission, instant: datetime) -> dict[str, str]:
    """Day and time at the venue, in words."""
    local = instant.astimezone(admission.event.tz)
    return {"day": say_when(local, "MMMMEEEEd"), "time": say_clock(local)}


def _add_lines(
    admission: Admission, lines: Iterable[Line], helper: DoorHelper | None, *, by: Actor, at: datetime
) -> BookAnswer:
    """Add what is new, then say of everybody touched since when they are here. The admission is locked.

    Who walked in sits on a chair; that it is free again, those in line hear as of any other.
    """
    answer = BookAnswer()
    new = _new_lines(admission, {line.uid: line for line in lines}, helper, answer, at)
    CheckIn.objects.bulk_create(
        [
            CheckIn(
                uid=line.uid, admission=admission, registration_id=line.registration_id, walk_in=line.walk_in,
                name=line.name if line.walk_in else "", kind=line.kind, how=line.how,
                seats=min(max(line.seats, 1), MOST_SEATS), done_at=_clamped(line.done_at, admission, at),
                received_at=at, helper=helper,
            )
            for line in new
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    book = book_of(admission)
    answer = replace(answer, came=book.came, going=seats_going(admission), last_id=book.last_id)
    if new:
        _project(admission, {line.registration_id for line in new if line.registration_id is not None}, book)
        fact = DoorBookWritten(
            event_id=admission.event_id, admission_id=admission.pk, last_id=answer.last_id, came=answer.came,
            going=answer.going,
        )  # fmt: skip
        announce(fact, by=by, at=at)
        walked_in = {line.kind for line in new if line.walk_in is not None}
        if CheckIn.Kind.UNDONE in walked_in:
            pass_on(admission, by=by, at=at)
        elif walked_in:
            seats_changed(admission)
    return answer


def _new_lines(
    admission: Admission, lines: dict[UUID, Line], helper: DoorHelper | None, answer: BookAnswer, at: datetime
) -> list[Line]:
    """The lines that are to be added; notes in the answer what was there already and what cannot be kept."""
    there = dict(CheckIn.objects.filter(uid__in=list(lines)).values_list("uid", "admission_id"))
    wanted = {line.registration_id for line in lines.values() if line.registration_id is not None}
    known = set(admission.registrations.filter(pk__in=wanted).values_list("pk", flat=True))
    ends = None if helper is None else policies.door_ends(helper)
    new = []
    for line in lines.values():
        is_late = ends is not None and min(line.done_at, at) >= ends
        problem = _problem(line, admission, there.get(line.uid), known, is_late=is_late)
        if problem is not None:
            answer.refused.append(problem)
            continue
        answer.kept.append(line.uid)
        if line.uid not in there:
            new.append(line)
    return new


def _problem(
    line: Line, admission: Admission, written_at: int | None, known: set[int], *, is_late: bool
) -> RefusedLine | None:
    if written_at is not None and written_at != admission.pk:
        return RefusedLine(str(line.uid), "attendance.other_door", _("This line belongs to the door of another event."))
    if (line.registration_id is None) == (line.walk_in is None):
        return RefusedLine(
            str(line.uid), "attendance.nobody", _("This line does not say who came. Check the person in again.")
        )
    if line.registration_id is not None and line.registration_id not in known:
        return RefusedLine(
            str(line.uid),
            "attendance.unknown",
            _("Nobody at this event has this registration. Look the person up in the list again."),
        )
    if is_late and written_at is None:
        return RefusedLine(
            str(line.uid),
            "attendance.after_the_end",
            _("This was done after the link to the door had ended. Tell the team who came."),
        )
    return None


def _clamped(done_at: datetime, admission: Admission, at: datetime) -> datetime:
    """A device's clock may be wrong: no line is older than the open door, or of a time still to come."""
    begins = admission.begins_at or at
    return min(max(done_at, begins - OPENS_BEFORE), at + CLOCKS_DIFFER)


def _project(admission: Admission, touched: set[int], book: Book) -> None:
    """Say of each registration since when its person is here."""
    changed = []
    for row in admission.registrations.filter(pk__in=touched).only("admission", "came_at"):
        came_at = book.entries[row.pk].came_at
        if came_at != row.came_at:
            row.came_at = came_at
            changed.append(row)
    Registration.objects.bulk_update(changed, ["came_at"])


def check_self_in(
    *, registration: Registration, by: Actor, at: datetime, walked_in: UUID | None = None
) -> Registration:
    """Somebody says that they are here, by the code on the wall; their guests with them. Twice is once.

    Who walked in and registered afterwards says so with the number of their ``walked_in``: they sit on one chair.
    Only while the event runs: from an hour before it begins until it ends. Raises Refusal for those without a seat.
    """
    require(
        policies.can_check_self_in(by, registration),
        "attendance.not_yours",
        _("This registration belongs to somebody else. Type the code from your own mail."),
    )
    with transaction.atomic():
        admission = locked(registration.admission)
        row = again(registration, admission)
        refuse_banned(row.person, admission.event)
        refuse_unless_running(admission, at)
        if row.state != State.GOING:
            raise Refusal("attendance.no_seat", _("You do not have a seat yet. Ask at the door: there may be one."))
        lines = []
        if row.came_at is None:
            came = Line(
                uid=uuid4(), kind=CheckIn.Kind.CAME, how=CheckIn.How.SELF, done_at=at, registration_id=row.pk,
                seats=row.guests + 1,
            )  # fmt: skip
            lines.append(came)
            row.came_at = at
        if walked_in is not None and book_of(admission).seats_of(walked_in):
            lines.append(Line(uuid4(), CheckIn.Kind.UNDONE, CheckIn.How.SELF, at, walk_in=walked_in))
        if lines:
            _add_lines(admission, lines, None, by=by, at=at)
    return row


def walk_in(*, admission: Admission, name: str, walk_in: UUID, by: Actor, at: datetime) -> BookAnswer:
    """Somebody who did not register comes in by the code on the wall. The form's ``walk_in`` sent twice is once.

    Raises Refusal when no seat is free, or when people in line come first: then the door decides.
    """
    require(policies.can_walk_in(by), "attendance.not_yours", _("Say your name yourself, at the code on the wall."))
    with transaction.atomic():
        row = locked(admission)
        refuse_banned(by, row.event)
        refuse_unless_running(row, at)
        known = CheckIn.objects.filter(uid=walk_in).exists()
        if not known and not _has_room(row, at):
            raise Refusal("attendance.full", _("No seat is free just now. Ask at the door: some never come."))
        line = Line(
            uid=walk_in, kind=CheckIn.Kind.CAME, how=CheckIn.How.SELF, done_at=at, walk_in=walk_in, name=name
        )  # fmt: skip
        answer = _add_lines(row, [line], None, by=by, at=at)
        if answer.refused:
            raise Refusal(answer.refused[0].code, answer.refused[0].sentence)
    return answer


def _has_room(admission: Admission, at: datetime) -> bool:
    """Whether a seat is free that nobody in line has a right to. The admission is locked."""
    free = queries.free_seats(admission, at)
    if free is None:
        return True
    waits = admission.registrations.filter(state=State.WAITING).exists() and not admission.is_first_come(at)
    return not waits and free > 0


def refuse_unless_running(admission: Admission, at: datetime) -> None:
    """Say when one can check oneself in, if not now."""
    begins, ends = admission.begins_at, admission.finishes_at
    event = admission.event
    if event.state != Event.State.PUBLISHED or is_hidden(event) or begins is None or ends is None:
        raise Refusal("attendance.not_on", _("This event does not take place, or has no date, so there is no door."))
    if at < begins - SELF_BEFORE:
        raise Refusal(
            "attendance.not_yet",
            _("You can check in here from an hour before the start: on %(day)s from %(time)s.")
            % said_when(admission, begins - SELF_BEFORE),
        )
    if at >= ends:
        raise Refusal(
            "attendance.over",
            _("This event ended on %(day)s at %(time)s, so nobody checks in any more.") % said_when(admission, ends),
        )
