"""The invented communities, people and talks of the demonstration, as they stand in ``content/*.csv``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True)
class WrittenPerson:
    """A row of people.csv. ``biography`` is a localised text."""

    slug: str
    name: str
    pronouns: str
    place: str
    country: str
    zone: str
    languages: list[str]
    tagline: dict[str, str]
    biography: dict[str, str]


@dataclass(frozen=True)
class WrittenCommunity:
    """A row of communities.csv; ``rule`` is its rhythm as iCalendar writes it."""

    slug: str
    name: str
    place: str
    country: str
    zone: str
    languages: list[str]
    hue: int
    topics: list[str]
    organisers: list[str]
    rule: str
    at: time
    minutes: int
    venue: str
    address: str
    seats: int
    tagline: dict[str, str]
    description: dict[str, str]


@dataclass(frozen=True)
class WrittenTalk:
    """A row of meetups.csv, or the talk of a row of conference.csv. ``speakers`` are slugs."""

    title: dict[str, str]
    abstract: dict[str, str]
    languages: list[str]
    level: str
    speakers: list[str]
    minutes: int
    community: str = ""


@dataclass(frozen=True)
class WrittenSlot:
    """A row of conference.csv: day 1 or 2, a wall time, a room ("" for all of them), a track, a kind."""

    day: int
    at: time
    room: str
    track: str
    kind: str
    talk: WrittenTalk


@dataclass(frozen=True)
class WrittenQuestion:
    """A row of questions.csv or room.csv: what was asked, what was said of it in the room, what was answered later."""

    language: str
    text: str
    said: str = ""
    answer: str = ""
    another_way: str = ""


def questions(name: str) -> list[WrittenQuestion]:
    """What was asked after evenings (``questions``), and what rooms ask while one looks on (``room``, ``teaching``)."""
    return [WrittenQuestion(**row) for row in _rows(name)]


def people() -> list[WrittenPerson]:
    return [
        WrittenPerson(
            slug=row["slug"], name=row["name"], pronouns=row["pronouns"], place=row["place"], country=row["country"],
            zone=row["zone"], languages=_list(row["languages"]), tagline=_localised(row, "tagline"),
            biography=_localised(row, "biography"),
        )
        for row in _rows("people")
    ]  # fmt: skip


def communities() -> list[WrittenCommunity]:
    return [_community(row) for row in _rows("communities")]


def _community(row: dict[str, str]) -> WrittenCommunity:
    venue, _comma, address = row["usual_place"].partition(", ")
    return WrittenCommunity(
        slug=row["slug"], name=row["name"], place=row["place"], country=row["country"], zone=row["zone"],
        languages=_list(row["languages"]), hue=int(row["hue"]), topics=_list(row["topics"]),
        organisers=_list(row["organisers"]), rule=f"FREQ=MONTHLY;BYDAY={row['ordinal']}{row['weekday']}",
        at=time.fromisoformat(row["time"]), minutes=int(row["minutes"]), venue=venue, address=address,
        seats=int(row["seats"]), tagline=_localised(row, "tagline"), description=_localised(row, "description"),
    )  # fmt: skip


def meetup_talks() -> dict[str, list[WrittenTalk]]:
    """Talks of the monthly evenings by community, in the order they were given."""
    found: dict[str, list[WrittenTalk]] = {}
    for row in _rows("meetups"):
        language = row["languages"][:2]
        talk = WrittenTalk(
            title={language: row["title"]}, abstract={language: row["abstract"]}, languages=_list(row["languages"]),
            level=row["level"], speakers=_list(row["speakers"]), minutes=int(row["minutes"]),
            community=row["community"],
        )  # fmt: skip
        found.setdefault(talk.community, []).append(talk)
    return found


def conference() -> list[WrittenSlot]:
    return [
        WrittenSlot(
            day=int(row["day"]), at=time.fromisoformat(row["start"]), room=row["room"], track=row["track"],
            kind=row["kind"],
            talk=WrittenTalk(
                title=_localised(row, "title"), abstract=_localised(row, "abstract"),
                languages=_list(row["languages"]), level=row["level"], speakers=_list(row["speakers"]),
                minutes=int(row["minutes"]),
            ),
        )
        for row in _rows("conference")
    ]  # fmt: skip


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (CONTENT / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _list(cell: str) -> list[str]:
    return [part for part in cell.split(",") if part]


def _localised(row: dict[str, str], name: str) -> dict[str, str]:
    return {code: text for code in ("en", "fr") if (text := row[f"{name}_{code}"])}
