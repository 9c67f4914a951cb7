"""Who is here, by the door's book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hallway.gathering.attendance.entries import Entry, Row, read

BEGAN = datetime(2026, 10, 8, 18, 0, tzinfo=UTC)
GUEST = UUID(int=99)


def line(pk: int, minutes: int, kind: str = "came", *, about: int | UUID = 7, seats: int = 1, name: str = "") -> Row:
    registration = about if isinstance(about, int) else None
    walk_in = about if isinstance(about, UUID) else None
    return pk, UUID(int=pk), registration, walk_in, name, kind, seats, BEGAN + timedelta(minutes=minutes)


def test_last_line_by_the_clock_says_how_it_is_whatever_came_first() -> None:
    book = read([line(1, 5, "undone"), line(2, 3)])
    assert book.entries == {7: Entry(0, None)}
    assert (book.came, book.last_id) == (0, 2)


def test_same_moment_is_settled_by_uid() -> None:
    assert read([line(2, 5, "undone"), line(1, 5)]).seats_of(7) == 0
    assert read([line(1, 5, "undone"), line(2, 5)]).seats_of(7) == 1


def test_somebody_is_here_since_the_first_line_after_the_last_undone() -> None:
    book = read([line(1, 0), line(2, 1, "undone"), line(3, 2), line(4, 9, seats=3)])
    assert book.entries[7] == Entry(3, BEGAN + timedelta(minutes=2))


def test_walked_in_are_counted_and_keep_their_name() -> None:
    book = read([line(1, 0, about=GUEST, name="Naledi"), line(2, 1, about=GUEST, seats=2), line(3, 0)])
    assert book.walked_in == {GUEST: Entry(2, BEGAN, "Naledi")}
    assert (book.came, book.walked_in_seats, book.seats_of(8)) == (3, 2, 0)
    taken_out = read([line(1, 0, about=GUEST, name="Naledi"), line(2, 1, "undone", about=GUEST)])
    assert taken_out.walked_in == {GUEST: Entry(0, None, "Naledi")}


def test_empty_book() -> None:
    assert (read([]).came, read([]).last_id) == (0, 0)
