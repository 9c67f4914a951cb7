"""Coming in: an address is typed, its owner confirms, and there is a seat or a place in line."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.actions.exclusions import refuse_banned
from hallway.kit import store
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import new_nonce, token_of
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time
from hallway.notices.actions import EnoughMail, send_notice
from hallway.notices.queries import MOST_TO_STRANGERS, is_confirmed
from hallway.people.actions import know_by_address
from hallway.people.models import Person

from .. import policies, queries
from ..facts import PlaceRequested, Registered, RegistrationChanged
from ..models import Admission, AdmissionAnswer, AdmissionInvitation, Registration, RegistrationRequest
from ..tokens import Right
from .rows import NOT_YOURS, again, free_code, locked, locked_person, next_position, seats_changed
from .seats import goes_at_once, let_stand, pass_on, refuse_unless_on
from .telling import situation

State = Registration.State
GOOD_FOR = timedelta(days=2)
MOST_LINKS = 10
LOTS = 2**62
INVITED_ONLY = _("This is by invitation. Ask the team for one.")


def request_place(*, admission: Admission, address: str, language: str, by: Actor, at: datetime) -> RegistrationRequest:
    """Mail a link to an address somebody typed. It holds no seat until its owner presses the button behind it.

    The mail has no word of whoever typed the address. An address nobody confirmed yet gets three mails a day from the
    whole instance, another one ten such links; beyond them nothing is sent, and the page says the same. Links to
    ``name+anything@`` count as links to one mailbox. A link that is still good is sent again.
    """
    address = address.strip().lower()
    with transaction.atomic():
        one_at_a_time(f"mailbox:{queries.mailbox_of(address)}")
        refuse_banned(by, admission.event)
        refuse_unless_open(admission, at)
        if admission.how == Admission.How.INVITATION:
            raise Refusal("attendance.invited_only", INVITED_ONLY)
        known = RegistrationRequest.objects.filter(
            admission=admission, address=address, registration=None, expires_at__gt=at + GOOD_FOR / 2
        ).first()
        request = known or RegistrationRequest.objects.create(
            admission=admission, address=address, language=language, nonce=new_nonce(), created_at=at,
            expires_at=at + GOOD_FOR,
        )  # fmt: skip
        announce(PlaceRequested(request_id=request.pk), by=by, at=at)
        _mail_link(request, admission, by=by, at=at)
    return request


def _mail_link(request: RegistrationRequest, admission: Admission, *, by: Actor, at: datetime) -> None:
    """Send the link, unless the mailbox had its links of the day, or the address its mail."""
    links = queries.links_lately(request.address, at)
    if links >= (MOST_LINKS if is_confirmed(request.address) else MOST_TO_STRANGERS):
        return
    token = token_of(Right.CONFIRM, request.pk, request.nonce)
    with suppress(EnoughMail):
        send_notice(
            template="attendance/mail/confirm",
            context={
                "admission": admission,
                "event": admission.event,
                "url": settings.HALLWAY_BASE_URL + reverse("attendance:confirm", args=[token]),
                "until": request.expires_at,
            },
            to_address=request.address,
            language=request.language,
            dedupe_key=f"{queries.LINK}:{request.pk}:{links}:{at.isoformat()}",
            by=by,
            at=at,
        )


def confirm_request(
    *,
    request: RegistrationRequest,
    name: str,
    guests: int = 0,
    online: bool = False,
    answers: Mapping[int, str] | None = None,
    message: str = "",
    by: Actor,
    at: datetime,
) -> Registration:
    """The owner of a mailed link registers. The same link again gives the same registration.

    Raises Refusal for links that are too old, and whatever :func:`register` refuses.
    """
    with transaction.atomic(), store.bumped_last():
        row = held(request, "attendance.link_gone")
        if row.registration is not None:
            return row.registration
        if row.expires_at <= at:
            raise Refusal(
                "attendance.link_old",
                _("This link is more than two days old. Register again and you get a new one."),
                status=410,
            )
        person = know_by_address(email=row.address, name=name, language=row.language, by=by, at=at)
        registration = register(
            admission=row.admission, person=person, name=name, guests=guests, online=online, answers=answers,
            message=message, by=person, at=at,
        )  # fmt: skip
        row.registration = registration
        row.save(update_fields=["registration"])
    return registration


def register(
    *,
    admission: Admission,
    person: Person,
    name: str = "",
    guests: int = 0,
    online: bool = False,
    answers: Mapping[int, str] | None = None,
    message: str = "",
    invitation: AdmissionInvitation | None = None,
    every_time: bool = False,
    by: Actor,
    at: datetime,
) -> Registration:
    """Give a person a seat, a place in line, or let them ask for a yes. Doing it again changes nothing.

    ``every_time`` says that they are counted in for every date: what is not answered yet they answer on their page.
    ``answers`` maps ids of questions to texts. Order is the position given here, under the lock. Raises Refusal when
    registration is closed, by invitation only, when too many guests come along, when a question that must be answered
    is not, or when a workshop's event has no seat for them.
    """
    require(policies.can_register(by, person), "attendance.not_yours", NOT_YOURS)
    with transaction.atomic():
        person = locked_person(person)
        # They may have left, or become one with somebody, while they waited for the lock.
        require(policies.can_register(by, person), "attendance.not_yours", NOT_YOURS)
        row = locked(admission)
        there = row.registrations.filter(person=person).first()
        if there is not None and there.state in queries.ALIVE:
            there.admission = row
            return there
        _refuse_who_may_not(row, person, there, invitation, by=by, at=at)
        _refuse_guests(row, guests, online)
        registration = _write(
            row, person, there, name=name or person.name, guests=0 if online else guests, online=online,
            message=message, invitation=invitation, at=at,
        )  # fmt: skip
        write_answers(registration, answers or {}, may_lack=every_time)
        if not row.told:
            row.told = situation(row)
            row.save(update_fields=["told"])
        fact = Registered(
            registration_id=registration.pk, admission_id=row.pk, event_id=row.event_id, state=registration.state,
            every_time=every_time,
        )  # fmt: skip
        announce(fact, by=by, at=at)
        let_stand(registration, by=by, at=at)
    return registration


def refuse_unless_open(admission: Admission, at: datetime, *, by: Actor | None = None) -> None:
    """Say why nobody can register now, if nobody can. Those who come every time are registered before it opens."""
    refuse_unless_on(admission, at)
    if admission.how == Admission.How.NONE:
        raise Refusal("attendance.no_registration", _("There is no registration here. Look at the event’s page."))
    if admission.opens_at is not None and at < admission.opens_at and not isinstance(by, SystemPerson):
        raise Refusal("attendance.not_open_yet", _("Registration is not open yet. Come back when it is."))
    if admission.closes_at is not None and at >= admission.closes_at:
        raise Refusal("attendance.closed", _("Registration is closed. Write to the team if you want to come."))


def _refuse_who_may_not(
    admission: Admission,
    person: Person,
    there: Registration | None,
    invitation: AdmissionInvitation | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    refuse_banned(person, admission.event)
    refuse_unless_open(admission, at, by=by)
    invited = invitation is not None and invitation.admission_id == admission.pk
    if admission.how == Admission.How.INVITATION and not invited:
        raise Refusal("attendance.invited_only", INVITED_ONLY)
    if there is not None and there.state == State.DECLINED and not invited:
        raise Refusal("attendance.declined", _("The team declined this registration. Write to them about it."))
    if admission.is_event:
        return
    event = queries.main_admission(admission.event)
    if event is not None and event.how != Admission.How.NONE and not queries.is_going(person, admission.event):
        raise Refusal(
            "attendance.event_first",
            _("This workshop is for those who go to the event. Register for the event first."),
        )


def _refuse_guests(admission: Admission, guests: int, online: bool) -> None:
    if not online and not 0 <= guests <= admission.guests_most:
        raise Refusal(
            "attendance.guests",
            _("Bring fewer guests: %(most)s at most.") % {"most": admission.guests_most},
            field="guests",
        )
    if online and admission.event.attendance != "hybrid":
        raise Refusal("attendance.no_online", _("You cannot take part in this event online."), field="online")


def _write(
    admission: Admission,
    person: Person,
    there: Registration | None,
    *,
    name: str,
    guests: int,
    online: bool,
    message: str,
    invitation: AdmissionInvitation | None,
    at: datetime,
) -> Registration:
    """The row of a registration: a new one, or that of somebody who comes back, at the end of the line."""
    seats = 0 if online else guests + 1
    if admission.how == Admission.How.APPROVAL and invitation is None:
        state = State.ASKED
    else:
        state = State.GOING if goes_at_once(admission, seats, at) else State.WAITING
    registration = there or Registration(
        admission=admission, person=person, code=free_code(admission), nonce=new_nonce()
    )
    registration.admission = admission
    registration.name, registration.guests, registration.online, registration.seats = name, guests, online, seats
    registration.message, registration.reason, registration.cause = message, "", ""
    registration.state, registration.state_at, registration.asked_at = state, at, at
    registration.position, registration.lot = next_position(admission), secrets.randbelow(LOTS)
    registration.first_time = queries.is_first_time(person, admission.event.community_id)
    registration.language = person.page_language or "en"
    registration.save()
    if invitation is not None:
        AdmissionInvitation.objects.filter(pk=invitation.pk).update(registration=registration)
    return registration


def write_answers(registration: Registration, answers: Mapping[int, str], *, may_lack: bool = False) -> None:
    """Keep what was answered; refuse when a question that must be answered is not, unless it ``may_lack``."""
    for question in registration.admission.questions.all():
        text = answers.get(question.pk, "").strip()[:500]
        if not text:
            if question.required and not may_lack:
                raise Refusal(
                    "attendance.unanswered",
                    _("Answer each question that must be answered: the team has to know."),
                    field=f"question_{question.pk}",
                )
            AdmissionAnswer.objects.filter(registration=registration, question=question).delete()
        else:
            AdmissionAnswer.objects.update_or_create(
                registration=registration, question=question, defaults={"text": text}
            )


def change_registration(
    *,
    registration: Registration,
    name: str | None = None,
    guests: int | None = None,
    shown: str | None = None,
    answers: Mapping[int, str] | None = None,
    by: Actor,
    at: datetime,
) -> Registration:
    """Change what somebody said of themselves. Fewer guests free seats at once; more need seats nobody waits for.

    Who sees that they go can be changed for good; of what is over, nothing else.
    """
    require(policies.can_change_registration(by, registration), "attendance.not_yours", NOT_YOURS)
    with transaction.atomic():
        admission = locked(registration.admission)
        row = again(registration, admission)
        if row.state not in queries.ALIVE:
            raise Refusal("attendance.not_alive", _("This registration has ended. Register again."))
        if admission.is_over(at) and not (name is None and guests is None and answers is None):
            raise Refusal("attendance.over", _("This is over, so there is nothing to change any more."))
        changed = []
        if name is not None and name.strip() and name != row.name:
            row.name = name
            changed.append("name")
        if shown is not None and shown in Registration.Shown.values and shown != row.shown:
            row.shown = shown
            changed.append("shown")
        if guests is not None and guests != row.guests and not row.online:
            _change_guests(admission, row, guests, at)
            changed.append("guests")
        if answers is not None:
            write_answers(row, answers)
            changed.append("answers")
        if not changed:
            return row
        row.save(update_fields=["name", "shown", "guests", "seats"])
        fact = RegistrationChanged(registration_id=row.pk, event_id=admission.event_id, fields=tuple(changed))
        announce(fact, by=by, at=at)
        if "guests" in changed:
            pass_on(admission, by=by, at=at)
        else:
            seats_changed(admission)
    return row


def _change_guests(admission: Admission, row: Registration, guests: int, at: datetime) -> None:
    _refuse_guests(admission, guests, row.online)
    more = guests - row.guests
    if more > 0 and row.state in queries.HOLDS_SEATS and not goes_at_once(admission, more, at):
        raise Refusal(
            "attendance.no_seat_for_guests",
            _("No seat is free for another guest. Your own seat stays."),
            field="guests",
        )
    row.guests, row.seats = guests, guests + 1
