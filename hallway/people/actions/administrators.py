"""Who looks after the instance: the first one by the console, others named by them. There is always one."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.mailing import mail
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time

from .. import policies, queries
from ..facts import AdministratorAppointed, AdministratorDismissed
from ..models import Person
from ..naming import free_slug
from .accounts import open_account


def _require(by: Actor) -> None:
    require(
        policies.can_look_after_instance(by),
        "instance.not_allowed",
        _("Only an administrator can do this. Ask one of them."),
    )


def appoint_administrator(*, name: str, email: str, by: Actor, at: datetime) -> Person:
    """Make a person with this address an administrator; at the first start this makes the person, too.

    The caller stands for the address: it counts as verified.
    """
    _require(by)
    with transaction.atomic():
        person = open_account(email=email, by=by, at=at)
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        if not person.name:
            person.name, person.slug = name, free_slug(name, but=person.pk)
        person.is_administrator = True
        person.claimed_at = person.claimed_at or at
        person.save(update_fields=["name", "slug", "is_administrator", "claimed_at"])
        announce(AdministratorAppointed(person_id=person.pk), by=by, at=at)
        store.bump("instance", f"person:{person.pk}")
    return person


def name_administrator(*, address: str, by: Person, at: datetime) -> Person:
    """Let somebody who signs in with this address look after the instance, too, and mail it to them."""
    _require(by)
    with transaction.atomic():
        person = queries.signs_in_with(address)
        if person is None:
            raise Refusal(
                "administrator.unknown",
                _("Nobody signs in with this address yet. Ask them to sign in once, then name them here."),
                field="address",
            )
        if person.is_administrator:
            raise Refusal("administrator.already", _("They look after this instance already."), field="address")
        Person.objects.filter(pk=person.pk).update(is_administrator=True)
        announce(AdministratorAppointed(person_id=person.pk), by=by, at=at)
        store.bump(f"person:{person.pk}")
        mail(
            template="people/mail/administrator",
            context={"inviter": by, "link": f"{settings.HALLWAY_BASE_URL}/instance/"},
            to_person=person,
            by=by,
            at=at,
        )
    person.refresh_from_db()
    return person


def dismiss_administrator(*, person: Person, by: Person, at: datetime) -> None:
    """Take the rights of an administrator back, one's own among them; the last one keeps them. Twice does nothing."""
    _require(by)
    with transaction.atomic():
        one_at_a_time("administrators")
        if not Person.objects.filter(pk=person.pk, is_administrator=True).exists():
            return
        if not queries.administrators().exclude(pk=person.pk).exists():
            raise Refusal(
                "administrator.last", _("Somebody has to look after this instance. Name another administrator first.")
            )
        Person.objects.filter(pk=person.pk).update(is_administrator=False)
        announce(AdministratorDismissed(person_id=person.pk), by=by, at=at)
        store.bump(f"person:{person.pk}")
