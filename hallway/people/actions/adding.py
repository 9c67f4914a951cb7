"""Persons without an account: written down by an organiser or an import, until somebody claims them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.models import OldSlug
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time, propose_slug

from ..facts import PersonChanged, PersonsAdded, PersonsPublished
from ..models import Person
from ..naming import slug_taken

LONGEST_NAME = 120
_AT_ONCE = 500


@dataclass(frozen=True)
class NewPerson:
    """What is known of somebody without an account. ``biography`` is a localised text."""

    name: str
    biography: dict[str, str] = field(default_factory=dict)
    links: Sequence[Any] = ()
    picture: str = ""
    public: bool = True
    tagline: str = ""


def add_person(
    *,
    name: str,
    by: Actor,
    at: datetime,
    biography: dict[str, str] | None = None,
    links: Sequence[Any] = (),
    picture: str = "",
    public: bool = True,
) -> Person:
    """Write down somebody who has no account. Never merges with somebody of the same name."""
    new = NewPerson(name=name, biography=biography or {}, links=links, picture=picture, public=public)
    return add_persons_in_bulk(persons=[new], by=by, at=at)[0]


def add_persons_in_bulk(*, persons: Sequence[NewPerson], by: Actor, at: datetime) -> list[Person]:
    """Write down many at once, in the given order. Refused when a name is empty or too long."""
    require(
        isinstance(by, (Person, SystemPerson)),
        "people.cannot_add",
        _("Sign in first, then say who speaks."),
    )
    for person in persons:
        if not person.name.strip() or len(person.name) > LONGEST_NAME:
            raise Refusal("people.name_length", _("Give a name of 1 to 120 characters."), field="speakers")
    if not persons:
        return []
    with transaction.atomic():
        one_at_a_time("person")
        slugs = _free_slugs([person.name for person in persons])
        made = Person.objects.bulk_create(
            Person(
                name=new.name.strip(), slug=slug, tagline=new.tagline, biography=new.biography,
                links=list(new.links), picture=new.picture,
                public_at=at if new.public else None, created_at=at, password=UNUSABLE_PASSWORD_PREFIX,
            )
            for new, slug in zip(persons, slugs, strict=True)
        )  # fmt: skip
        announce(PersonsAdded(person_ids=[person.pk for person in made], count=len(made)), by=by, at=at)
    return made


def publish_persons(*, person_ids: Iterable[int], by: Actor, at: datetime) -> list[int]:
    """Open the pages of persons whom a public programme names. Returns the ids that were not public before."""
    found: list[int] = []
    wanted = sorted(set(person_ids))
    with transaction.atomic():
        for start in range(0, len(wanted), _AT_ONCE):
            rows = Person.objects.filter(
                pk__in=wanted[start : start + _AT_ONCE],
                public_at=None,
                hidden_at=None,
                left_at=None,
                merged_into=None,
            )
            ids = list(rows.values_list("pk", flat=True))
            Person.objects.filter(pk__in=ids).update(public_at=at)
            found += ids
        if found:
            announce(PersonsPublished(person_ids=found, count=len(found)), by=by, at=at)
    return found


def _free_slugs(names: list[str]) -> list[str]:
    """A free slug for each name, with a handful of queries for a thousand names."""
    stems = sorted({slugify(name)[:50].strip("-_") for name in names})
    known: dict[str, bool] = dict.fromkeys(stems, False)
    for start in range(0, len(stems), _AT_ONCE):
        part = stems[start : start + _AT_ONCE]
        found = Person.objects.filter(slug__in=part).values_list("slug", flat=True)
        once = OldSlug.objects.filter(kind="person", slug__in=part).values_list("slug", flat=True)
        known.update(dict.fromkeys([*found, *once], True))

    def is_taken(slug: str) -> bool:
        if slug not in known:
            known[slug] = slug_taken(slug)
        return known[slug]

    slugs: list[str] = []
    for name in names:
        slug = propose_slug(name, is_taken, fallback="person")
        known[slug] = True
        slugs.append(slug)
    return slugs


def change_unclaimed(*, person: Person, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    """Correct what is written down of somebody without an account: ``name``, ``biography``, ``links``, ``tagline``.

    Refused once they claimed their page: then it is theirs alone.
    """
    if person.claimed_at is not None:
        raise Refusal("people.claimed", _("This page belongs to somebody. Ask them to change it."))
    if unknown := set(changes) - {"name", "biography", "links", "tagline"}:
        raise ValueError(f"not fields one may write down of others: {sorted(unknown)}")
    changed = [name for name, value in changes.items() if getattr(person, name) != value]
    if not changed:
        return
    with transaction.atomic():
        for name in changed:
            setattr(person, name, changes[name])
        person.save(update_fields=changed)
        announce(PersonChanged(person_id=person.pk), by=by, at=at)
