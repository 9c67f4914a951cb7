"""Pages of people without an account, and how they become theirs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.mailing import mail
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require

from .. import policies, queries
from ..facts import ClaimAccepted, ClaimInvited
from ..models import Person, PersonClaim
from .standing import merge_persons

GOOD_FOR = timedelta(days=30)
MOST_A_DAY = 200  # the speakers of a large conference


def token_hash(token: str) -> str:
    """How a token is kept: the link itself stands only in the mail."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite_to_claim(*, person: Person, address: str, by: Person, at: datetime) -> PersonClaim:
    """Mail somebody a link to take over a page. The link works once, for thirty days; a newer one replaces it."""
    require(
        policies.can_invite_to_claim(by, person),
        "claim.cannot_invite",
        _("Only an organiser of an event this person speaks at can invite them. Ask one of them."),
    )
    if person.claimed_at or person.left_at or person.merged_into_id:
        raise Refusal("claim.has_account", _("This person signs in already. There is nothing to take over."))
    if queries.has_confirmed_address(person):
        # Whoever took the page over would take the address with it.
        raise Refusal(
            "claim.has_address",
            _("This person is known by an e-mail address of their own. Ask them to sign in with it."),
        )
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refusal(
            "claim.address", _("This is not an e-mail address. Write it as name@example.org."), field="address"
        ) from error
    require_pace(ClaimInvited, most=MOST_A_DAY, by=by, at=at)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        PersonClaim.objects.filter(person=person, accepted_at=None).delete()
        claim = PersonClaim.objects.create(
            person=person,
            address=address,
            token_hash=token_hash(token),
            invited_by=by,
            created_at=at,
            expires_at=at + GOOD_FOR,
        )
        announce(ClaimInvited(person_id=person.pk), by=by, at=at)
        mail(
            template="people/mail/claim",
            context={
                "name": person.name,
                "inviter": by,
                "link": settings.HALLWAY_BASE_URL + reverse("claim", args=[token]),
                "expires_on": claim.expires_at.date(),
            },
            to_address=address,
            by=by,
            at=at,
        )
    return claim


def accept_claim(*, token: str, by: Person, at: datetime) -> Person:
    """Take over the page a link stands for: its talks and its history become the reader's own."""
    with transaction.atomic(), store.bumped_last():
        claim = PersonClaim.objects.select_for_update().filter(token_hash=token_hash(token)).first()
        if claim is None:
            raise Refusal(
                "claim.unknown",
                _("This link is not known, or a newer one replaced it. Open the newest mail, or ask for another."),
                status=404,
            )
        if claim.accepted_at is not None:
            raise Refusal("claim.used", _("This link was used already. Sign in to see your page."), status=410)
        if claim.expires_at <= at:
            raise Refusal("claim.expired", _("This link has expired. Ask the organiser for a new one."), status=410)
        claim.accepted_at = at
        claim.save(update_fields=["accepted_at"])
        announce(ClaimAccepted(person_id=by.pk), by=by, at=at)
        return merge_persons(keep=by, gone=claim.person, by=SystemPerson("claims"), at=at)
