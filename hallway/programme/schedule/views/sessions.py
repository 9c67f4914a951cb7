"""The page of one session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.gathering.attendance.entrance import entrance_of, next_turn
from hallway.gathering.events import preview
from hallway.kit import access, clock, store
from hallway.kit.localised import pick
from hallway.kit.templatetags.hallway import say_when
from hallway.kit.text import plain
from hallway.people.models import Person
from hallway.programme.schedule import queries
from hallway.programme.schedule.filters import language_name
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries.reading import people_and_topics, places_around, public_event, public_session
from hallway.programme.schedule.queries.slides import can_have_slides, count_asked
from hallway.programme.schedule.structured import session_data
from hallway.programme.talks.models import Material
from hallway.programme.talks.policies import can_change_materials
from hallway.programme.talks.queries import are_slides_among, materials_of

from .loading import Moved, event_for, frame_of, reader_of

MOST_ALSO = 4


@dataclass(frozen=True)
class Place:
    """A released slot, of this session or near it, as the page says it; ``state`` is before, now or over."""

    session_id: int
    event_id: int
    address: str
    title: str
    event_title: str
    room: str
    starts: datetime
    ends: datetime
    state: str
    minutes_left: int


@access.public
def session(request: HttpRequest, slug: str, pk: int, words: str = "") -> HttpResponse:
    """A released session: who, what, where, when, and what belongs to it."""
    found = _session_for(reader_of(request), slug, pk)
    if found is None:
        return _moved(request, slug, pk)
    if words and words != found.slug:
        return redirect("session", slug, pk, found.slug, permanent=True)
    now, own_seats = clock.now(), queries.own_seats(found, reader_of(request))
    places = [_place(row, now) for row in places_around(found)]
    own = [place for place in places if place.session_id == found.pk]
    speakers, topics = people_and_topics(found.talk) if found.talk else ([], [])
    summary = plain(pick(queries.abstract_of(found)).text, limit=500)
    context = {
        **frame_of(found.event),
        "canonical": reverse("session", args=[slug, pk, found.slug]),
        "session": found,
        "talk": found.talk,
        "title": queries.title_of(found),
        "abstract": queries.abstract_of(found),
        "summary": plain(summary, limit=200),
        "place": next((place for place in own if place.state != "over"), own[-1] if own else None),
        "places": own,
        "speakers": speakers,
        "topics": topics,
        "words": _words_of(found),
        "own_seats": own_seats,
        "entrance": entrance_of(own_seats.admission, own_seats.seats, now) if own_seats else None,
        **_what_is_kept(found, own, reader_of(request)),
        "also": _also(places, found, own, now),
        "elsewhere": [place for place in places if place.event_id != found.event_id],
        "structured": session_data(
            found,
            title=pick(queries.title_of(found)).text,
            summary=summary,
            speakers=speakers,
            when=(own[0].starts, own[0].ends, own[0].room) if own else None,
            base_url=settings.HALLWAY_BASE_URL,
        ),
        "offline": True,
    }
    response = render(request, "schedule/session.html", context)
    tags = _tags(found, speakers)
    moments = [moment for place in own for moment in (place.starts, place.ends) if moment > now]
    if own_seats is not None:
        tags.append(f"seats:{found.event_id}")
        turn = next_turn(own_seats.admission, now)
        moments += [turn] if turn is not None else []
    return store.keep(response, tags, good_until=_good_until(own, moments, now))


def _tags(session: Session, speakers: Sequence[Person]) -> list[str]:
    tags = [f"event:{session.event_id}", f"slides:{session.pk}", *(f"person:{person.pk}" for person in speakers)]
    return [*tags, f"talk:{session.talk_id}"] if session.talk_id else tags


def _what_is_kept(session: Session, own: Sequence[Place], reader: Person | None) -> dict[str, Any]:
    """What belongs to its talk, whether one may ask for slides, and whether this reader may bring them."""
    materials = materials_of(session.talk, session.event_id)
    return {
        "materials": materials,
        "slides": _slides(session, own, materials),
        "may_bring": reader is not None and session.talk is not None and can_change_materials(reader, session.talk),
    }


def _slides(session: Session, own: Sequence[Place], materials: list[Material]) -> dict[str, int] | None:
    """How many would like the slides, once it has begun and while they are missing; None when one cannot ask."""
    has_begun = any(place.state != "before" for place in own)
    if not has_begun or not can_have_slides(session) or are_slides_among(session.talk, materials):
        return None
    return {"asked": count_asked(session)}


def _good_until(own: Sequence[Place], moments: list[datetime], now: datetime) -> datetime | None:
    """The next begin or end; while it runs, the next minute, since the page counts them down."""
    if any(place.state == "now" for place in own):
        return min(now + timedelta(minutes=1), *moments)
    return min(moments, default=None)


def _session_for(reader: Person | None, slug: str, pk: int) -> Session | None:
    """What everybody may read comes from the event this process remembers; for the rest the reader matters."""
    event = public_event(slug)
    if event is not None:
        return public_session(event, pk)
    rows = queries.visible_to(reader).filter(pk=pk, event__slug=slug)
    return rows.select_related("event__community", "event__venue", "talk", "track", "admission").first()


@access.public
def preview_picture(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The picture for links to the session, 1200 × 630."""
    rows = queries.visible_to(reader_of(request)).filter(pk=pk, event__slug=slug)
    found = rows.select_related("event", "talk", "track").first()
    if found is None:
        raise Http404
    who = ", ".join(found.talk.speakers.filter(left_at=None).values_list("name", flat=True)) if found.talk else ""
    slot = found.slots.filter(public_at__isnull=False).order_by("public_starts_at").first()
    when = ""
    if slot is not None and slot.public_starts_at:
        when = say_when(slot.public_starts_at.astimezone(found.event.tz), "yMMMMEEEEdHm")
    picture = preview.draw_preview(
        title=pick(queries.title_of(found)).text,
        lines=[line for line in (who, when, pick(found.event.title).text) if line],
        hue=found.track.hue if found.track else found.event.hue,
        mark="",
    )
    response = HttpResponse(picture, content_type="image/png")
    return store.keep(response, [f"event:{found.event_id}"])


def _moved(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    try:
        event_for(request, slug)
    except Moved as moved:
        words = queries.visible_to(reader_of(request)).filter(pk=pk).values_list("slug", flat=True).first()
        if words:
            return redirect("session", moved.slug, pk, words, permanent=True)
    raise Http404


def _place(row: tuple[Any, ...], now: datetime) -> Place:
    pk, slug, own_title, talk_title, event_id, event_slug, event_title, zone, room, starts, ends = row
    tz = ZoneInfo(zone)
    return Place(
        session_id=pk,
        event_id=event_id,
        address=f"/e/{event_slug}/sessions/{pk}-{slug}/",
        title=pick(own_title or talk_title).text,
        event_title=pick(event_title).text,
        room=room or "",
        starts=starts.astimezone(tz),
        ends=ends.astimezone(tz),
        state="before" if now < starts else "now" if now < ends else "over",
        minutes_left=max(1, int((ends - now).total_seconds() + 59) // 60),
    )


def _also(places: Sequence[Place], session: Session, own: Sequence[Place], now: datetime) -> list[Place]:
    """What else belongs to its track: first what is still to come, in order of time."""
    mine = own[0].starts if own else now
    others = [place for place in places if place.session_id != session.pk and place.event_id == session.event_id]
    reference = max(mine, now) if any(place.state != "over" for place in own) else mine
    others.sort(key=lambda place: (place.ends <= reference, abs(place.starts - reference)))
    return sorted(others[:MOST_ALSO], key=lambda place: place.starts)


def _words_of(session: Session) -> list[str]:
    """Kind, level and language, as short labels."""
    words = []
    if session.kind not in {Session.Kind.TALK, Session.Kind.OTHER}:
        label = str(session.get_kind_display())
        words.append(label[:1].upper() + label[1:])
    talk = session.talk
    if talk is None:
        return words
    if talk.level:
        label = str(talk.get_level_display())
        words.append(label[:1].upper() + label[1:])
    words += [_("In %(language)s") % {"language": language_name(code)} for code in talk.languages]
    return words
