from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hallway.programme.schedule.clashes import Placed, clashes_of
from hallway.programme.schedule.layout import MOST_COLUMNS, Box, lay_out

NINE = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_lay_out_spans_what_lasts_longer_and_breaks_pass_beside_it() -> None:
    boxes = [
        Box(1, 10, at(0), at(45)), Box(2, 20, at(0), at(120)), Box(3, None, at(45), at(60), everywhere=True),
        Box(4, 10, at(60), at(120)),
    ]  # fmt: skip
    layout = lay_out(boxes, [10, 20])
    assert layout is not None
    cells = {key: (c.row, c.column, c.rows, c.columns) for key, c in layout.cells.items()}
    assert cells == {1: (2, 2, 1, 1), 2: (2, 3, 3, 1), 3: (3, 2, 1, 1), 4: (4, 2, 1, 1)}
    assert layout.heads == [(10, 2, 1), (20, 3, 1)]


def test_lay_out_gives_lanes_to_sessions_at_once_in_one_room() -> None:
    layout = lay_out([Box(1, 10, at(0), at(60)), Box(2, 10, at(30), at(60)), Box(3, 20, at(0), at(60))], [10, 20])
    assert layout is not None
    assert layout.heads == [(10, 2, 2), (20, 4, 1)]
    assert {key: cell.column for key, cell in layout.cells.items()} == {1: 2, 2: 3, 3: 4}


def test_lay_out_gives_up_on_too_many_rooms_rows_or_none() -> None:
    assert lay_out([Box(n, n, at(0), at(9)) for n in range(1, MOST_COLUMNS + 2)], list(range(1, 20))) is None
    assert lay_out([Box(n, 1, at(n), at(n + 1)) for n in range(70)], [1]) is None
    assert lay_out([Box(1, None, at(0), at(9))], []) is None
    assert lay_out([Box(1, 1, at(0), at(9)), Box(2, None, at(0), at(9))], [1]) is None, "no free column for the break"


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 300), st.integers(0, 120)), max_size=30))
def test_lay_out_never_puts_two_of_one_time_in_one_cell(raw: list[tuple[int, int, int]]) -> None:
    boxes = [Box(n, room, at(start), at(start + length)) for n, (room, start, length) in enumerate(raw)]
    layout = lay_out(boxes, [1, 2, 3, 4])
    if layout is None:
        return
    taken = [
        (cell.column, row)
        for box in boxes
        if (cell := layout.cells[box.key]) and box.ends > box.starts
        for row in range(cell.row, cell.row + cell.rows)
    ]
    assert len(taken) == len(set(taken))


def test_clashes_of_says_whom_each_problem_hurts() -> None:
    thabo, mei = (1, "Thabo Nel"), (2, "Mei Tanaka")
    placed = [
        Placed(1, "A", 10, at(0), at(60), (thabo,)),
        Placed(2, "B", 10, at(30), at(90), (mei,)),
        Placed(3, "C", 20, at(0), at(60), (thabo,)),
        Placed(4, "Tea", None, at(60), at(75), (), is_break=True, everywhere=True),
        Placed(5, "D", None, at(600), at(700)),
        Placed(6, "E", 10, at(90), at(95), (thabo,)),
    ]
    found = clashes_of(placed, rooms={10: "Hall", 20: "Attic"}, first=at(0), last=at(300))
    codes = {slot: [clash.code for clash in clashes] for slot, clashes in found.items()}
    assert codes == {
        1: ["room_twice", "speaker_twice"], 2: ["room_twice", "in_break"], 3: ["speaker_twice"],
        5: ["outside", "no_room", "no_speaker"],
    }  # fmt: skip
    assert found[1][0].words == {"other": "B", "room": "Hall"}
    assert clashes_of([], rooms={}, first=None, last=None) == {}
