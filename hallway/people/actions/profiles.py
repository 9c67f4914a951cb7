"""What a person says about themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import uploads
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import RESERVED, is_well_formed, one_at_a_time, remember_slug

from .. import policies
from ..facts import PageHidden, PersonChanged
from ..models import Person
from ..naming import free_slug, is_provisional, slug_taken

CHANGEABLE = frozenset(
    {
        "name", "pronouns", "tagline", "places", "zone", "languages", "biography", "links", "page_language", "slug",
        "public",
    }
)  # fmt: skip


def change_profile(*, person: Person, changes: dict[str, Any], by: Person, at: datetime) -> Person:
    """Change parts of a profile, by field name; ``public`` is a bool. The same values again change nothing.

    The first name gives the page its address; a changed ``slug`` leaves a redirect behind. Raises
    :class:`Refusal` with ``field="slug"`` when the address is taken or malformed.
    """
    _require_editor(by, person)
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise ValueError(f"not part of a profile: {sorted(unknown)}")
    with transaction.atomic():
        if "slug" in changes or is_provisional(person.slug):
            one_at_a_time("person")  # before the row, as everywhere
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        wanted = _columns(person, changes, at)
        different = {name: value for name, value in wanted.items() if getattr(person, name) != value}
        if not different:
            return person
        if "slug" in different and not is_provisional(person.slug):
            remember_slug("person", person.slug, person.pk)
        for name, value in different.items():
            setattr(person, name, value)
        person.save(update_fields=list(different))
        announce(PersonChanged(person_id=person.pk), by=by, at=at)
    return person


def _columns(person: Person, changes: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The values of the person's columns after the changes."""
    wanted = dict(changes)
    if "public" in wanted:
        public = wanted.pop("public")
        if public and person.hidden_at is not None:
            raise Refusal(
                "person.page_hidden",
                _("An administrator hid your page. The mail about it says why, and how to have it looked at again."),
                field="public",
            )
        wanted["public_at"] = (person.public_at or at) if public else None
    if "name" in wanted and not wanted["name"]:
        raise Refusal("person.name_missing", _("Write the name people should know you by."), field="name")
    slug = wanted.get("slug")
    if not slug:
        wanted.pop("slug", None)
        if is_provisional(person.slug) and wanted.get("name"):
            wanted["slug"] = free_slug(wanted["name"], but=person.pk)
    elif slug != person.slug:
        _require_free(slug, person)
    return wanted


def _require_free(slug: str, person: Person) -> None:
    if not is_well_formed(slug) or slug in RESERVED or is_provisional(slug):
        raise Refusal(
            "person.slug_malformed",
            _("Use 4 to 60 lower-case letters without accents, figures, hyphens or underscores."),
            field="slug",
        )
    if slug_taken(slug, but=person.pk):
        raise Refusal("person.slug_taken", _("Somebody else has this address. Choose another one."), field="slug")


def change_picture(*, person: Person, upload: File[bytes], by: Person, at: datetime) -> Person:
    """Show a picture: a 512-pixel square without any metadata. The one before is deleted.

    Raises :class:`Refusal` with ``field="picture"`` for anything that is not a picture we can hold.
    """
    _require_editor(by, person)
    name = uploads.keep_file("people", uploads.picture_from(upload), owner=person.actor_key)
    return _show_picture(person, name, by=by, at=at)


def remove_picture(*, person: Person, by: Person, at: datetime) -> Person:
    """Show initials again."""
    _require_editor(by, person)
    return _show_picture(person, "", by=by, at=at)


def _show_picture(person: Person, name: str, *, by: Person, at: datetime) -> Person:
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        before = person.picture
        if before == name:
            return person
        person.picture = name
        person.save(update_fields=["picture"])
        announce(PersonChanged(person_id=person.pk), by=by, at=at)
        transaction.on_commit(lambda: uploads.remove_file(before))
    return person


def _require_editor(by: Person, person: Person) -> None:
    require(
        policies.can_edit_profile(by, person),
        "person.not_yours",
        _("Only this person can change their profile. Tell them what you would like to see there."),
    )


def hide_page(*, person: Person, by: Actor, at: datetime) -> None:
    """Take a person's page from the public until it is given back. Programmes name them as before. Twice is once."""
    _set_hidden(person, hidden=True, by=by, at=at)


def give_page_back(*, person: Person, by: Actor, at: datetime) -> None:
    """Let everybody read a page again that was hidden. Twice is once."""
    _set_hidden(person, hidden=False, by=by, at=at)


def _set_hidden(person: Person, *, hidden: bool, by: Actor, at: datetime) -> None:
    sentence = _("Only administrators can hide a person’s page. Report it to them.")
    require(policies.can_hide_page(by), "person.cannot_hide", sentence)
    with transaction.atomic():
        row = held(person, "people.gone")
        if (row.hidden_at is not None) == hidden or row.left_at is not None or row.merged_into_id is not None:
            return
        row.hidden_at, row.public_at = (at, None) if hidden else (None, at)
        row.save(update_fields=["hidden_at", "public_at"])
        announce(PageHidden(person_id=row.pk, hidden=hidden), by=by, at=at)
