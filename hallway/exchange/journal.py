"""What an import changed, row by row, found by comparing the rows before and after; and the way back.

The way back touches a row only if nobody did since: a row that was edited, or that something outside the import
points at, stays and is reported.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from hallway.gathering.events.models import Event, Room
from hallway.people.models import Person
from hallway.programme.schedule.models import Release, Session, Slot, Track
from hallway.programme.talks.models import Speaking, Talk, TalkGrant

from .models import ImportedThing

Row = dict[str, Any]
Rows = dict[str, dict[int, Row]]

# Those that point at others come first: that is the order rows can go in. Coming back it is the other way round.
MODELS: tuple[type[models.Model], ...] = (
    ImportedThing, Release, Slot, Session, Speaking, TalkGrant, Talk, Track, Room, Person, Event,
)  # fmt: skip
_AT_ONCE = 400
# Sign-in details are nobody's to put back, and the passing of time is not an edit.
_LEFT_ALONE = {"people.person": ("password", "last_login")}


def take(event: Event | None) -> Rows:
    """All rows an import into this event may touch, as plain JSON. None is an event that does not exist yet."""
    if event is None:
        return {}
    talks = set(Session.objects.filter(event=event, talk__isnull=False).values_list("talk_id", flat=True))
    speakings = Speaking.objects.filter(talk__sessions__event=event).distinct()
    people = set(speakings.values_list("person_id", flat=True))
    people |= set(ImportedThing.objects.filter(event=event, kind="person").values_list("object_id", flat=True))
    rows: Rows = {}
    for model, found in (
        (ImportedThing, ImportedThing.objects.filter(event=event)),
        (Release, Release.objects.filter(event=event)),
        (Slot, Slot.objects.filter(session__event=event)),
        (Session, Session.objects.filter(event=event)),
        (Speaking, speakings),
        (TalkGrant, TalkGrant.objects.filter(event=event)),
        (Talk, _by_ids(Talk, talks)),
        (Track, Track.objects.filter(event=event)),
        (Room, Room.objects.filter(event=event)),
        (Person, _by_ids(Person, people)),
        (Event, Event.objects.filter(pk=event.pk)),
    ):
        rows[model._meta.label_lower] = _plain(model, found)
    return rows


def _by_ids(model: type[models.Model], ids: set[int]) -> Iterable[Row]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        yield from model._default_manager.filter(pk__in=wanted[start : start + _AT_ONCE]).values()


def _plain(model: type[models.Model], found: Any) -> dict[int, Row]:
    rows = found.values() if isinstance(found, models.QuerySet) else found
    left_alone = _LEFT_ALONE.get(model._meta.label_lower, ())
    made = {row["id"]: {name: value for name, value in row.items() if name not in left_alone} for row in rows}
    plain: dict[str, Row] = json.loads(json.dumps(made, cls=DjangoJSONEncoder))
    return {int(pk): row for pk, row in plain.items()}


def _mark(row: Row) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:24]


def compare(before: Rows, after: Rows) -> dict[str, Any]:
    """The journal: for each table what was made (with a mark of its values), changed (old and new) and taken out."""
    journal: dict[str, Any] = {}
    for model in MODELS:
        label = model._meta.label_lower
        old, new = before.get(label, {}), after.get(label, {})
        changed = {}
        for pk in old.keys() & new.keys():
            fields = [name for name in new[pk] if old[pk].get(name) != new[pk][name]]
            if fields:
                changed[str(pk)] = {name: [old[pk].get(name), new[pk][name]] for name in fields}
        made = {str(pk): _mark(new[pk]) for pk in new.keys() - old.keys()}
        gone = {str(pk): old[pk] for pk in old.keys() - new.keys()}
        if made or changed or gone:
            journal[label] = {"made": made, "changed": changed, "gone": gone}
    return journal


@dataclass
class Outcome:
    """What an undo did: ids that went or came back by table, and rows it had to leave, each with the reason."""

    touched: dict[str, set[int]] = field(default_factory=dict)
    kept: list[dict[str, Any]] = field(default_factory=list)

    def note(self, label: str, ids: Iterable[int]) -> None:
        self.touched.setdefault(label, set()).update(ids)


def put_back(journal: dict[str, Any], now: Rows) -> Outcome:
    """Walk the journal backwards: take out what was made, put back what was changed or gone. Inside a transaction."""
    outcome = Outcome()
    for model in reversed(MODELS):
        _bring_back(model, journal, outcome)
    for model in MODELS:
        _change_back(model, journal, now, outcome)
    for model in MODELS:
        _take_out(model, journal, now, outcome)
    return outcome


def _bring_back(model: type[models.Model], journal: dict[str, Any], outcome: Outcome) -> None:
    label = model._meta.label_lower
    gone = journal.get(label, {}).get("gone", {})
    there = set(model._default_manager.filter(pk__in=[int(pk) for pk in gone]).values_list("pk", flat=True))
    rows = [_instance(model, row) for pk, row in gone.items() if int(pk) not in there]
    model._default_manager.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)
    outcome.note(label, [row.pk for row in rows])


def _instance(model: type[models.Model], row: Row) -> models.Model:
    return model(**{name: _python(model, name, value) for name, value in row.items()})


def _python(model: type[models.Model], name: str, value: Any) -> Any:
    column = next(column for column in model._meta.concrete_fields if column.attname == name)
    return value if isinstance(column, models.JSONField) else column.to_python(value)


def _change_back(model: type[models.Model], journal: dict[str, Any], now: Rows, outcome: Outcome) -> None:
    label = model._meta.label_lower
    for pk, fields in journal.get(label, {}).get("changed", {}).items():
        row = now.get(label, {}).get(int(pk))
        if row is None:
            continue
        back = {name: _python(model, name, old) for name, (old, new) in fields.items() if row.get(name) == new}
        if back:
            model._default_manager.filter(pk=int(pk)).update(**back)
            outcome.note(label, [int(pk)])
        if kept := sorted(set(fields) - set(back)):
            outcome.kept.append({"table": label, "id": int(pk), "why": "edited", "fields": kept})


def _take_out(model: type[models.Model], journal: dict[str, Any], now: Rows, outcome: Outcome) -> None:
    label = model._meta.label_lower
    made = {int(pk): mark for pk, mark in journal.get(label, {}).get("made", {}).items()}
    present = now.get(label, {})
    edited = {pk for pk in made if pk in present and _mark(present[pk]) != made[pk] and not _excused(model)}
    outcome.kept += [{"table": label, "id": pk, "why": "edited"} for pk in sorted(edited)]
    going = {pk for pk in made if pk in present} - edited
    held = _held(model, going)
    outcome.kept += [{"table": label, "id": pk, "why": "used"} for pk in sorted(held)]
    going -= held
    ids = sorted(going)
    for start in range(0, len(ids), _AT_ONCE):
        model._default_manager.filter(pk__in=ids[start : start + _AT_ONCE]).delete()
    outcome.note(label, ids)


def _excused(model: type[models.Model]) -> bool:
    # The import's own book-keeping and what follows from other rows is nobody's work.
    return model in {ImportedThing, Release, TalkGrant}


def _held(model: type[models.Model], ids: set[int]) -> set[int]:
    """Those of the ids that some row still points at (rows of the same import have gone before)."""
    held: set[int] = set()
    wanted = sorted(ids)
    for relation in model._meta.related_objects:
        if relation.related_model is model or relation.related_model._meta.label_lower == "exchange.importrun":
            continue
        column = relation.field.attname if relation.one_to_many or relation.one_to_one else relation.field.name
        if relation.many_to_many:
            continue  # its through table is one of the relations, too
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            found = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": some})
            held |= {pk for pk in found.values_list(column, flat=True) if pk in ids}
    return held
