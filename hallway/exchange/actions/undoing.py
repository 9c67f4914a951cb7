"""Undoing an import: its rows are as they were, except those that people worked on since."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.exchange import journal, policies
from hallway.exchange.facts import ImportUndone
from hallway.exchange.models import ImportRun
from hallway.gathering.events.models import Event, Room
from hallway.kit import store
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.localised import pick
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person
from hallway.programme.schedule.actions import settle_seats
from hallway.programme.schedule.models import Session, Track
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks.models import Talk

MOST_NAMES = 200


def undo_import(*, run: ImportRun, by: Actor, at: datetime) -> journal.Outcome:
    """Put everything back that this import changed. The newest import of an event goes first.

    Rows that were edited or used since stay; they are in the outcome and in the run's report.
    """
    require(
        policies.can_undo(by, run),
        "exchange.cannot_undo",
        _("Only organisers can undo an import. Ask one of them."),
    )
    with transaction.atomic(), store.bumped_last():
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("event").get(pk=run.pk)
        if run.state != ImportRun.State.DONE:
            raise Refusal("exchange.not_done", _("There is nothing to undo: this import was not stored."))
        event = run.event
        if event is None:
            raise Refusal("exchange.event_gone", _("The event of this import is gone, so there is nothing to undo."))
        newer = ImportRun.objects.filter(event=event, state=ImportRun.State.DONE, pk__gt=run.pk).exclude(journal={})
        if newer.exists():
            raise Refusal("exchange.newer_first", _("Another import came after this one. Undo that one first."))
        event_id = event.pk
        journal.hold(event)
        outcome = journal.put_back(run.journal, journal.take(event))
        settle_seats(sessions=Session.objects.filter(event=event_id), by=SystemPerson("importer"), at=at)
        run.state, run.undone_at = ImportRun.State.UNDONE, at
        run.report = {**run.report, "left": outcome.kept, "left_names": _names(outcome)}
        run.save(update_fields=["state", "undone_at", "report"])
        announce(
            ImportUndone(
                community_id=run.community_id,
                event_id=event_id,
                run_id=run.pk,
                filename=run.filename,
                talk_ids=sorted(outcome.touched.get("talks.talk", ())),
                person_ids=sorted(outcome.touched.get("people.person", ())),
            ),
            by=by,
            at=at,
        )
    return outcome


def _names(outcome: journal.Outcome) -> list[str]:
    """What had to stay, as people call it, each once: sessions, people, rooms, tracks and the event."""
    ids: dict[str, set[int]] = {}
    for entry in outcome.kept:
        ids.setdefault(entry["table"], set()).add(entry["id"])
    sessions = Session.objects.filter(pk__in=ids.get("schedule.session", ())).select_related("talk")
    names = [pick(title_of(session)).text for session in sessions]
    talks = Talk.objects.filter(pk__in=ids.get("talks.talk", ()), sessions=None)
    names += [pick(talk.title).text for talk in talks]
    for label, model in (("people.person", Person), ("events.room", Room), ("schedule.track", Track)):
        names += [row.name for row in model._default_manager.filter(pk__in=ids.get(label, ()))]
    events = Event.objects.filter(pk__in=ids.get("events.event", ()))
    return list(dict.fromkeys([*names, *(pick(event.title).text for event in events)]))[:MOST_NAMES]
