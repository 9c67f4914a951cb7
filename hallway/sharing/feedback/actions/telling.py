"""Speakers hear by mail that something was said, once a day at most."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import new_nonce, token_of
from hallway.kit.refusal import require
from hallway.notices.actions import send_notice
from hallway.people.models import Person

from ..facts import SpeakerTold
from ..models import Feedback, FeedbackReader
from ..queries.said import untold_to
from ..tokens import Right

A_DAY = timedelta(days=1)


def tell_speaker(*, person: Person, by: SystemPerson, at: datetime) -> bool:
    """Mail a speaker the link to their page, if there is something they have not been told of and a day went by."""
    require(isinstance(by, SystemPerson), "feedback.not_hallway", _("Hallway itself does that, by the clock."))
    with transaction.atomic():
        held(person, "feedback.person_gone")
        reader, _made = FeedbackReader.objects.get_or_create(person=person, defaults={"nonce": new_nonce()})
        if reader.told_at is not None and at - reader.told_at < A_DAY:
            return False
        news = untold_to(person, at)
        if not news:
            return False
        token = token_of(Right.SPEAKER, reader.pk, reader.nonce)
        mail = send_notice(
            template="feedback/mail/said",
            context={
                "url": settings.HALLWAY_BASE_URL + reverse("feedback:speaker", args=[token]),
                "texts": sum(one.state == Feedback.State.RELEASED for one in news),
            },
            to_person=person,
            by=by,
            at=at,
        )
        if mail is None:
            return False
        reader.told_at = at
        reader.save(update_fields=["told_at"])
        reader.told.add(*news)
        announce(SpeakerTold(person_id=person.pk), by=by, at=at)
    return True
