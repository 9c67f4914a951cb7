"""People who come by a mailed link and need no account for it."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal
from hallway.kit.slugs import one_at_a_time

from .. import queries
from ..facts import PersonMet
from ..models import Person
from ..naming import free_slug, is_provisional
from .adding import LONGEST_NAME


def know_by_address(*, email: str, name: str, language: str, by: Actor, at: datetime) -> Person:
    """The person who gets mail at this address, made if there is none: without an account and without a page.

    The caller stands for the address: a link that was mailed there was used, so it counts as verified, and a sign-in
    with it later is theirs. Somebody known keeps their name; ``name`` and ``language`` (``en``, ``fr``) are for
    somebody new, or who asked for a code once and never came. Whoever is named is not forgotten with empty accounts.

    Making somebody holds the lock on people's addresses until the transaction ends: call it before any lock of yours.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    with transaction.atomic():
        person = queries.gets_mail_at(email)
        if person is None or not person.name:
            if not name or len(name) > LONGEST_NAME:
                raise Refusal("people.name_length", _("Give a name of 1 to 120 characters."), field="name")
            person = _named(email, name, language[:2], by=by, at=at)
        if not person.is_active:
            raise Refusal(
                "person.closed", _("This account was closed. Ask an administrator if you think this is a mistake.")
            )
        _confirm(person, email)
    return person


def _named(email: str, name: str, language: str, *, by: Actor, at: datetime) -> Person:
    """Somebody new, or somebody known without a name."""
    one_at_a_time("person")
    person = queries.gets_mail_at(email)
    made = False
    if person is None:
        # Another process may open an account for the address at this instant, without this lock.
        person, made = Person.objects.get_or_create(
            email=email,
            defaults={
                "name": name,
                "slug": free_slug(name),
                "page_language": language,
                "created_at": at,
                "password": UNUSABLE_PASSWORD_PREFIX,
            },
        )
    if not made:
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if person.name:
            return person
        person.name = name
        person.slug = free_slug(name, but=person.pk) if is_provisional(person.slug) else person.slug
        person.page_language = person.page_language or language
        person.save(update_fields=["name", "slug", "page_language"])
        store.bump(f"person:{person.pk}")
    announce(PersonMet(person_id=person.pk), by=by, at=at)
    return person


def _confirm(person: Person, email: str) -> None:
    """The address is theirs: a code mailed there signs them in, and nobody else can add it."""
    if person.email != email:
        return
    primary = not EmailAddress.objects.filter(user=person, primary=True).exists()
    address, made = EmailAddress.objects.get_or_create(
        user=person, email=email, defaults={"primary": primary, "verified": True}
    )
    if not made and not address.verified:
        EmailAddress.objects.filter(pk=address.pk).update(verified=True)
