"""Slides after a session: who would like them, reminding their speakers, telling those who waited."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.localised import pick
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.notices.actions import EnoughMail, send_notice
from hallway.people.models import Person
from hallway.programme.schedule import policies
from hallway.programme.schedule.facts import SlidesAsked, SlidesReminded, SlidesRequestsForgotten, SlidesTold
from hallway.programme.schedule.models import Session, SlidesReminder, SlidesRequest
from hallway.programme.schedule.queries.slides import (
    Missing,
    can_have_slides,
    count_asked,
    waited_too_long,
)
from hallway.programme.schedule.queries.visible import title_of
from hallway.programme.talks.queries import has_slides
from hallway.programme.talks.tokens import address_for

MOST_A_DAY = 100
AGAIN = timedelta(days=1)


def ask_for_slides(
    *, session: Session, address: str = "", language: str = "", by: Actor, at: datetime
) -> SlidesRequest:
    """Say that one would like the slides. Counted once for each person or device; an address may come later.

    Somebody signed in is told at their own address. Refused when the slides are there or will never be.
    """
    require(
        policies.can_ask_for_slides(by, session),
        "slides.cannot_ask",
        _(
            "The team decided that you write nothing here for now. The mail about it says why, and how to have it "
            "looked at again."
        ),
    )
    address = _address(address)
    if not can_have_slides(session):
        raise Refusal("slides.none", _("This session has no slides to ask for."))
    if session.talk is not None and has_slides(session.talk, session.event_id):
        raise Refusal("slides.there", _("The slides are there already. Look under “Keep it” on this page."))
    with transaction.atomic():
        held(session, "session.gone")
        person = by if isinstance(by, Person) else None
        known = SlidesRequest.objects.filter(session=session, asker=by.actor_key).first()
        if known is not None and (not address or known.address == address or person is not None):
            return known
        require_pace(SlidesAsked, most=MOST_A_DAY, by=by, at=at)
        new = {"person": person, "address": "" if person else address, "language": language[:2]}
        row, _made = SlidesRequest.objects.update_or_create(
            session=session, asker=by.actor_key, defaults=new, create_defaults={**new, "asked_at": at}
        )
        announce(SlidesAsked(session_id=session.pk), by=by, at=at)
    return row


def _address(address: str) -> str:
    address = address.strip().lower()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError as error:
        sentence = _("This is not an e-mail address. Look at it again.")
        raise Refusal("slides.address", sentence, field="address") from error
    return address


def remind_of_slides(*, missing: Missing, by: SystemPerson, at: datetime) -> bool:
    """Mail a speaker the link to bring the slides, once for each of the two days. Whether it was done."""
    speaking, session = missing.speaking, missing.session
    with transaction.atomic():
        _row, made = SlidesReminder.objects.get_or_create(
            talk=speaking.talk, event=session.event, person=speaking.person, days=missing.days, defaults={"at": at}
        )
        if not made:
            return False
        with override((speaking.person.page_language or "en")[:2]):
            names = {"title": pick(title_of(session)).text, "event_title": pick(session.event.title).text}
        send_notice(
            template="schedule/mail/slides_missing",
            context={**names, "asked": count_asked(session), "url": address_for(speaking), "days": missing.days},
            to_person=speaking.person,
            language=speaking.person.page_language or "en",
            dedupe_key=f"slides:{speaking.talk_id}:{session.event_id}:{speaking.person_id}:{missing.days}",
            by=by,
            at=at,
        )
        announce(SlidesReminded(talk_id=speaking.talk_id, days=missing.days), by=by, at=at)
    return True


def tell_slides_arrived(*, request: SlidesRequest, address: str, by: SystemPerson, at: datetime) -> bool:
    """Mail one who waited that the slides are at this ``address``; whether it was done.

    An address that had its mails of the day waits until tomorrow; slides taken away again are waited for once more.
    """
    with transaction.atomic():
        row = held(request, "slides.gone")
        if row.told_at is not None or row.due_at is None:
            return False
        session = request.session
        is_there = session.talk is not None and has_slides(session.talk, session.event_id)
        is_public = session.public_at is not None and session.hidden_at is None
        if not is_there or not is_public:
            SlidesRequest.objects.filter(pk=row.pk).update(due_at=None)
            return False
        language = (row.person.page_language if row.person else "") or row.language or "en"
        with override(language[:2]):
            names = {"title": pick(title_of(session)).text, "event_title": pick(session.event.title).text}
        try:
            if row.person or row.address:
                send_notice(
                    template="schedule/mail/slides_there", context={**names, "url": address}, to_person=row.person,
                    to_address=row.address or None, language=language, dedupe_key=f"slides-there:{row.pk}", by=by,
                    at=at,
                )  # fmt: skip
        except EnoughMail:
            SlidesRequest.objects.filter(pk=row.pk).update(due_at=at + AGAIN)
            return False
        SlidesRequest.objects.filter(pk=row.pk).update(told_at=at, address="")
        announce(SlidesTold(session_id=session.pk), by=by, at=at)
    return True


def forget_slides_requests(*, by: SystemPerson, at: datetime) -> int:
    """Forget addresses that were left half a year ago for slides which never came; their asking still counts."""
    with transaction.atomic():
        count = waited_too_long(at).update(address="")
        if count:
            announce(SlidesRequestsForgotten(count=count), by=by, at=at)
    return count
