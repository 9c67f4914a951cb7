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
from django.db.models import ManyToOneRel, Q

from hallway.gathering.attendance.models import Admission
from hallway.gathering.events.models import Event, Room
from hallway.people.models import Person
from hallway.programme.schedule.models import Release, Session, Slot, Track
from hallway.programme.talks.models import Speaking, Talk, TalkGrant
from hallway.sharing.questions.models import Floor

from .models import ImportedThing

Row = dict[str, Any]
Rows = dict[str, dict[int, Row]]

# Those that point at others come first: that is the order rows can go in. Coming back it is the other way round.
MODELS: tuple[type[models.Model], ...] = (
    ImportedThing, Release, Slot, Session, Speaking, TalkGrant, Talk, Track, Room, Person, Event,
)  # fmt: skip
_AT_ONCE = 400
# Sign-in details are nobody's to put back, and the passing of time is not an edit. A list of people is no import's.
_LEFT_ALONE = {"people.person": ("password", "last_login"), "schedule.session": ("admission_id",)}
# What a release, a publication, a removal or the clock writes into a row is nobody's work on it.
_FOLLOWS = {
    "schedule.slot": {"public_room_id", "public_starts_at", "public_ends_at", "public_at", "sequence", "removed_at"},
    "schedule.session": {"public_at", "updated_at", "removed_at"},
    "talks.talk": {"public_at", "updated_at"},
    "people.person": {"public_at"},
    "events.event": {"state", "public_at", "first_public_at", "revision", "updated_at"},
}
_THING_LABELS = {
    "room": "events.room", "person": "people.person", "session": "schedule.session", "slot": "schedule.slot",
    "event": "events.event",
}  # fmt: skip


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


def hold(event: Event) -> None:
    """Keep people's hands off what ``take`` reads until the transaction ends: an edit comes before it, or after."""
    talks = Session.objects.filter(event=event, talk__isnull=False).values("talk_id")
    for rows in (
        Event.objects.filter(pk=event.pk),
        Session.objects.filter(event=event),
        Slot.objects.filter(session__event=event),
        Talk.objects.filter(pk__in=talks),
        Track.objects.filter(event=event),
        Room.objects.filter(event=event),
    ):
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


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


def _mark(label: str, row: Row) -> str:
    """What people may have written into a row, as a short text to compare."""
    follows = _FOLLOWS.get(label, set())
    work = {name: value for name, value in row.items() if name not in follows}
    return hashlib.sha256(json.dumps(work, sort_keys=True).encode()).hexdigest()[:24]


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
                both = {name: [old[pk].get(name), new[pk][name]] for name in fields}
                changed[str(pk)] = {"mark": _mark(label, new[pk]), "fields": both}
                if model is Slot and "removed_at" in both:
                    changed[str(pk)]["old"] = old[pk]  # the next release deletes what was taken out
        made = {str(pk): _mark(label, new[pk]) for pk in new.keys() - old.keys()}
        gone = {str(pk): old[pk] for pk in old.keys() - new.keys()}
        if made or changed or gone:
            journal[label] = {"made": made, "changed": changed, "gone": gone}
    return journal


@dataclass
class Outcome:
    """What an undo did: ids that went or came back by table, and rows it had to leave, each with the reason.

    ``why`` is "edited" (somebody changed the row since), "used" (something outside the import points at it),
    "belongs" (it is part of a session that stays) or "gone" (somebody deleted it).
    """

    touched: dict[str, set[int]] = field(default_factory=dict)
    kept: list[dict[str, Any]] = field(default_factory=list)

    def note(self, label: str, ids: Iterable[int]) -> None:
        self.touched.setdefault(label, set()).update(ids)

    def keep(self, label: str, ids: Iterable[int], why: str) -> None:
        self.kept += [{"table": label, "id": pk, "why": why} for pk in sorted(ids)]


def put_back(journal: dict[str, Any], now: Rows) -> Outcome:
    """Walk the journal backwards: take out what was made, put back what was changed or gone. Inside a transaction."""
    outcome = Outcome()
    for model in reversed(MODELS):
        _bring_back(model, journal, outcome)
    for model in MODELS:
        _change_back(model, journal, now, outcome)
    stay = _staying(journal, now, outcome)
    for model in MODELS[1:]:
        _take_out(model, journal, now, stay, outcome)
    _take_out(ImportedThing, journal, now, stay, outcome)  # the books last: they tell of what had to stay
    return outcome


def _bring_back(model: type[models.Model], journal: dict[str, Any], outcome: Outcome) -> None:
    label = model._meta.label_lower
    gone = journal.get(label, {}).get("gone", {})
    ids = sorted(int(pk) for pk in gone)
    there: set[int] = set()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        there |= set(model._default_manager.filter(pk__in=some).values_list("pk", flat=True))
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
    for pk, entry in journal.get(label, {}).get("changed", {}).items():
        row = now.get(label, {}).get(int(pk))
        if row is None:
            _make_again(model, int(pk), entry, outcome)
            continue
        if _mark(label, row) != entry["mark"] and model not in _BOOKS:
            outcome.keep(label, [int(pk)], "edited")
            continue
        back = {name: _python(model, name, old) for name, (old, new) in entry["fields"].items() if row[name] == new}
        if back:
            model._default_manager.filter(pk=int(pk)).update(**back)
            outcome.note(label, [int(pk)])


def _make_again(model: type[models.Model], pk: int, entry: dict[str, Any], outcome: Outcome) -> None:
    """A slot that the import took out and a release then deleted comes back into the draft."""
    old = entry.get("old")
    if old is None or not Session.objects.filter(pk=old["session_id"]).exists():
        outcome.keep(model._meta.label_lower, [pk], "gone")
        return
    unreleased = dict.fromkeys(_FOLLOWS["schedule.slot"]) | {"sequence": old["sequence"]}
    _instance(model, {**old, **unreleased}).save(force_insert=True)
    outcome.note(model._meta.label_lower, [pk])


# The import's own book-keeping and what follows from other rows is nobody's work.
_BOOKS = (ImportedThing, Release, TalkGrant)


def _staying(journal: dict[str, Any], now: Rows, outcome: Outcome) -> dict[str, set[int]]:
    """Rows the import made that somebody edited since, and with a session or its talk everything that makes it up."""
    edited: dict[str, set[int]] = {}
    for model in MODELS:
        label = model._meta.label_lower
        made, present = journal.get(label, {}).get("made", {}), now.get(label, {})
        if model not in _BOOKS:
            edited[label] = {int(pk) for pk, mark in made.items() if _is_edited(label, present.get(int(pk)), mark)}
            outcome.keep(label, edited[label], "edited")
    for model in (Session, Talk):  # what belongs to them goes before them: whoever is used stays whole
        label = model._meta.label_lower
        used = _used(model, journal) - edited[label]
        outcome.keep(label, used, "used")
        edited[label] |= used
    slots, sessions, speakings = (now.get(name, {}) for name in ("schedule.slot", "schedule.session", "talks.speaking"))
    talks = edited["talks.talk"] | {speakings[pk]["talk_id"] for pk in edited["talks.speaking"]}
    stay_sessions = edited["schedule.session"] | {slots[pk]["session_id"] for pk in edited["schedule.slot"]}
    stay_sessions |= {pk for pk, row in sessions.items() if row["talk_id"] in talks}
    talks |= {sessions[pk]["talk_id"] for pk in stay_sessions if sessions[pk]["talk_id"]}
    stay = {label: set(ids) for label, ids in edited.items()}
    stay["schedule.session"] |= stay_sessions
    stay["talks.talk"] |= talks
    stay["schedule.slot"] |= {pk for pk, row in slots.items() if row["session_id"] in stay_sessions}
    stay["talks.speaking"] |= {pk for pk, row in speakings.items() if row["talk_id"] in talks}
    grants = now.get("talks.talkgrant", {})
    stay["talks.talkgrant"] = {pk for pk, row in grants.items() if row["talk_id"] in talks}
    return stay


def _used(model: type[models.Model], journal: dict[str, Any]) -> set[int]:
    """Rows the import made that people added something to: one registers for them, or asked, wrote and kept there."""
    made = {int(pk) for pk in journal.get(model._meta.label_lower, {}).get("made", {})}
    used = _held(model, made, but=MODELS)
    if model is Session:  # its team works on a list of its own, whoever is registered
        for some in _parts(made):
            with_seats = Session.objects.filter(pk__in=some, admission__isnull=False)
            used |= set(with_seats.values_list("pk", flat=True))
    return used


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    wanted = sorted(ids)
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


def _is_edited(label: str, row: Row | None, mark: str) -> bool:
    return row is not None and _mark(label, row) != mark


def _take_out(
    model: type[models.Model], journal: dict[str, Any], now: Rows, stay: dict[str, set[int]], outcome: Outcome
) -> None:
    label = model._meta.label_lower
    present = now.get(label, {})
    made = {int(pk) for pk in journal.get(label, {}).get("made", {}) if int(pk) in present}
    staying = stay.get(label, set()) & made
    already = {entry["id"] for entry in outcome.kept if entry["table"] == label}
    outcome.keep(label, staying - already, "belongs")
    going = made - staying
    if model is ImportedThing:
        going = _without_kept(going, present, outcome)
    held = _held(model, going)
    outcome.keep(label, held, "used")
    ids = sorted(going - held)
    for start in range(0, len(ids), _AT_ONCE):
        model._default_manager.filter(pk__in=ids[start : start + _AT_ONCE]).delete()
    outcome.note(label, ids)


def _without_kept(things: set[int], present: dict[int, Row], outcome: Outcome) -> set[int]:
    """Without the book-keeping of rows that stay: a later import of the same file recognises them by it."""
    kept = {(entry["table"], entry["id"]) for entry in outcome.kept}
    return {pk for pk in things if (_THING_LABELS.get(present[pk]["kind"]), present[pk]["object_id"]) not in kept}


def _held(model: type[models.Model], ids: set[int], *, but: Iterable[type[models.Model]] = ()) -> set[int]:
    """Those of the ids that some row still points at (rows of the same import have gone before, or are left out)."""
    held: set[int] = set()
    relations = (field for field in model._meta.get_fields(include_hidden=True) if isinstance(field, ManyToOneRel))
    for relation in relations:
        pointing = relation.related_model
        if pointing._meta.app_label == "exchange" or pointing in but:
            continue
        for some in _parts(ids):
            found = pointing._default_manager.filter(**{f"{relation.field.name}__in": some})
            if pointing in _MADE_WITH_IT:
                found = found.filter(_MADE_WITH_IT[pointing])
            pairs = found.values_list("pk", relation.field.attname)
            held |= {to for pk, to in pairs if to in ids and not (pointing is model and pk in ids)}
    return held


# Every event has a list and every released session a floor from the beginning; only people make them somebody's.
_MADE_WITH_IT: dict[type[models.Model], Q] = {
    Admission: Q(is_event=False) | Q(registrations__isnull=False),
    Floor: Q(questions__isnull=False),
}
