"""Reads of talks used more than once."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from hallway.gathering.communities.queries import present_roles
from hallway.kit import uploads
from hallway.kit.export import Part
from hallway.kit.localised import pick
from hallway.kit.prepared import Prepared
from hallway.people.models import Person

from .models import Material, Speaking, Talk
from .tokens import MATERIALS, id_in, is_true


def visible_to(person: Person | None) -> QuerySet[Talk]:
    """Talks the reader may open: public ones, their own, those they wrote down or their team may correct."""
    allowed = Q(public_at__isnull=False, hidden_at=None)
    if person is not None:
        if person.is_administrator:
            return Talk.objects.all()
        mine = present_roles().filter(person=person, role__in=["organiser", "editor"]).values("community_id")
        allowed |= (
            Q(pk__in=person.speakings.values("talk_id"))
            | Q(written_by=person.actor_key)
            | Q(grants__event__community_id__in=mine)
        )
        return Talk.objects.filter(pk__in=Talk.objects.filter(allowed).values("pk"))
    return Talk.objects.filter(allowed)


def names_of(ids: set[int]) -> dict[int, str]:
    """Titles by id, for the trail."""
    return {pk: pick(title).text for pk, title in Talk.objects.filter(pk__in=ids).values_list("pk", "title")}


_materials = Prepared(lambda talk: Material.objects.filter(talk_id=talk, hidden_at=None).order_by("created_at", "pk"))


def materials_of(talk: Talk | None, event_id: int | None = None) -> list[Material]:
    """What belongs to a talk, oldest first: without an ``event_id`` all of it, with one what is for that occasion.

    Not what an administrator hid: those who may change it find it among ``talk.materials``.
    """
    rows = _materials(talk.pk) if talk is not None else []
    return [row for row in rows if event_id is None or row.event_id in {None, event_id}]


def has_slides(talk: Talk, event_id: int) -> bool:
    """Whether its slides are there, for this occasion or for all; an import may have brought them as a link."""
    return are_slides_among(talk, materials_of(talk, event_id))


def are_slides_among(talk: Talk | None, rows: list[Material]) -> bool:
    """The same for materials that were read already."""
    links = talk.links if talk is not None else []
    return any(row.kind == Material.Kind.SLIDES for row in rows) or any(_says_slides(link) for link in links)


def _says_slides(link: Any) -> bool:
    words = f"{link.get('type', '')} {link.get('title', '')}".casefold() if isinstance(link, dict) else ""
    return any(word in words for word in ("slide", "diapo", "deck"))


def speaking_by_link(token: str) -> Speaking | None:
    """Whom a mailed link to the materials of a talk is for, while they speak in it and have not left."""
    rows = Speaking.objects.select_related("talk", "person").filter(pk=id_in(token), person__left_at=None)
    found = rows.first()
    return found if found is not None and is_true(MATERIALS, token, found.pk, found.nonce) else None


def own_data(person: Person) -> Part:
    """For the export: the talks a person speaks in or wrote down, whole, with who speaks and what belongs to them."""
    mine = Talk.objects.filter(Q(pk__in=person.speakings.values("talk_id")) | Q(written_by=person.actor_key))
    columns = (
        "guid", "title", "subtitle", "abstract", "description", "languages", "level", "tags", "links", "public_at",
        "withdrawn_at", "created_at", "updated_at",
    )  # fmt: skip
    files: dict[str, bytes] = {}
    told = [
        {
            **{name: getattr(talk, name) for name in columns},
            "topics": [topic.slug for topic in talk.topics.all()],
            "speakers": [speaking.person.name for speaking in talk.speakings.all()],
            "materials": [_told(material, files) for material in talk.materials.all()],
        }
        for talk in mine.prefetch_related("topics", "speakings__person", "materials").order_by("created_at", "pk")
    ]
    return Part(told, files)


def _told(material: Material, files: dict[str, bytes]) -> dict[str, Any]:
    """A material for the export; its file goes beside it under a name of its own."""
    row = {name: getattr(material, name) for name in ("kind", "title", "address", "created_at")}
    if material.file and (content := uploads.read_file(material.file)) is not None:
        row["file"] = f"materials/{material.pk}-{material.filename}"
        files[row["file"]] = content
    return row
