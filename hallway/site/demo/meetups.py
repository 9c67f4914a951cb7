"""Twelve months of meet-ups by each community's own rule, and the next three dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hallway.gathering.events.actions import (
    add_room,
    cancel_event,
    edit_event,
    keep_dates_made,
    postpone_event,
    publish_event,
)
from hallway.gathering.events.models import Event
from hallway.people.models import Person
from hallway.programme.schedule.actions import NewSession, NewSlot, add_sessions_in_bulk, release_schedule
from hallway.programme.schedule.models import Session
from hallway.programme.talks.actions import NewTalk, write_talks_in_bulk
from hallway.programme.talks.models import Talk
from hallway.vocabulary.models import Topic
from hallway.vocabulary.topics import match_topics

from . import reading
from .communities import Made
from .reading import WrittenTalk

ANNOUNCED, RELEASED = timedelta(days=24), timedelta(days=12)
WELCOME, PAUSE = timedelta(minutes=20), timedelta(minutes=15)
DOORS = {"en": "Doors open, tea and names", "fr": "Accueil, thé et prénoms"}
BREAK = {"en": "A break in the hallway", "fr": "Une pause dans le couloir"}
OPEN = {"en": "Open slot: show what you build", "fr": "Créneau libre\u202f: montrez ce que vous construisez"}
# How many talks an evening has, from the next date backwards; fewer where the time is up.
EVENINGS = (2, 3, 2, 1, 2, 3, 3, 2, 1, 3, 2, 2)
# Whose talks are given a second time at whose meet-up.
VISITED_BY = {
    "jacaranda-developers": "highveld-mobile-makers",
    "highveld-mobile-makers": "lake-code",
    "lake-code": "jacaranda-developers",
    "quai-des-devs": "donnees-du-nord",
    "donnees-du-nord": "quai-des-devs",
}
# What another community heard lately is given again at these communities' next dates: its open questions stand there.
GIVEN_AGAIN = {
    "highveld-mobile-makers": "Shipping under five megabytes",
    "donnees-du-nord": "Le tableur devenu grand",
}
JOINING = {
    "en": "The link opens twenty minutes before: https://meet.example.org/donnees-du-nord. Come in muted.",
    "fr": "Le lien s’ouvre vingt minutes avant\u202f: https://meet.example.org/donnees-du-nord. Entrez micro coupé.",
}
REWIRED = {
    "en": "The Kiln is being rewired that week. We meet again the month after.",
    "fr": "The Kiln refait son électricité cette semaine-là. Nous nous retrouvons le mois d’après.",
}
REGATTA = {
    "en": "The Boathouse is taken by the regatta, so we meet a week later.",
    "fr": "The Boathouse accueille la régate\u202f: nous nous retrouvons une semaine plus tard.",
}


@dataclass(frozen=True)
class Given:
    """A talk as a row, and as it was written."""

    talk: Talk
    written: WrittenTalk


def hold_all(made: Mapping[str, Made], people: Mapping[str, Person], now: datetime) -> None:
    """Write the talks, then hold every community's meet-ups and plan its next ones."""
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    written = reading.meetup_talks()
    talks = {
        slug: write_talks(texts, made[slug].organiser, people, topics, at=made[slug].community.founded_at)
        for slug, texts in written.items()
    }
    for slug, one in made.items():
        _hold(one, talks[slug], talks[VISITED_BY[slug]], people, now)


def write_talks(
    texts: Sequence[WrittenTalk],
    by: Person,
    people: Mapping[str, Person],
    topics: Mapping[str, Topic],
    *,
    at: datetime,
) -> list[Given]:
    """The talks as rows, in the same order."""
    new = [
        NewTalk(
            title=text.title,
            abstract=text.abstract,
            languages=text.languages,
            level=text.level,
            topics=[topics[slug] for slug in match_topics(" ".join([*text.title.values(), *text.abstract.values()]))],
            speakers=[people[slug] for slug in text.speakers],
        )
        for text in texts
    ]
    rows = write_talks_in_bulk(talks=new, by=by, at=at)
    return [Given(talk, text) for talk, text in zip(rows, texts, strict=True)]


def _hold(
    one: Made, own: Sequence[Given], visiting: Sequence[Given], people: Mapping[str, Person], now: datetime
) -> None:
    editions = _editions(one, now)
    coming = [edition for edition in editions if edition.ends_at and edition.ends_at > now]
    held = editions[: len(editions) - len(coming) + 1]
    for number, edition in enumerate(held):
        turn = number - len(held)  # the last of one's own talks is for the next date
        first = own[turn] if -turn <= len(own) else visiting[(turn + 5) % len(visiting)]
        others = [visiting[(turn + each) % len(visiting)] for each in (6, 8)]
        if turn == -1:
            again = GIVEN_AGAIN.get(one.written.slug)
            others = [*(each for each in own if again in each.written.title.values()), *others]
        given = _fitting(edition, [first, *others][: EVENINGS[(-turn - 1) % len(EVENINGS)]])
        _plan(one, edition, given, people, now)
    _look_ahead(one, coming, now)


def _editions(one: Made, now: datetime) -> list[Event]:
    """The dates the rule made since the community was founded; when one is over, the next three are there."""
    reached: datetime | None = None
    while True:
        rest = one.series.editions.filter(ends_at__lte=now).order_by("starts_at")
        ended = (rest.filter(starts_at__gt=reached) if reached else rest).first()
        if ended is None or ended.ends_at is None:
            break
        reached = ended.starts_at
        keep_dates_made(series=one.series, by=one.organiser, at=ended.ends_at)
    keep_dates_made(series=one.series, by=one.organiser, at=now)
    return list(one.series.editions.order_by("starts_at"))


def _fitting(edition: Event, given: Sequence[Given]) -> list[Given]:
    """As many of the talks as the evening has time for, with a break after the first."""
    if edition.starts_at is None or edition.ends_at is None:
        return []
    left, found = edition.ends_at - edition.starts_at - WELCOME - PAUSE, []
    for each in given:
        left -= timedelta(minutes=each.written.minutes)
        if left < timedelta(0):
            break
        found.append(each)
    return found


def _plan(one: Made, edition: Event, given: Sequence[Given], people: Mapping[str, Person], now: datetime) -> None:
    """Name a date after its first talk, publish it and release its programme, in good time."""
    if edition.starts_at is None:
        return
    by = one.organiser
    # The first dates stand for longer than that.
    announced = max(min(edition.starts_at - ANNOUNCED, now - timedelta(days=2)), edition.created_at)
    names = [people[slug].name for slug in dict.fromkeys(slug for each in given for slug in each.written.speakers)]
    changes = {
        "title": given[0].written.title,
        "tagline": {"en": f"With {_listed(names, 'and')}", "fr": f"Avec {_listed(names, 'et')}"},
    }
    event = edit_event(event=edition, changes=changes, by=by, at=announced)
    room = add_room(event=event, name=one.venue.name, capacity=one.written.seats,
                    equipment=["hdmi", "microphone"], access=["step_free"], by=by, at=announced)  # fmt: skip
    publish_event(event=event, by=by, at=announced)
    released = max(min(edition.starts_at - RELEASED, now - timedelta(days=1)), announced)
    add_sessions_in_bulk(event=event, sessions=_sessions(event, given, room), by=by, at=released)
    release_schedule(event=event, by=by, at=released)


def _listed(names: Sequence[str], word: str) -> str:
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _sessions(event: Event, given: Sequence[Given], room: Any) -> list[NewSession]:
    starts, ends = event.starts_at, event.ends_at
    if starts is None or ends is None:
        return []
    kinds, at = Session.Kind, starts + WELCOME
    found = [NewSession(kind=kinds.BREAK, title=DOORS, plenum=True, slots=[NewSlot(starts, at, room)])]
    for number, each in enumerate(given):
        if number == 1:
            begin, at = at, at + PAUSE
            found.append(NewSession(kind=kinds.BREAK, title=BREAK, plenum=True, slots=[NewSlot(begin, at, room)]))
        begin, at = at, at + timedelta(minutes=each.written.minutes)
        found.append(NewSession(kind=kinds.TALK, talk=each.talk, slots=[NewSlot(begin, at, room)]))
    if ends - at >= PAUSE:
        found.append(NewSession(kind=kinds.OTHER, title=OPEN, slots=[NewSlot(at, ends, room)]))
    return found


def _look_ahead(one: Made, coming: Sequence[Event], now: datetime) -> None:
    """The date after the next is published without talks; the third stays a draft. Some do not go as planned."""
    by, lately = one.organiser, now - timedelta(days=1)
    following, later = coming[0], coming[1]
    publish_event(event=later, by=by, at=lately)
    if one.written.slug == "highveld-mobile-makers":
        cancel_event(event=later, reason=REWIRED, by=by, at=lately + timedelta(hours=3))
    if one.written.slug == "lake-code" and later.starts_at:
        moved = later.starts_at + timedelta(days=7)
        postpone_event(event=later, starts_at=moved, reason=REGATTA, by=by, at=lately + timedelta(hours=5))
    if one.written.slug == "donnees-du-nord":
        changes = {"attendance": Event.Attendance.ONLINE, "venue": None, "joining": JOINING}
        edit_event(event=following, changes=changes, by=by, at=lately)
