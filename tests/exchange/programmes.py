"""Programmes for the tests: a small invented one, and hostile ones for hypothesis."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from hallway.exchange.programme import (
    LinkIn,
    PersonIn,
    Programme,
    RoomIn,
    SessionIn,
    SlotIn,
    SpeakerIn,
    TrackIn,
)
from tests.pace import slower

PARIS = ZoneInfo("Europe/Paris")


def small_programme() -> Programme:
    """Two days in Toulouse: a keynote, a talk in two slots, a break, a night session, a talk never
    scheduled.
    """
    ada = PersonIn("id:1", "Ada Exemple", "1f0c7a52-5d0e-4a8e-9a55-0f6c1f8f0001", 1, biography="Écrit du *Python*.")
    bo = PersonIn("id:2", "Bo Beispiel", id=2, links=(LinkIn("https://bo.example/", "Blog", "web"),))
    rooms = (
        RoomIn("guid:a", "Grande salle", "1f0c7a52-5d0e-4a8e-9a55-0f6c1f8f00aa", 0, 300),
        RoomIn("name:Atelier", "Atelier", position=1),
    )
    track = TrackIn("name:Données", "Données", "#aa3300", "donnees")
    day = datetime(2026, 10, 8, 7, 0, tzinfo=UTC)
    hour = timedelta(hours=1)
    sessions = (
        SessionIn(
            "s1", "Ouverture", kind="keynote", kind_raw="Keynote", language_raw="fr", languages=("fr",), plenum=True,
            speakers=(SpeakerIn("id:1"),), slots=(SlotIn("s1/1", day, day + hour, "guid:a", id=11),),
        ),
        SessionIn(
            "s2", "Tables & graphes", code="ABC123", abstract="Deux mondes.", description="# Plan\n\n- un\n- deux",
            kind_raw="Talk", language_raw="French, English", languages=("fr", "en"), track="name:Données",
            level="Débutant",
            tags=("sql", "graphes"), speakers=(SpeakerIn("id:1"), SpeakerIn("id:2", "moderator")), do_not_record=True,
            url="https://conf.example/talk/2", feedback_url="https://conf.example/talk/2/feedback",
            links=(LinkIn("https://conf.example/code", "Code", "web"),),
            slots=(
                SlotIn("s2/1", day + hour, day + 2 * hour, "guid:a"),
                SlotIn("s2/2", day + 25 * hour, day + 26 * hour, "name:Atelier", sequence=3),
            ),
        ),
        SessionIn(
            "s3", "Pause", kind="break", is_break=True,
            slots=(SlotIn("s3/1", day + 2 * hour, day + 2 * hour, None),),
        ),
        SessionIn(
            "s4", "Nuit du code", kind="workshop", kind_raw="Workshop",
            slots=(SlotIn("s4/1", day + 14 * hour, day + 20 * hour, "name:Atelier"),),
        ),
        SessionIn("s5", "Jamais placée", speakers=(SpeakerIn("id:2"),), kind_raw="Talk"),
    )  # fmt: skip
    return Programme(
        title="Rencontres d’automne",
        slug="rencontres-2026",
        source_format="test",
        source_version="0.3",
        zone=PARIS,
        starts_on=date(2026, 10, 8),
        ends_on=date(2026, 10, 9),
        day_boundary=240,
        url="https://conf.example/",
        base_url="https://hallway.example/e/rencontres-2026/",
        feed_url="https://hallway.example/e/rencontres-2026/schedule.xml",
        colour="#aa3300",
        rooms=rooms,
        tracks=(track,),
        people=(ada, bo),
        sessions=sessions,
    )


_NASTY = (
    "",
    " ",
    "=1+1",
    "עברית וערבית العربية",
    "🎉👩🏽‍💻",
    "a\x00b\x0b\ufffe",
    "<b>&amp;</b>",
    "]]>",
    "日本語",
    "x" * 3000,
)
_texts = st.one_of(st.sampled_from(_NASTY), st.text(max_size=40))
_guids = st.one_of(st.just(""), st.just("no-uuid"), st.uuids().map(str))
_urls = st.sampled_from(
    (
        "",
        "javascript:alert(1)",
        "https://a.example/é à?q=ü#x",
        "http://[bad",
        "https://x.example:99999/",
        "https://ok.example",
    )
)
_instants = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
_near = st.integers(0, 5 * 24 * 60).map(lambda minutes: datetime(2026, 10, 24, tzinfo=UTC) + timedelta(minutes=minutes))
_lengths = st.sampled_from((0, 1, 30, 780, 1_500, 7_000)).map(lambda minutes: timedelta(minutes=minutes))
_zones = st.sampled_from(
    ("UTC", "Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe", "Etc/GMT-1", "Africa/Monrovia", "America/New_York")
).map(ZoneInfo)


@st.composite
def _slots(draw: st.DrawFn, key: str) -> SlotIn:
    starts_at = draw(st.one_of(_near, _instants))
    ident = draw(st.one_of(st.none(), st.integers(-3, 3), st.just(2**40)))
    room = draw(st.sampled_from((None, "r0", "r1", "nowhere")))
    ends_at = starts_at + draw(_lengths)
    return SlotIn(
        key, starts_at, ends_at, room, draw(_guids), ident, cancelled=draw(st.sampled_from((False,) * 5 + (True,)))
    )


@st.composite
def _sessions(draw: st.DrawFn, key: str) -> SessionIn:
    return SessionIn(
        key,
        draw(_texts),
        guid=draw(_guids),
        code=draw(st.sampled_from(("", "ABC123", "abc", "ÄBC123"))),
        subtitle=draw(_texts),
        abstract=draw(_texts),
        description=draw(_texts),
        language_raw=draw(_texts),
        languages=draw(st.sampled_from(((), ("fr",), ("de", "en")))),
        kind=draw(st.sampled_from(("talk", "break", "other"))),
        kind_raw=draw(_texts),
        track=draw(st.sampled_from((None, "t0", "t9"))),
        level=draw(_texts),
        tags=tuple(draw(st.lists(_texts, max_size=2))),
        speakers=tuple(
            SpeakerIn(person) for person in draw(st.lists(st.sampled_from(("p0", "p1", "p9")), unique=True))
        ),
        links=tuple(LinkIn(draw(_urls), draw(_texts), draw(_texts)) for _ in range(draw(st.integers(0, 2)))),
        url=draw(_urls),
        slug=draw(st.sampled_from(("", "x", "conf_2026-a-talk", "conf_2026-same", "Ü"))),
        picture_url=draw(_urls),
        recording_url=draw(_urls),
        feedback_url=draw(_urls),
        do_not_record=draw(st.booleans()),
        is_break=draw(st.booleans()),
        plenum=draw(st.booleans()),
        slots=tuple(draw(_slots(f"{key}/{number}")) for number in range(draw(st.integers(0, 2)))),
    )


@st.composite
def hostile_programmes(draw: st.DrawFn) -> Programme:
    """Programmes with everything wrong that our classes allow."""
    made = Programme(
        title=draw(_texts),
        slug=draw(st.sampled_from(("", "x", "Ünïcode Été", "conf-2026", "…"))),
        source_version=draw(_texts),
        zone=draw(_zones),
        day_boundary=draw(st.sampled_from((0, 240, 360))),
        url=draw(_urls),
        base_url=draw(_urls),
        feed_url=draw(_urls),
        logo_url=draw(_urls),
        colour=draw(st.sampled_from(("", "red", "#12ab9F"))),
        description=draw(_texts),
        place=draw(_texts),
        rooms=tuple(RoomIn(f"r{number}", draw(_texts), draw(_guids), number) for number in range(2)),
        tracks=(TrackIn("t0", draw(_texts), draw(st.sampled_from(("", "blue", "#000000")))),),
        people=tuple(
            PersonIn(
                f"p{number}", draw(_texts), draw(_guids), draw(st.sampled_from((None, 7))), draw(_texts), draw(_texts)
            )
            for number in range(2)
        ),
    )
    sessions = tuple(draw(_sessions(f"s{number}")) for number in range(draw(st.integers(0, 4))))
    return replace(made, sessions=sessions)


@contextmanager
def quickly(seconds: float) -> Iterator[None]:
    """The work inside takes at most so much processor time; not judged while coverage is counting lines."""
    before = time.process_time()
    yield
    spent = time.process_time() - before
    assert sys.gettrace() is not None or spent < seconds * slower()


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID in its usual writing."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
