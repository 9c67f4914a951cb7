"""Importing a programme: as a rehearsal that stores nothing, or for good."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.exchange import journal, policies, queries
from hallway.exchange import values as v
from hallway.exchange.facts import ProgrammeImported
from hallway.exchange.findings import Finding, found
from hallway.exchange.fitting import fitted
from hallway.exchange.models import ImportedThing, ImportRun
from hallway.exchange.programme import Programme
from hallway.gathering.communities.models import Community
from hallway.gathering.events.actions import create_event, edit_event, publish_event
from hallway.gathering.events.models import Event
from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.localised import pick
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person
from hallway.programme.schedule.actions import release_schedule

from .applying import Applying, Tally


@dataclass
class Report:
    """What an import did or would do. Findings are kept as codes and said in the reader's language later."""

    format: str
    event: str
    title: str
    url: str
    sessions: int
    slots: int
    people: int
    rooms: int
    tracks: int
    first: str
    zone: str
    made: int = 0
    changed: int = 0
    gone: int = 0
    taken_out: list[str] = field(default_factory=list)
    made_event: bool = False
    released: bool = False
    refused: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)


class _Rehearsed(Exception):  # noqa: N818 - it carries the result out of a transaction that is rolled back
    def __init__(self, run: ImportRun) -> None:
        self.run = run


def import_programme(
    *,
    programme: Programme,
    community: Community,
    by: Actor,
    at: datetime,
    into: Event | None = None,
    run: ImportRun | None = None,
    sha256: str = "",
    filename: str = "",
    rehearse: bool = False,
    publish: bool = False,
) -> ImportRun:
    """Bring a programme into an event of a community; without ``into`` the event it came to before, or a new one.

    ``rehearse`` does everything and then rolls it back: the report is exact and nothing is stored. ``publish`` opens
    a new event at once; its schedule is released either way. Changes to an event that is there wait for a release,
    unless ``publish``.
    """
    programme = fitted(programme)
    event = into
    run = run or ImportRun(community=community, filename=filename[:200], sha256=sha256, by_key=by.actor_key, at=at)
    run.by_person = by if isinstance(by, Person) else None
    try:
        with transaction.atomic(), store.bumped_last():
            # One by one: the same file twice at once would find no event yet, both times.
            Community.objects.select_for_update(no_key=True).get(pk=community.pk)
            event = into or queries.event_of(community, programme)
            require(
                policies.can_import(by, community, event),
                "exchange.cannot_import",
                _("Only organisers can import into this community. Ask one of them."),
            )
            if not programme.sessions:
                programme = _only_people(programme, event)
            if event is not None:
                Event.objects.select_for_update(no_key=True).get(pk=event.pk)
            _import(run, programme, event, by, at, publish=publish)
            if rehearse:
                raise _Rehearsed(run)
    except _Rehearsed:
        run.event, run.journal = event, {}
        run.state, run.claimed_until, run.attempts = ImportRun.State.CHECKED, None, 0
        if run.pk is not None and ImportRun.objects.filter(pk=run.pk).exists():
            run.save()
    return run


def _only_people(programme: Programme, event: Event | None) -> Programme:
    """A file that only describes people says more of those who speak at an event already; it brings nobody."""
    if not programme.people:
        raise Refusal("exchange.no_sessions", _("The file holds no sessions. Export the whole schedule and try again."))
    known = queries.known_people(event) if event else set()
    people = tuple(person for person in programme.people if person.key in known)
    if not people:
        raise Refusal(
            "exchange.only_people", _("The file holds only people. Import their sessions first, then this file again.")
        )
    left = len(programme.people) - len(people)
    refused = (found("people-without-sessions", count=left),) if left else ()
    return replace(programme, people=people, refused=(*programme.refused, *refused))


def _import(
    run: ImportRun, programme: Programme, event: Event | None, by: Actor, at: datetime, *, publish: bool
) -> None:
    _refuse_second(run)
    before = journal.take(event)
    made_event = event is None
    if event is None:
        event = _new_event(programme, run.community, by, at)
    applying = Applying(programme, event, by, at)
    tally = applying.run()
    remembered = False
    if programme.sessions:
        if not made_event:
            _update_event(event, programme, applying, by, at)
        remembered = _remember_event(event, programme)
    released = _release(event, programme, by, at) if made_event or publish else False
    if made_event and publish:
        event = publish_event(event=event, by=by, at=at)
    run.event, run.made_event, run.state = event, made_event, ImportRun.State.DONE
    run.claimed_until, run.attempts = None, 0
    run.format, run.zone = programme.source_format, programme.zone.key
    run.report = asdict(_report(programme, event, tally, made_event=made_event, released=released))
    is_changed = made_event or released or remembered or applying.known.is_changed or tally != Tally(kept=tally.kept)
    run.journal = journal.compare(before, journal.take(event)) if is_changed else {}
    run.save()
    announce(
        ProgrammeImported(
            community_id=run.community_id, event_id=event.pk, run_id=run.pk, sessions=len(programme.sessions)
        ),
        by=by,
        at=at,
    )


def _refuse_second(run: ImportRun) -> None:
    """Of two workers on one run, whose lease ran out, the second finds it done."""
    if run.pk is None:
        return
    now = ImportRun.objects.select_for_update(of=("self",)).filter(pk=run.pk).first()
    if now is None or now.state != run.state:
        raise Refusal("exchange.worked_off", _("This import has gone on since. Look at the page again."))


def _new_event(programme: Programme, community: Community, by: Actor, at: datetime) -> Event:
    read = v.of_event(programme)
    slug = programme.slug.lower()
    starts_at = datetime.fromisoformat(read["starts_at"]) if read["starts_at"] else None
    ends_at = datetime.fromisoformat(read["ends_at"]) if read["ends_at"] else None
    return create_event(
        community=community,
        title=read["title"],
        zone=read["zone"],
        starts_at=starts_at,
        ends_at=ends_at,
        slug=slug if queries.is_free_slug(slug) else None,
        description=read["description"],
        joining=read["joining"],
        day_boundary=read["day_boundary"],
        url=read["url"],
        by=by,
        at=at,
    )


def _update_event(event: Event, programme: Programme, applying: Applying, by: Actor, at: datetime) -> None:
    """What the file says anew of the event as a whole, unless it was edited here."""
    new = v.of_event(programme)
    key = queries.event_keys(programme)[0]
    if not applying.known.last("event", key):
        return
    changes = applying.merged("event", key, new, v.now_event(event), programme.title)
    for name in ("starts_at", "ends_at"):
        if changes.get(name):
            changes[name] = datetime.fromisoformat(changes[name])
    if changes:
        edit_event(event=event, changes=changes, by=by, at=at)
        applying.tally.changed += 1


def _remember_event(event: Event, programme: Programme) -> bool:
    """Note what the source calls this event, and what it said of it. Returns whether that is news."""
    read, news = v.of_event(programme), False
    for key in queries.event_keys(programme):
        thing = ImportedThing.objects.filter(event=event, kind="event", source_key=key).first()
        if thing is not None and thing.last_values == read:
            continue
        thing = thing or ImportedThing(event=event, kind="event", source_key=key)
        thing.object_id, thing.last_values, news = event.pk, read, True
        thing.save()
    return news


def _release(event: Event, programme: Programme, by: Actor, at: datetime) -> bool:
    try:
        release_schedule(event=event, version=programme.source_version[:60], by=by, at=at)
    except Refusal as refusal:
        if refusal.code != "schedule.nothing_changed":
            raise
        return False
    return True


def _report(programme: Programme, event: Event, tally: Tally, *, made_event: bool, released: bool) -> Report:
    slots = list(programme.slots())
    return Report(
        format=programme.source_format,
        event=event.slug,
        title=pick(event.title).text,
        url=f"{settings.HALLWAY_BASE_URL}/e/{event.slug}/",
        sessions=len(programme.sessions),
        slots=len(slots),
        people=len(programme.people),
        rooms=len(programme.rooms),
        tracks=len(programme.tracks),
        first=slots[0][1].starts_at.isoformat() if slots else "",
        zone=programme.zone.key,
        made=tally.made,
        changed=tally.changed,
        gone=tally.gone,
        taken_out=tally.taken_out,
        made_event=made_event,
        released=released,
        refused=[_plain(finding) for finding in programme.refused],
        warnings=[_plain(finding) for finding in programme.warnings],
        kept=tally.kept,
    )


def _plain(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "params": dict(finding.message_params), "where": finding.where}
