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
    sentence = gettext_noop("%(by)s added people (%(count)s)")
    person_ids: list[int]
    count: int


@dataclass(frozen=True)
class PersonsPublished(Fact):
    """The pages of these persons are public from now on, since a public programme names them."""

    kind = "people.persons_published"
    sentence = gettext_noop("Speakers’ pages became public (%(count)s)")
    person_ids: list[int]
    count: int


@dataclass(frozen=True)
class AccountOpened(Fact):
    """Somebody asked to sign in with an address nobody had. Nothing is known of them yet, so no trail shows it."""

    kind = "people.account_opened"
    sentence = ""
    person_id: int

    def scopes(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class PersonMet(Fact):
    """Somebody without an account used a mailed link and said their name."""

    kind = "people.person_met"
    sentence = gettext_noop("%(person)s used a mailed link, without an account")
    person_id: int


@dataclass(frozen=True)
class PersonArrived(Fact):
    """A person signed in for the first time."""

    kind = "people.person_arrived"
    sentence = gettext_noop("%(person)s signed in for the first time")
    person_id: int


@dataclass(frozen=True)
class AdministratorAppointed(Fact):
    """A person may look after the whole instance."""

    kind = "people.administrator_appointed"
    sentence = gettext_noop("%(person)s became an administrator")
    person_id: int

    def scopes(self) -> Iterable[str]:
        return ("instance", f"person:{self.person_id}")


@dataclass(frozen=True)
class AdministratorDismissed(Fact):
    """A person no longer looks after the instance."""

    kind = "people.administrator_dismissed"
    sentence = gettext_noop("%(person)s is no longer an administrator")
    person_id: int

    def scopes(self) -> Iterable[str]:
        return ("instance", f"person:{self.person_id}")


@dataclass(frozen=True)
class ClaimInvited(Fact):
    """Somebody was invited to take over the page of a person without an account."""

    kind = "people.claim_invited"
    sentence = gettext_noop("%(by)s invited %(person)s to take over their page")
    person_id: int


@dataclass(frozen=True)
class ClaimAccepted(Fact):
    """The page of a person without an account has an owner now."""

    kind = "people.claim_accepted"
    sentence = gettext_noop("%(by)s took over their page")
    person_id: int


@dataclass(frozen=True)
class LoginsEnded(Fact):
    """One or more devices were signed out from another one."""

    kind = "people.logins_ended"
    sentence = gettext_noop("%(by)s signed out devices (%(devices)s)")
    person_id: int
    devices: int


class _OnlyForTheOneWhoBlocks:
    person_id: int

    def scopes(self) -> Iterable[str]:
        """The one who is blocked learns nothing, and neither does anybody who looks after them."""
        return (f"person:{self.person_id}",)


@dataclass(frozen=True)
class PersonBlocked(_OnlyForTheOneWhoBlocks, Fact):
    """``person_id`` and ``blocked_id`` do not meet here any more. Only the trail of the one who blocked shows it."""

    kind = "people.person_blocked"
    sentence = gettext_noop("%(by)s blocked somebody")
    person_id: int
    blocked_id: int


@dataclass(frozen=True)
class PersonUnblocked(_OnlyForTheOneWhoBlocks, Fact):
    """``person_id`` took a block back. Only their own trail shows it."""

    kind = "people.person_unblocked"
    sentence = gettext_noop("%(by)s took a block back")
    person_id: int
    blocked_id: int


@dataclass(frozen=True)
class PageHidden(Fact):
    """An administrator took a person's page from the public, or gave it back."""

    kind = "people.page_hidden"
    sentence = gettext_noop("%(by)s changed whether the page of %(person)s is hidden")
    person_id: int
    hidden: bool

    def scopes(self) -> Iterable[str]:
        return ("instance", f"person:{self.person_id}")
