"""What attendance does when something happened: lists of new events, seats that follow, mail, leaving and merging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from hallway.gathering.communities.facts import BannedFromCommunity
from hallway.gathering.communities.models import CommunityExclusion
from hallway.gathering.events.facts import (
    BannedFromEvent,
    EventCreated,
    EventDateSettled,
    EventEdited,
    EventPostponed,
    EventPublished,
)
from hallway.gathering.events.models import Event, EventExclusion
from hallway.gathering.events.policies import joining_rule, objects_to_taking_back
from hallway.gathering.events.queries import told_otherwise
from hallway.kit import clock, export, trail
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import inside, later
from hallway.kit.links import token_of
from hallway.kit.models import FactRow
from hallway.notices.actions import send_notice
from hallway.people.facts import PersonLeft, PersonsMerged

from . import facts, queries
from .actions import move_helpers, open_admission, resize, stand_in, tell_changes
from .actions.banned import let_go
from .actions.leaving import forget_person, move_person
from .actions.telling import shares_news
from .calendars import calendar_file
from .models import Admission, Registration, SeatOffer, StandingRegistration, StillComing
from .tokens import Right

SEAT_KEEPER = SystemPerson("seats")
MESSENGER = SystemPerson("notices")
State = Registration.State

joining_rule(queries.is_going)
told_otherwise(queries.touched_by)
export.contributes("attendance", queries.own_data)
trail.name_of("series", queries.series_names)


@objects_to_taking_back
def people_are_registered(event: Event) -> str:
    """An event people registered for is not hidden from them: they hear what became of it."""
    number = len(queries.touched_by(event))
    if not number:
        return ""
    return ngettext(
        "%(number)s person is registered for this. Postpone or cancel it instead, so that they hear of it.",
        "%(number)s people are registered for this. Postpone or cancel it instead, so that they hear of it.",
        number,
    ) % {"number": number}


@inside(EventCreated)
def list_is_opened(fact: EventCreated, row: FactRow) -> None:
    """Every event has a list from the beginning; whether one registers there is its setting."""
    like = Event.objects.filter(pk=fact.like_id).first() if fact.like_id else None
    open_admission(event=Event.objects.get(pk=fact.event_id), like=like, by=SEAT_KEEPER, at=row.at)


@inside(EventEdited)
def seats_follow_event(fact: EventEdited, row: FactRow) -> None:
    """Chairs are the event's own; people in line get what is new."""
    if "seats" not in fact.fields:
        return
    admission = Admission.objects.select_related("event").filter(event=fact.event_id, is_event=True).first()
    if admission is not None:
        resize(admission=admission, capacity=admission.event.seats, by=SEAT_KEEPER, at=row.at)


@inside(EventEdited, EventPostponed, EventDateSettled)
def door_follows_event(fact: Any, row: FactRow) -> None:
    """Links of helpers open at the event's new time."""
    if not isinstance(fact, EventEdited) or {"starts_at", "ends_at"} & set(fact.fields):
        move_helpers(event=Event.objects.get(pk=fact.event_id), by=SEAT_KEEPER, at=row.at)


@later(EventPublished, EventDateSettled)
def standing_ones_are_counted_in(fact: Any, row: FactRow) -> None:
    """Those who come every time are registered for a new date, in the order in which they said so."""
    admission = Admission.objects.select_related("event").filter(event=fact.event_id, is_event=True).first()
    if admission is None or admission.event.series_id is None:
        return
    standing = StandingRegistration.objects.filter(series=admission.event.series_id, ended_at=None)
    for one in standing.select_related("person").order_by("since", "pk"):
        stand_in(standing=one, admission=admission, by=SEAT_KEEPER, at=clock.now())


def write_to(
    registration: Registration,
    letter: str,
    *,
    key: str,
    row: FactRow,
    calendar: str = "",
    workshops: Sequence[Registration] = (),
    **more: Any,
) -> None:
    """A mail about a registration, once for a ``key``: ``attendance/mail/<letter>``.

    Every letter knows ``registration``, ``admission``, ``event``, ``at_door`` (whose code lets them in), ``url`` (its
    page, which opens with the link alone), and what ``more`` holds. ``calendar`` is ``in`` or ``out``: a file that puts
    it into a calendar, or takes it out; those of ``workshops`` that share the news with it come along. Of what is over
    nobody hears.
    """
    admission = registration.admission
    if admission.is_over(clock.now()):
        return
    url = _page_of(registration)
    language = registration.person.page_language or registration.language
    contact = admission.event.community.contact
    at_door, is_off = queries.known_at_door(registration), calendar == "out"
    with_files = (registration, *workshops) if calendar else ()
    files = [calendar_file(one, at_door, language, _page_of(one), is_off=is_off, at=row.at) for one in with_files]
    context = {
        "registration": registration, "admission": admission, "event": admission.event, "url": url,
        "workshops": workshops, **more,
    }  # fmt: skip
    send_notice(
        template=f"attendance/mail/{letter}",
        context={**context, "at_door": at_door},
        # Where the team named an address of its own, a reply to our mail goes there.
        headers={"Reply-To": contact} if contact else None,
        to_person=registration.person,
        language=language,
        attachments=[file for file in files if file is not None],
        dedupe_key=f"attendance:{key}",
        by=MESSENGER,
        at=row.at,
    )


def _page_of(registration: Registration) -> str:
    token = token_of(Right.REGISTRATION, registration.pk, registration.nonce)
    return str(settings.HALLWAY_BASE_URL) + reverse("attendance:registration", args=[token])


def _of(registration_id: int) -> Registration | None:
    rows = Registration.objects.select_related("person", "admission__event__community", "admission__event__venue")
    return rows.filter(pk=registration_id).first()


@later(facts.Registered)
def say_where_they_stand(fact: facts.Registered, row: FactRow) -> None:
    """Somebody who registered reads where they stand; who comes every time and will be asked, then."""
    registration = _of(fact.registration_id)
    if registration is None or registration.state != fact.state:
        return
    if fact.every_time and registration.state == State.GOING and queries.will_be_asked(registration):
        return
    _say(registration, f"registered:{row.pk}", row)


@later(facts.RegistrationApproved, facts.SeatTaken)
def say_they_have_a_seat(fact: Any, row: FactRow) -> None:
    """Whoever has a seat now, or a place in line after a yes, reads so."""
    registration = _of(fact.registration_id)
    if registration is not None and registration.state in {State.GOING, State.WAITING}:
        _say(registration, f"registered:{row.pk}", row, approved=isinstance(fact, facts.RegistrationApproved))


def _say(registration: Registration, key: str, row: FactRow, *, approved: bool = False) -> None:
    going = registration.state == State.GOING
    write_to(
        registration,
        "registered",
        key=key,
        row=row,
        calendar="in" if going else "",
        stands=queries.standing_of(registration),
        lacks_answers=queries.lacks_answers(registration),
        approved=approved,
    )


@later(facts.RegistrationDeclined)
def say_no(fact: facts.RegistrationDeclined, row: FactRow) -> None:
    """Whoever was declined reads why."""
    registration = _of(fact.registration_id)
    if registration is not None and registration.state == State.DECLINED:
        token = token_of(Right.REGISTRATION, registration.pk, registration.nonce)
        url = settings.HALLWAY_BASE_URL + reverse("attendance:write", args=[token])
        write_to(registration, "declined", key=f"declined:{row.pk}", row=row, calendar="out", write_url=url)


@later(facts.SeatOffered)
def offer_seat(fact: facts.SeatOffered, row: FactRow) -> None:
    """The next in line reads until when the seat is kept."""
    offer = SeatOffer.objects.filter(pk=fact.offer_id, outcome=SeatOffer.Outcome.OPEN).first()
    registration = _of(fact.registration_id)
    if offer is not None and registration is not None:
        write_to(registration, "offered", key=f"offer:{offer.pk}", row=row, offer=offer)


@later(facts.SeatOfferEnded, facts.SeatOfferWithdrawn, facts.SeatGivenUp)
def say_the_seat_is_gone(fact: Any, row: FactRow) -> None:
    """Whoever has no seat any more reads why, and their calendar follows. Who left hears nothing."""
    registration = _of(fact.registration_id)
    if registration is None or registration.state in {State.GOING, State.OFFERED}:
        return
    if isinstance(fact, facts.SeatOfferWithdrawn):
        stands = queries.standing_of(registration)
        write_to(registration, "offer_withdrawn", key=f"gone:{row.pk}", row=row, stands=stands)
        return
    ended = isinstance(fact, facts.SeatOfferEnded)
    letter = "offer_ended" if ended else "given_up"
    write_to(registration, letter, key=f"gone:{row.pk}", row=row, calendar="" if ended else "out")


@later(facts.SeatsFirstCome)
def call_those_in_line(fact: facts.SeatsFirstCome, row: FactRow) -> None:
    """In the last hours everybody in line reads that the first to come has the seat."""
    waiting = Registration.objects.filter(admission=fact.admission_id, state=State.WAITING)
    for registration in waiting.select_related("person", "admission__event__community", "admission__event__venue"):
        write_to(registration, "first_come", key=f"first:{row.pk}:{registration.pk}", row=row)


@later(facts.StillComingAsked)
def ask_whether_they_come(fact: facts.StillComingAsked, row: FactRow) -> None:
    """One tap says that they come, another gives the seat to the next in line.

    The calendar file comes along: who comes every time has had no other mail about this date.
    """
    question = StillComing.objects.filter(pk=fact.asked_id, answered_at=None).first()
    registration = _of(fact.registration_id)
    if question is not None and registration is not None and registration.state == State.GOING:
        write_to(
            registration,
            "still_coming",
            key=f"coming:{question.pk}",
            row=row,
            calendar="in",
            question=question,
            lacks_answers=queries.lacks_answers(registration),
        )


@later(facts.ChangesTold)
def tell_everybody_registered(fact: facts.ChangesTold, row: FactRow) -> None:
    """Everybody registered hears once what became of it, and their calendars follow.

    What a workshop shares with its event stands in the event's letter, for those who get that.
    """
    alive = Registration.objects.filter(admission=fact.admission_id, state__in=queries.ALIVE)
    if fact.with_event:
        of_event = Registration.objects.filter(
            admission__event=fact.event_id, admission__is_event=True, state__in=queries.ALIVE
        )
        alive = alive.exclude(person__in=of_event.values("person_id"))
    theirs = queries.workshops_gone_to(fact.event_id)
    calendar = "in" if fact.news in {"moved", "place", "back"} else "out"
    rows = alive.select_related("person", "admission__event__community", "admission__event__venue")
    for registration in rows.order_by("position").iterator(chunk_size=200):
        going = registration.state == State.GOING
        write_to(
            registration,
            "changed",
            key=f"told:{row.pk}:{registration.pk}",
            row=row,
            calendar=calendar if going else "",
            workshops=_sharing(registration, theirs, fact.news),
            news=fact.news,
        )


def _sharing(registration: Registration, workshops: dict[int, list[Registration]], news: str) -> list[Registration]:
    """Workshops somebody goes to for which the news of the event holds too."""
    if not registration.admission.is_event:
        return []
    return [one for one in workshops.get(registration.person_id, ()) if shares_news(one.admission, news)]


@later(EventPublished)
def tell_at_once(fact: EventPublished, row: FactRow) -> None:
    """An event that is on again is news now, not at the next look; a date is when it has stood for ten minutes."""
    for admission in Admission.objects.select_related("event").filter(event=fact.event_id):
        tell_changes(admission=admission, by=SEAT_KEEPER, at=clock.now())


@inside(BannedFromEvent)
def seat_of_banned_goes_on(fact: BannedFromEvent, row: FactRow) -> None:
    """Who takes no part in an event has no seat there."""
    exclusion = EventExclusion.objects.select_related("person").get(pk=fact.event_exclusion_id)
    if exclusion.person is not None:
        let_go(person=exclusion.person, events=Event.objects.filter(pk=fact.event_id), by=SEAT_KEEPER, at=row.at)


@inside(BannedFromCommunity)
def seats_of_banned_go_on(fact: BannedFromCommunity, row: FactRow) -> None:
    """Who takes no part in a community has no seat at its events."""
    exclusion = CommunityExclusion.objects.select_related("person").get(pk=fact.community_exclusion_id)
    if exclusion.person is None:
        return
    events = Event.objects.filter(community=fact.community_id)
    let_go(person=exclusion.person, events=events, by=SEAT_KEEPER, at=row.at)


@inside(PersonLeft)
def registrations_are_given_up(fact: PersonLeft, row: FactRow) -> None:
    """Seats go to the next in line; words are erased; rows keep the counts."""
    forget_person(person_id=fact.person_id, by=SEAT_KEEPER, at=row.at)


@inside(PersonsMerged)
def registrations_move(fact: PersonsMerged, row: FactRow) -> None:
    """What the one that is gone registered for is the other's; where both did, the better of the two stays."""
    move_person(gone_id=fact.gone_id, person_id=fact.person_id, by=SEAT_KEEPER, at=row.at)
