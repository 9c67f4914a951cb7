"""What happened to people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class PersonLeft(Fact):
    """A person took themselves out. Each package erases their texts, inside."""

    kind = "people.person_left"
    sentence = gettext_noop("Somebody left")
    person_id: int

    def scopes(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class PersonsMerged(Fact):
    """Two persons turned out to be one. Each package moves what pointed at ``gone_id`` to ``person_id``, inside."""

    kind = "people.persons_merged"
    sentence = gettext_noop("%(by)s merged two entries of one person")
    person_id: int
    gone_id: int


@dataclass(frozen=True)
class PersonChanged(Fact):
    """Name, picture or another public part of a profile changed."""

    kind = "people.person_changed"
    sentence = gettext_noop("%(by)s changed the profile of %(person)s")
    person_id: int


@dataclass(frozen=True)
class PersonsAdded(Fact):
    """Persons without an account were written down, as speakers known by name only."""

    kind = "people.persons_added"
    sentence = gettext_noop("%(by)s wrote down %(count)s people")
    person_ids: list[int]
    count: int


@dataclass(frozen=True)
class PersonsPublished(Fact):
    """The pages of these persons are public from now on, since a public programme names them."""

    kind = "people.persons_published"
    sentence = gettext_noop("%(count)s speakers' pages became public")
    person_ids: list[int]
    count: int
