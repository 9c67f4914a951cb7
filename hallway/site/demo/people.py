"""The invented people: most have an account, some are known as speakers only."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from hallway.kit.actors import SystemPerson
from hallway.people.actions import (
    NewPerson,
    add_persons_in_bulk,
    appoint_administrator,
    arrive,
    change_profile,
    open_account,
)
from hallway.people.models import Person

from . import reading
from .reading import WrittenPerson

DEMONSTRATION = SystemPerson("demonstration")
# Whom one can be by one click, and who that is.
WHO = {
    "organiser": "naledi-mokoena",
    "organisatrice": "elodie-garnier",
    "speaker": "thabo-nel",
    "attendee": "bontle-mashaba",
    "admin": "kagiso-radebe",
}
# Speakers who never signed in: their page can be claimed by an invitation.
WITHOUT_ACCOUNT = frozenset(
    {
        "claire-vasseur", "youssef-amrani", "julien-morel", "peter-odongo", "anna-de-wet", "chidi-eze",
        "wanjiru-kamau", "nomsa-sithole",
    }
)  # fmt: skip


def settle_people(at: datetime) -> dict[str, Person]:
    """Everybody by slug, with accounts opened a little later one after the other."""
    written = reading.people()
    known = {one.slug: one for one in written if one.slug in WITHOUT_ACCOUNT}
    added = add_persons_in_bulk(
        persons=[NewPerson(name=one.name, biography=one.biography) for one in known.values()], by=DEMONSTRATION, at=at
    )
    people = dict(zip(known, added, strict=True))
    for number, one in enumerate(one for one in written if one.slug not in WITHOUT_ACCOUNT):
        people[one.slug] = _settle(one, at + timedelta(hours=number))
    return people


def _settle(one: WrittenPerson, at: datetime) -> Person:
    address = f"{one.slug}@example.org"
    if one.slug == WHO["admin"]:
        person = appoint_administrator(name=one.name, email=address, by=DEMONSTRATION, at=at)
    else:
        person = open_account(email=address, by=DEMONSTRATION, at=at)
    arrive(person=person, by=person, at=at)
    EmailAddress.objects.filter(user=person).update(verified=True)  # as the first code they typed did
    language = "fr" if one.languages[0] == "fr" else "en"
    changes = {
        "name": one.name,
        "slug": one.slug,
        "pronouns": one.pronouns,
        "tagline": one.tagline.get(language, ""),
        "places": [one.place],
        "zone": one.zone,
        "languages": one.languages,
        "biography": one.biography,
        "page_language": language,
        "public": True,
    }
    return change_profile(person=person, changes=changes, by=person, at=at)
