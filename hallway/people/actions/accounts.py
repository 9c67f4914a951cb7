"""Coming in: accounts, first sign-ins, devices signed out."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal

from ..facts import AccountOpened, LoginsEnded, PersonArrived
from ..models import Person
from ..naming import provisional_slug


def open_account(*, email: str, by: Actor, at: datetime) -> Person:
    """The person with this address, made if there is none. They are nobody until they sign in with a mailed code.

    An account nobody signed in to is forgotten after a day (``sweeps.forget_empty_accounts``).
    """
    email = email.strip().lower()
    with transaction.atomic():
        person, made = Person.objects.get_or_create(
            email=email,
            defaults={
                "name": "",
                "slug": provisional_slug(),
                "page_language": (get_language() or "en")[:2],
                "created_at": at,
                "password": "!",
            },
        )
        # Somebody written down with an address, but by no sign-in of ours, has no such row yet.
        EmailAddress.objects.get_or_create(user=person, email=email, defaults={"primary": True, "verified": False})
        if made:
            announce(AccountOpened(person_id=person.pk), by=by, at=at)
    return person


def arrive(*, person: Person, by: Actor, at: datetime) -> None:
    """Note the first sign-in. Later ones change nothing."""
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk, claimed_at=None).update(claimed_at=at):
            person.claimed_at = at
            announce(PersonArrived(person_id=person.pk), by=by, at=at)


def end_login(*, login_id: int, by: Person, at: datetime) -> None:
    """Sign out one of one's own devices. One that is signed out already is fine."""
    login = UserSession.objects.filter(pk=login_id, user_id=by.pk).first()
    if login is None:
        if UserSession.objects.filter(pk=login_id).exists():
            raise Refusal("login.not_yours", _("This device is not yours. Look at your own list."), status=404)
        return
    with transaction.atomic():
        login.end()
        announce(LoginsEnded(person_id=by.pk, devices=1), by=by, at=at)


def end_other_logins(*, session_key: str | None, by: Person, at: datetime) -> int:
    """Sign out every device but the one with this session. Returns how many there were."""
    others = list(UserSession.objects.filter(user_id=by.pk).exclude(session_key=session_key or ""))
    if not others:
        return 0
    with transaction.atomic():
        for login in others:
            login.end()
        announce(LoginsEnded(person_id=by.pk, devices=len(others)), by=by, at=at)
    return len(others)
