"""Who may do what with a person. No side effects."""

from __future__ import annotations

from collections.abc import Callable

from hallway.kit.actors import Actor, SystemPerson
from hallway.people.models import Person

CLAIM_GRANTS: list[Callable[[Person, Person], bool]] = []


def grants_claims(function: Callable[[Person, Person], bool]) -> Callable[[Person, Person], bool]:
    """Let a higher package say who else may invite somebody to take over a page.

    Registered in that package's ``receivers.py``: ``function(by, person)`` is asked with the one who invites and the
    person without an account (the schedule grants it to the team of a programme that names them).
    """
    CLAIM_GRANTS.append(function)
    return function


def can_edit_profile(by: Actor | None, person: Person) -> bool:
    """One's own; an administrator's help for everybody else."""
    return isinstance(by, Person) and person.left_at is None and (by.pk == person.pk or by.is_administrator)


def can_leave(by: Actor | None, person: Person) -> bool:
    """Everybody for themselves."""
    return isinstance(by, Person) and by.pk == person.pk and person.left_at is None


def can_merge_persons(by: Actor | None) -> bool:
    """Administrators; a claim that was accepted merges as Hallway itself."""
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and by.is_administrator)


def can_invite_to_claim(by: Actor | None, person: Person) -> bool:
    """Administrators, and whom higher packages grant it (see :func:`grants_claims`)."""
    if not isinstance(by, Person):
        return False
    return by.is_administrator or any(grant(by, person) for grant in CLAIM_GRANTS)


def can_look_after_instance(by: Actor | None) -> bool:
    """Administrators, and Hallway itself at its first start."""
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and by.is_active and by.is_administrator)


def can_block(by: Actor | None) -> bool:
    """Everybody who signed in, for themselves."""
    return isinstance(by, Person) and by.pk is not None and by.left_at is None and by.merged_into_id is None


def can_hide_page(by: Actor | None) -> bool:
    """Administrators: a person's page belongs to no community."""
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and by.is_administrator)
