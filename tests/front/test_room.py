from hallway.front.order import framed
from hallway.front.room import MOST_PENDING, Room, Seat
from hallway.front.told import Told
from tests.front.test_hub import Sink


def said(id, author=None, key=""):
    return framed(Told(id, "n", f"said {id}", author, key))


def seated(*seats):
    room, sinks = Room(), [Sink() for _ in seats]
    for sink, seat in zip(sinks, seats, strict=True):
        room.add(sink, seat)
    return room, *sinks


def test_targets_leave_out_those_from_whom_the_author_is_hidden():
    room, anybody, friend, blocked, tab = seated(
        Seat(), Seat(viewer=1), Seat(viewer=2, hidden=frozenset({9})), Seat(viewer=2, hidden=frozenset({9}))
    )
    assert set(room.targets(said(1, author=9))) == {anybody, friend}
    assert set(room.targets(said(2, author=8))) == {anybody, friend, blocked, tab}
    assert set(room.targets(said(3))) == {anybody, friend, blocked, tab}


def test_hide_begins_and_ends_for_every_page_of_a_viewer():
    room, one, two = seated(Seat(viewer=2), Seat(viewer=2))
    room.hide(2, frozenset({9, 8}))
    assert room.targets(said(1, author=9)) == []
    room.remove(two)
    room.hide(2, frozenset({8}))
    assert room.targets(said(2, author=9)) == [one]
    assert room.targets(said(3, author=8)) == []
    assert set(room.deaf) == {8}


def test_remove_forgets_all_of_a_listener():
    room, one = seated(Seat(viewer=2, until=5.0, hidden=frozenset({9})))
    room.remove(one)
    assert (room.outlets, room.until, room.names, room.guests, room.deaf) == (set(), {}, {}, {}, {})
    assert one not in room


def test_who_listens_and_as_whom():
    room, anybody, joiner, guest = seated(Seat(), Seat(last_id=4), Seat(viewer=2))
    assert set(room.viewers()) == {2, None}
    assert set(room.who(None)) == {anybody, joiner}
    assert room.who(2) == [guest]
    assert room.who(3) == []
    room.remove(anybody)
    room.remove(joiner)
    assert room.viewers() == [2]


def test_caught_up_leaves_out_what_is_hidden_from_the_reader():
    room, reader = seated(Seat(last_id=1, viewer=2, hidden=frozenset({9})))
    assert room.targets(said(4, author=9)) == []
    assert room.targets(said(5, author=8)) == []
    data = room.caught_up(reader, [said(2, author=9), said(3, author=8)])
    assert data == said(3).frame + said(5).frame
    assert room.targets(said(6, author=9)) == []
    assert room.caught_up(reader, []) is None


def test_caught_up_reader_is_not_told_an_older_state_afterwards():
    room, reader = seated(Seat(last_id=1))
    assert room.caught_up(reader, [said(8, key="votes:1")]) == said(8).frame
    assert room.targets(said(7, key="votes:1")) == []
    assert room.targets(said(6, key="votes:2")) == [reader]
    assert room.targets(said(5)) == [reader]


def test_joiner_for_whom_too_much_waits_is_ended():
    room, joiner = seated(Seat(last_id=1))
    for number in range(MOST_PENDING + 1):
        room.targets(said(number + 2))
    assert joiner.closed


def test_settle_seats_a_joiner_after_a_whole_beat():
    room, joiner, waiting = seated(Seat(last_id=1), Seat(last_id=1))
    room.caught_up(joiner, [])
    room.settle()
    assert joiner in room.joining
    room.settle()
    assert (joiner in room.outlets, waiting in room.joining) == (True, True)
