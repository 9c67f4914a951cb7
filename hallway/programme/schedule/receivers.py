"""What schedules do when something happened: old pages, trails, lists of workshops, leaving people."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.facts import RoomEdited, RoomRemoved
from hallway.gathering.events.queries import pages_of
from hallway.kit import export, store, trail
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import inside
from hallway.kit.localised import in_one_language, pick
from hallway.kit.models import FactRow, FactScope
from hallway.kit.reportable import Place, Reportable, reportable
from hallway.people.facts import PersonChanged, PersonLeft, PersonsMerged
from hallway.people.policies import grants_claims
from hallway.programme.talks.actions import hide_material, hide_talk, show_material, show_talk
from hallway.programme.talks.facts import MaterialAdded, SpeakersSet, TalkChanged, TalkHidden, TalkWithdrawn
from hallway.programme.talks.models import Material, Speaking, Talk
from hallway.programme.talks.policies import can_view_talk

from .actions import hide_session, settle_seats, show_session
from .facts import (
    ScheduleReleased,
    SessionChanged,
    SessionHidden,
    SessionRemoved,
    SessionsDeleted,
    SlidesAsked,
    TrackChanged,
    TrackRemoved,
)
from .models import Release, Session, SlidesReminder, SlidesRequest
from .policies import can_invite_speaker, can_view_session
from .queries import own_data, session_names, text_of, text_of_talk, title_of, track_names
from .queries.slides import waiting_for

SCHEDULE = SystemPerson("schedule")

trail.name_of("session", session_names)
trail.name_of("track", track_names)
grants_claims(can_invite_speaker)
export.contributes("programme", own_data)
reportable(
    Reportable(
        kind="session",
        label=_("Session"),
        find=lambda pk: Session.objects.select_related("event__community", "talk").filter(pk=pk).first(),
        can_view=can_view_session,
        title=lambda session: pick(title_of(session)).text,
        text=text_of,
        excerpt=lambda session: text_of(session, in_one_language),
        address=lambda session: reverse("session", args=[session.event.slug, session.pk, session.slug]),
        authors=lambda session: list(session.talk.speakers.filter(left_at=None)) if session.talk else [],
        place=lambda session: Place(event_id=session.event_id),
        hide=lambda session, *, reason, by, at: hide_session(session=session, by=by, at=at),
        show=lambda session, *, by, at: show_session(session=session, by=by, at=at),
    )
)
reportable(
    Reportable(
        kind="talk",
        label=_("Talk"),
        find=lambda pk: Talk.objects.filter(pk=pk).first(),
        can_view=can_view_talk,
        title=lambda talk: pick(talk.title).text,
        text=text_of_talk,
        excerpt=lambda talk: text_of_talk(talk, in_one_language),
        address=lambda talk: reverse("talk", args=[talk.pk]),
        authors=lambda talk: list(talk.speakers.filter(left_at=None)),
        # Given here and there, it is no single team's to judge.
        place=lambda talk: Place(),
        hide=lambda talk, *, reason, by, at: hide_talk(talk=talk, by=by, at=at),
        show=lambda talk, *, by, at: show_talk(talk=talk, by=by, at=at),
    )
)
reportable(
    Reportable(
        kind="material",
        label=_("slides, code or link of a talk"),
        find=lambda pk: Material.objects.select_related("talk").filter(pk=pk).first(),
        can_view=lambda reader, material: material.hidden_at is None and can_view_talk(reader, material.talk),
        title=lambda material: f"{pick(material.talk.title).text}: {material.title or material.get_kind_display()}",
        text=lambda material: "\n".join(filter(None, (material.title, material.address, material.filename))),
        address=lambda material: reverse("talk", args=[material.talk_id]),
        authors=lambda material: list(material.talk.speakers.filter(left_at=None)),
        place=lambda material: Place(),
        hide=lambda material, *, reason, by, at: hide_material(material=material, by=by, at=at),
        show=lambda material, *, by, at: show_material(material=material, by=by, at=at),
    )
)


@inside(ScheduleReleased, SessionsDeleted)
def public_schedule_is_old(fact: Any, row: FactRow) -> None:
    """Everything that shows places, times and numbers: the event, its communities, talks and people, the lists."""
    sessions = Session.objects.filter(pk__in=fact.session_ids, talk__isnull=False)
    talks = list(sessions.values_list("talk_id", flat=True))
    people = Speaking.objects.filter(talk__in=sessions.values("talk_id")).values_list("person_id", flat=True)
    tags = {f"talk:{pk}" for pk in talks} | {f"person:{pk}" for pk in people}
    store.bump("events", "talks", "home", *pages_of([fact.event_id]), *tags)


@inside(SessionChanged, SessionHidden)
def session_page_is_old(fact: Any, row: FactRow) -> None:
    """Its event's pages show it, and its talk's and speakers' pages name it."""
    session = Session.objects.filter(pk=fact.session_id).first()
    talk = session.talk_id if session else None
    people = Speaking.objects.filter(talk_id=talk).values_list("person_id", flat=True) if talk else []
    tags = [f"talk:{talk}", "talks"] if talk else []
    store.bump(*pages_of([fact.event_id]), *tags, *(f"person:{pk}" for pk in people))


@inside(TrackChanged, TrackRemoved)
def tracks_are_old(fact: Any, row: FactRow) -> None:
    """Every page of the event shows names and colours of tracks. A new track shows nowhere yet."""
    store.bump(f"event:{fact.event_id}")


@inside(TalkChanged, TalkWithdrawn, TalkHidden, SpeakersSet)
def events_of_the_talk_are_old(fact: Any, row: FactRow) -> None:
    """The programmes that hold the talk show its title and speakers; their teams read of it in the trail."""
    events = sorted(set(Session.objects.filter(talk_id=fact.talk_id).values_list("event_id", flat=True)))
    FactScope.objects.bulk_create(FactScope(fact=row, key=f"event:{pk}") for pk in events)
    store.bump(*pages_of(events))


@inside(ScheduleReleased, RoomEdited, RoomRemoved)
def lists_follow_the_programme(fact: Any, row: FactRow) -> None:
    """The lists of workshops say what the release says, and what its rooms are called."""
    settle_seats(sessions=Session.objects.filter(event=fact.event_id), by=SCHEDULE, at=row.at)


@inside(SessionChanged, TalkChanged)
def lists_follow_the_title(fact: Any, row: FactRow) -> None:
    """Texts of a public session are public at once."""
    which = {"pk": fact.session_id} if isinstance(fact, SessionChanged) else {"talk": fact.talk_id}
    settle_seats(sessions=Session.objects.filter(**which, public_at__isnull=False), by=SCHEDULE, at=row.at)


@inside(SessionRemoved)
def list_of_a_draft_goes(fact: SessionRemoved, row: FactRow) -> None:
    """A session nobody reads is gone at once, and its list with it; a public one keeps its list until the release."""
    drafts = Session.objects.filter(pk=fact.session_id, public_at=None)
    settle_seats(sessions=drafts, gone=True, by=SCHEDULE, at=row.at)


@inside(SlidesAsked)
def page_with_the_count_is_old(fact: SlidesAsked, row: FactRow) -> None:
    """The session's page says how many would like the slides."""
    store.bump(f"slides:{fact.session_id}")


@inside(MaterialAdded)
def those_who_waited_are_told(fact: MaterialAdded, row: FactRow) -> None:
    """Slides have arrived: whoever asked for them is due."""
    if fact.what == Material.Kind.SLIDES:
        waiting_for(fact.talk_id).update(due_at=row.at)


@inside(PersonLeft)
def releases_forget_who_left(fact: PersonLeft, row: FactRow) -> None:
    """Nobody is named as having released a version, or waits for slides; that somebody asked still counts.

    Talks tell of the name they lost themselves.
    """
    Release.objects.filter(released_by_id=fact.person_id).update(released_by=None)
    SlidesRequest.objects.filter(person_id=fact.person_id, told_at=None).update(told_at=row.at)
    for request in SlidesRequest.objects.filter(person_id=fact.person_id):
        SlidesRequest.objects.filter(pk=request.pk).update(person=None, asker=f"gone:{request.pk}")
    SlidesReminder.objects.filter(person_id=fact.person_id).delete()


@inside(PersonsMerged)
def releases_follow_the_person(fact: PersonsMerged, row: FactRow) -> None:
    """Versions released by the entry that is gone were the other's."""
    Release.objects.filter(released_by_id=fact.gone_id).update(released_by_id=fact.person_id)
    asked, gone = SlidesRequest.objects.filter(person_id=fact.person_id), f"person:{fact.gone_id}"
    twice = SlidesRequest.objects.filter(person_id=fact.gone_id, session__in=asked.values("session_id"))
    SlidesRequest.objects.filter(pk__in=list(twice.values_list("pk", flat=True))).delete()
    SlidesRequest.objects.filter(asker=gone).update(person_id=fact.person_id, asker=f"person:{fact.person_id}")
    for one in SlidesReminder.objects.filter(person_id=fact.gone_id):
        mine = SlidesReminder.objects.filter(talk=one.talk_id, event=one.event_id, days=one.days)
        if not mine.filter(person_id=fact.person_id).exists():
            mine.filter(pk=one.pk).update(person_id=fact.person_id)
    SlidesReminder.objects.filter(person_id=fact.gone_id).delete()


@inside(PersonChanged)
def names_on_programmes_are_old(fact: PersonChanged, row: FactRow) -> None:
    """A name or a picture shows on every programme the person speaks in."""
    events = Session.objects.filter(talk__speakings__person_id=fact.person_id).values_list("event_id", flat=True)
    store.bump(*pages_of(events))
