"""Who registered for what, how full it is, who holds a link, and what a person takes with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from hallway.gathering.communities.models import Community, Series
from hallway.gathering.communities.queries import present_roles
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit.links import id_in, is_true
from hallway.kit.localised import pick
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from hallway.people.queries import blocked_with

from ..entries import walked_in_seats
from ..models import (
    Admission,
    AdmissionAnswer,
    AdmissionInvitation,
    AdmissionQuestion,
    CheckIn,
    DoorHelper,
    Registration,
    RegistrationRequest,
    StandingRegistration,
)
from ..tokens import Right

State = Registration.State
LINK = "attendance:link"
HOLDS_SEATS = (State.GOING, State.OFFERED)
ALIVE = (State.ASKED, State.WAITING, State.OFFERED, State.GOING)


@dataclass(frozen=True)
class Seats:
    """How full an admission is. ``free`` is None where any number may come; ``waiting`` counts registrations."""

    total: int | None
    taken: int
    free: int | None
    waiting: int

    @property
    def is_full(self) -> bool:
        """Whether who registers now stands in line."""
        return self.free is not None and (self.free <= 0 or self.waiting > 0)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: how many are before them in line, None where chance decides or nobody counts."""

    registration: Registration
    ahead: int | None
    waiting: int


def main_admission(event: Event) -> Admission | None:
    """What one registers for when one registers for the event."""
    admission = Admission.objects.filter(event=event, is_event=True).first()
    if admission is not None:
        admission.event = event
    return admission


def lists_of(event: Event) -> list[Admission]:
    """Everything one registers for at an event: itself first, then its workshops."""
    lists = list(Admission.objects.filter(event=event).order_by("-is_event", "starts_at", "id"))
    for admission in lists:
        admission.event = event
    return lists


def visible_to(person: Person | None) -> QuerySet[Admission]:
    """Admissions of events the reader may open; workshops while the programme holds them."""
    rows = Admission.objects.filter(event__in=events.visible_to(person), off_at=None)
    return rows.select_related("event__community")


def registrations_visible_to(person: Person | None, event: Event) -> QuerySet[Registration]:
    """Whom a reader may see among those going: the team sees all; others whom they allow, and themselves.

    Those whom a block stands between do not see each other; the team, at its work, does.
    """
    going = Registration.objects.filter(admission__event=event, admission__is_event=True)
    if person is not None and _is_team(person, event):
        return going
    going = going.filter(state=State.GOING)
    shown = Q(shown=Registration.Shown.EVERYBODY)
    if person is not None:
        shown |= Q(person=person)
        if going.filter(person=person).exists():
            shown |= Q(shown=Registration.Shown.GOING)
        going = going.exclude(person__in=blocked_with(person))
    return going.filter(shown)


def seen_by(registration: Registration) -> QuerySet[Registration]:
    """Those going whom somebody who goes may see by the link to their registration, without an account.

    Only who chose to be seen, even where the link is of one of the team: whoever holds a link has not signed in.
    """
    if registration.state != State.GOING:
        return Registration.objects.none()
    going = Registration.objects.filter(admission=registration.admission_id, state=State.GOING)
    chosen = going.filter(shown__in=(Registration.Shown.EVERYBODY, Registration.Shown.GOING))
    chosen = chosen.exclude(person__in={registration.person_id, *blocked_with(registration.person)})
    return chosen.select_related("person").order_by("position")


def has_workshops(registration: Registration) -> bool:
    """Whether somebody also registered for workshops of the event, which they give up with it."""
    event_id = registration.admission.event_id
    theirs = Registration.objects.filter(person=registration.person_id, state__in=ALIVE)
    return theirs.filter(admission__event=event_id, admission__is_event=False).exists()


def sees_all_of(reader: object, event: Event) -> bool:
    """Whether a reader sees everybody who goes, as the team does."""
    return isinstance(reader, Person) and _is_team(reader, event)


def _is_team(person: Person, event: Event) -> bool:
    hosts = event.hosts.filter(accepted_at__isnull=False).values("community_id")
    mine = present_roles().filter(Q(community=event.community_id) | Q(community__in=hosts), person=person)
    return person.is_administrator or mine.exists()


def taken(admission: Admission) -> int:
    """Seats of those going, and those kept for whom one was offered."""
    held = admission.registrations.filter(state__in=HOLDS_SEATS).aggregate(number=Sum("seats"))["number"]
    return held or 0


def free_seats(admission: Admission, at: datetime) -> int | None:
    """Seats nobody holds, below zero where more hold one than there are; None for any number.

    Once the door is open, whoever walked in sits on one too.
    """
    if admission.seats is None:
        return None
    return admission.seats - taken(admission) - walked_in_seats([admission], at).get(admission.pk, 0)


def seats_of(admission: Admission, at: datetime) -> Seats:
    """How full it is, in one query; in two while the door is open."""
    rows = admission.registrations.filter(state__in=(*HOLDS_SEATS, State.WAITING)).values_list("state", "seats")
    held = sum(seats for state, seats in rows if state != State.WAITING)
    held += walked_in_seats([admission], at).get(admission.pk, 0)
    waiting = sum(state == State.WAITING for state, _seats in rows)
    total = admission.seats
    return Seats(total, held, None if total is None else total - held, waiting)


def line_of(admission: Admission) -> QuerySet[Registration]:
    """Who stands in line, next first, by the rule everybody can read."""
    waiting = admission.registrations.filter(state=State.WAITING)
    if admission.rule == Admission.Rule.LOTTERY:
        return waiting.order_by("lot", "position")
    if admission.rule == Admission.Rule.FIRST_TIMERS:
        return waiting.order_by("-first_time", "position")
    return waiting.order_by("position")


def in_line(admission: Admission, row: Registration) -> tuple[int, int]:
    """What somebody's place in line is compared by, lower first: as :func:`line_of` orders rows."""
    if admission.rule == Admission.Rule.LOTTERY:
        return (row.lot, row.position)
    if admission.rule == Admission.Rule.FIRST_TIMERS:
        return (0 if row.first_time else 1, row.position)
    return (0, row.position)


def standing_of(registration: Registration) -> Standing:
    """Where somebody stands in line."""
    admission = registration.admission
    if registration.state != State.WAITING:
        return Standing(registration, None, 0)
    line = list(line_of(admission).values_list("pk", flat=True))
    by_lot = admission.rule == Admission.Rule.LOTTERY
    ahead = None if by_lot or registration.pk not in line else line.index(registration.pk)
    return Standing(registration, ahead, len(line))


def registration_of(person: Person | None, admission: Admission | None) -> Registration | None:
    """What the person has to do with it, if anything."""
    if person is None or admission is None:
        return None
    found = admission.registrations.filter(person=person).first()
    if found is not None:
        found.admission = admission
    return found


def registrations_to_come(person: Person, at: datetime) -> list[Registration]:
    """What a person registered for and that is not over, soonest first."""
    alive = Registration.objects.filter(person=person, state__in=ALIVE, admission__off_at=None).exclude(
        admission__event__state=Event.State.CANCELLED
    )
    rows = alive.select_related("admission__event__community", "admission__event__venue")
    return sorted(
        (row for row in rows if not row.admission.is_over(at)),
        key=lambda row: (row.admission.begins_at is None, row.admission.begins_at or at, row.pk),
    )


def is_first_time(person: Person, community_id: int) -> bool:
    """Whether they never came to an event of this community."""
    came = Registration.objects.filter(person=person, came_at__isnull=False, admission__event__community=community_id)
    return not came.exists()


def registration_by(token: str, right: Right = Right.REGISTRATION) -> Registration | None:
    """The registration a link is for, whoever holds it; None for links that are not, or no longer, true."""
    row = (
        Registration.objects.select_related("person", "admission__event__community", "admission__event__venue")
        .filter(pk=id_in(token))
        .first()
    )
    return row if row is not None and is_true(right, token, row.pk, row.nonce) else None


def request_by(token: str) -> RegistrationRequest | None:
    """The request a mailed link confirms."""
    rows = RegistrationRequest.objects.select_related("admission__event__community", "registration")
    row = rows.filter(pk=id_in(token)).first()
    return row if row is not None and is_true(Right.CONFIRM, token, row.pk, row.nonce) else None


def invitation_by(token: str) -> AdmissionInvitation | None:
    """The invitation a mailed link is for, also one that was taken back."""
    rows = AdmissionInvitation.objects.select_related("admission__event__community", "registration")
    row = rows.filter(pk=id_in(token)).first()
    return row if row is not None and is_true(Right.INVITATION, token, row.pk, row.nonce) else None


def helper_by(token: str) -> DoorHelper | None:
    """The door helper a link is for; whether it opens now is the policy's business."""
    row = DoorHelper.objects.select_related("event__community", "event__venue").filter(pk=id_in(token)).first()
    return row if row is not None and is_true(Right.DOOR, token, row.pk, row.nonce) else None


def admission_by_wall(token: str) -> Admission | None:
    """The admission a code on the wall is for."""
    row = Admission.objects.select_related("event__community", "event__venue").filter(pk=id_in(token)).first()
    good = row is not None and row.wall_nonce != "" and is_true(Right.WALL, token, row.pk, row.wall_nonce)
    return row if good else None


def series_names(ids: set[int]) -> dict[int, str]:
    """Titles of series by id, for the trail."""
    return {pk: pick(title).text for pk, title in Series.objects.filter(pk__in=ids).values_list("pk", "title")}


def mailbox_of(address: str) -> str:
    """The address without its tag: many servers deliver ``name+anything@`` to ``name@``."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def links_lately(address: str, at: datetime) -> int:
    """How many links to confirm a registration were mailed to a mailbox within a day, under whatever tag."""
    name, _at, domain = mailbox_of(address).rpartition("@")
    tagged = Q(to_address__istartswith=f"{name}+", to_address__iendswith=f"@{domain}")
    mails = OutboxMail.objects.filter(tagged | Q(to_address__iexact=f"{name}@{domain}"))
    return mails.filter(dedupe_key__startswith=f"{LINK}:", created_at__gt=at - timedelta(days=1)).count()


def standing_in(person: Person | None, series: Series | None) -> StandingRegistration | None:
    """Whether the person is counted in for every date of a series."""
    if person is None or series is None:
        return None
    return StandingRegistration.objects.filter(person=person, series=series, ended_at=None).first()


def standing_for(person: Person) -> list[StandingRegistration]:
    """The series a person is counted in for every date of, as long as they go on."""
    rows = StandingRegistration.objects.filter(person=person, ended_at=None, series__ended_at=None)
    return list(rows.select_related("series__community").order_by("since", "pk"))


def dates_of(series: Series, at: datetime) -> QuerySet[Admission]:
    """Lists of the public dates of a series that have not begun, in the order in which several are locked."""
    rows = Admission.objects.filter(
        is_event=True, event__series=series, event__state=Event.State.PUBLISHED, event__starts_at__gt=at
    )
    return rows.select_related("event").order_by("id")


def admission_before(event: Event) -> Admission | None:
    """The list of the date before this one in its series, whose settings go on."""
    if event.series_id is None or event.occurrence_on is None:
        return None
    earlier = Admission.objects.filter(
        is_event=True, event__series=event.series_id, event__occurrence_on__lt=event.occurrence_on
    )
    return earlier.order_by("-event__occurrence_on").first()


def touched_by(event: Event) -> list[int]:
    """Ids of persons who hear from us what becomes of an event, so that nobody hears it twice."""
    alive = Registration.objects.filter(admission__event=event, state__in=ALIVE)
    return list(alive.values_list("person_id", flat=True).distinct())


def workshops_gone_to(event_id: int) -> dict[int, list[Registration]]:
    """``{person id: registrations}`` of those who have a seat at workshops of an event that are in its programme."""
    rows = Registration.objects.filter(
        admission__event=event_id, admission__is_event=False, admission__off_at=None, state=State.GOING
    )
    found: dict[int, list[Registration]] = {}
    for row in rows.select_related("person", "admission__event__community", "admission__event__venue").order_by("pk"):
        found.setdefault(row.person_id, []).append(row)
    return found


def is_going(person: Person, event: Event) -> bool:
    """Whether they have a seat, or take part online."""
    return Registration.objects.filter(
        person=person, admission__event=event, admission__is_event=True, state=State.GOING
    ).exists()


def known_at_door(registration: Registration) -> Registration | None:
    """Whose code the door of the event knows: the event's own list is there, for those too who go to a workshop.

    None for those who come to no room, and where one registers for workshops alone.
    """
    admission = registration.admission
    row: Registration | None = registration
    if not admission.is_event:
        rows = Registration.objects.select_related("person", "admission__event")
        row = rows.filter(
            person=registration.person_id, admission__event=admission.event_id, admission__is_event=True
        ).first()
    comes = row is not None and row.state == State.GOING and not row.online
    return row if comes and admission.event.attendance != Event.Attendance.ONLINE else None


def answers_of(registrations: Iterable[Registration]) -> dict[int, dict[int, str]]:
    """``{registration id: {question id: text}}``, in the order the answers were given."""
    found: dict[int, dict[int, str]] = {}
    rows = AdmissionAnswer.objects.filter(registration__in=list(registrations)).order_by("pk")
    for registration_id, question_id, text in rows.values_list("registration_id", "question_id", "text"):
        found.setdefault(registration_id, {})[question_id] = text
    return found


def answers_given_before(person: Person, admission: Admission) -> dict[int, str]:
    """``{question id: text}``: what a person said at the latest date of the series where the same was asked."""
    if admission.event.series_id is None:
        return {}
    said = AdmissionAnswer.objects.filter(
        registration__person=person, registration__admission__event__series=admission.event.series_id
    ).order_by("registration__admission__event__occurrence_on", "pk")
    latest = {_words(one.question): one.text for one in said.select_related("question")}
    found = {}
    for question in admission.questions.all():
        text = latest.get(_words(question), "")
        if question.kind != AdmissionQuestion.Kind.CHOICE or text in question.choices:
            found[question.pk] = text
    return found


def _words(question: AdmissionQuestion) -> tuple[str, frozenset[tuple[str, str]]]:
    """What a question is known by from one date to the next."""
    return (question.kind, frozenset(question.text.items()))


def lacks_answers(registration: Registration) -> bool:
    """Whether a question that must be answered is not."""
    needed = AdmissionQuestion.objects.filter(admission=registration.admission_id, required=True)
    return needed.exclude(answers__registration=registration).exists()


def closed_events_of(community: Community, at: datetime) -> QuerySet[Admission]:
    """Admissions of events that are over and whose door was used, latest first: what advice is drawn from."""
    over = Admission.objects.filter(is_event=True, event__community=community, event__ends_at__lte=at)
    used = over.filter(Exists(CheckIn.objects.filter(admission=OuterRef("pk"))))
    return used.select_related("event").order_by("-event__starts_at", "-id")
