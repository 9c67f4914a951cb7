"""What belongs to a talk: its slides, recording, code, and links.

A file is written before its row and taken away after the row is gone: a killed process leaves a file nobody names,
never a row without its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit import uploads
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.kit.text import clean
from hallway.programme.talks import policies
from hallway.programme.talks.facts import MaterialAdded, MaterialChanged, MaterialHidden, MaterialRemoved, NoSlidesSaid
from hallway.programme.talks.models import Material, Talk

MOST = 20  # of a talk
MOST_A_DAY = 60
LONGEST_TITLE = 120
LONGEST_ADDRESS = 500
FOLDER = "materials"
_NOT_YOURS = _("Only its speakers and the programme’s team can change what belongs to this talk. Ask them to.")
_is_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class NewMaterial:
    """What somebody wants to add: an address or a file, never both."""

    kind: str
    title: str = ""
    address: str = ""
    document: uploads.Document | None = None
    filename: str = ""


def add_material(*, talk: Talk, new: NewMaterial, event: Event | None = None, by: Actor, at: datetime) -> Material:
    """Add slides, a recording, code or a link; ``event`` is for what belongs to one occasion only.

    Refused when there is neither an address nor a file, or both, and beyond twenty for a talk.
    """
    require(policies.can_change_materials(by, talk), "talk.cannot_change_materials", _NOT_YOURS)
    kind, title, address = _kind(new.kind), _title(new.title), _address(new.address)
    if bool(address) == (new.document is not None):
        raise Refusal("material.one_thing", _("Give an address or choose a file: one of the two."), field="address")
    require_pace(MaterialAdded, most=MOST_A_DAY, by=by, at=at)
    stored = ""
    if new.document is not None:
        stored = uploads.keep_file(FOLDER, new.document, owner=f"talk:{talk.pk}:{uuid4()}")
    try:
        with transaction.atomic():
            talk = held(talk, "talk.gone")
            if talk.withdrawn_at is not None:
                raise Refusal("talk.withdrawn", _("This talk was withdrawn, and what belonged to it with it."))
            if talk.materials.count() >= MOST:
                raise Refusal("material.enough", _("A talk can have twenty of these. Take one away first."))
            material = Material.objects.create(
                talk=talk, event=event, kind=kind, title=title, address=address, file=stored,
                filename=_filename(new, talk), size=len(new.document.content) if new.document else 0,
                added_by=by.actor_key, created_at=at, updated_at=at,
            )  # fmt: skip
            if kind == Material.Kind.SLIDES:
                Talk.objects.filter(pk=talk.pk).update(no_slides_at=None)
            announce(MaterialAdded(talk_id=talk.pk, material_id=material.pk, what=kind), by=by, at=at)
    except BaseException:
        uploads.remove_file(stored)
        raise
    return material


def change_material(
    *, material: Material, kind: str, title: str, address: str, event: Event | None, by: Actor, at: datetime
) -> None:
    """Change what it is, what it is called, where it leads, and for which occasion. A file stays the file it is."""
    require(policies.can_change_materials(by, material.talk), "talk.cannot_change_materials", _NOT_YOURS)
    new = {
        "kind": _kind(kind),
        "title": _title(title),
        "address": "" if material.file else _address(address),
        "event_id": event.pk if event else None,
    }
    if not material.file and not new["address"]:
        raise Refusal("material.no_address", _("Give the address this leads to."), field="address")
    with transaction.atomic():
        now = held(material, "material.gone")
        changed = [name for name, value in new.items() if getattr(now, name) != value]
        if not changed:
            return
        Material.objects.filter(pk=now.pk).update(**new, updated_at=at)
        announce(MaterialChanged(talk_id=now.talk_id, material_id=now.pk), by=by, at=at)


def remove_material(*, material: Material, by: Actor, at: datetime) -> None:
    """Take something away, its file with it. Doing it twice does nothing."""
    require(policies.can_change_materials(by, material.talk), "talk.cannot_change_materials", _NOT_YOURS)
    with transaction.atomic():
        gone, _rows = Material.objects.filter(pk=material.pk).delete()
        if gone:
            transaction.on_commit(lambda: uploads.remove_file(material.file))
            announce(MaterialRemoved(talk_id=material.talk_id, material_id=material.pk), by=by, at=at)


def hide_material(*, material: Material, by: Actor, at: datetime) -> None:
    """An administrator takes something from the pages of a talk; its speakers still see that it is there."""
    _set_hidden(material, hidden=True, by=by, at=at)


def show_material(*, material: Material, by: Actor, at: datetime) -> None:
    """An administrator puts it back. Twice is once."""
    _set_hidden(material, hidden=False, by=by, at=at)


def _set_hidden(material: Material, *, hidden: bool, by: Actor, at: datetime) -> None:
    sentence = _("Only administrators can hide what belongs to a talk. Report it to them.")
    require(policies.can_hide_talk(by), "material.cannot_hide", sentence)
    with transaction.atomic():
        row = held(material, "material.gone")
        if (row.hidden_at is not None) == hidden:
            return
        row.hidden_at = at if hidden else None
        row.save(update_fields=["hidden_at"])
        announce(MaterialHidden(talk_id=row.talk_id, material_id=row.pk, hidden=hidden), by=by, at=at)


def say_no_slides(*, talk: Talk, by: Actor, at: datetime) -> None:
    """There are no slides and there will be none: nobody is reminded any more. Slides added later take it back."""
    require(policies.can_change_materials(by, talk), "talk.cannot_change_materials", _NOT_YOURS)
    with transaction.atomic():
        if held(talk, "talk.gone").no_slides_at is not None:
            return
        Talk.objects.filter(pk=talk.pk).update(no_slides_at=at)
        announce(NoSlidesSaid(talk_id=talk.pk), by=by, at=at)


def _kind(kind: str) -> str:
    if kind not in Material.Kind.values:
        raise Refusal("material.kind", _("Choose what this is: slides, a recording, code, or a link."), field="kind")
    return kind


def _title(title: str) -> str:
    try:
        return clean(title, limit=LONGEST_TITLE, one_line=True)
    except ValidationError as error:
        raise Refusal("material.title", error.messages[0], field="title") from error


def _address(address: str) -> str:
    address = address.strip()
    if not address:
        return ""
    try:
        _is_web_address(address)
    except ValidationError as error:
        sentence = _("Give a whole web address, such as https://example.org/slides.pdf.")
        raise Refusal("material.address", sentence, field="address") from error
    if len(address) > LONGEST_ADDRESS:
        raise Refusal("material.address", _("This address is too long: 500 characters at most."), field="address")
    return address


def _filename(new: NewMaterial, talk: Talk) -> str:
    """What the file is called when somebody takes it: as it came, without a path or anything unseen."""
    if new.document is None:
        return ""
    last = clean(new.filename.replace("\\", "/").rpartition("/")[2], limit=len(new.filename) + 1, one_line=True)
    stem = last.rpartition(".")[0].strip(". ")[:80] or f"talk-{talk.pk}"
    return f"{stem}.{new.document.ending}"
