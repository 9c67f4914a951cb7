import pytest

from hallway.front.order import REMEMBERED, Order, framed
from hallway.front.told import Told, encode


def note(id, previous=0, key=""):
    return framed(Told(id, "n", f"said {id}", key=key, previous=previous))


def ids(events):
    return [event.told.id for event in events]


def wire(events):
    return [int(event.frame.split(b"\n")[0].removeprefix(b"id: ")) for event in events]


@pytest.fixture
def order():
    made = Order()
    made.floor = 10
    return made


def test_take_lets_each_event_out_once(order):
    assert [event.frame for event in order.take(note(11))] == [encode(11, "n", "said 11")]
    assert order.take(note(11)) == []
    assert ids(order.take(note(12, previous=11))) == [12]


def test_take_lets_an_event_wait_for_the_one_it_follows(order):
    assert order.take(note(13, previous=12)) == []
    assert order.take(note(14, previous=13)) == []
    assert order.take(note(13, previous=12)) == []
    assert sorted(order.held) == [13, 14]
    assert ids(order.take(note(12, previous=11))) == []
    assert ids(order.take(note(11, previous=10))) == [11, 12, 13, 14]
    assert not order.held


def test_take_takes_nothing_to_be_missing_before_it_knows_from_where():
    order = Order()
    assert ids(order.take(note(13, previous=12))) == [13]


def test_fill_puts_what_was_missing_before_what_waited(order):
    order.take(note(11))
    order.take(note(14, previous=13))
    out = order.fill([Told(11, "n", ""), Told(12, "n", ""), Told(13, "n", ""), Told(14, "n", "")])
    assert ids(out) == [12, 13, 14]
    assert not order.held


def test_fill_with_nothing_lets_go_of_what_waited(order):
    order.take(note(14, previous=13))
    assert ids(order.fill([])) == [14]


def test_event_that_comes_late_goes_out_under_the_highest_id(order):
    out = [*order.take(note(12)), *order.take(note(11)), *order.take(note(13))]
    assert ids(out) == [12, 11, 13]
    assert wire(out) == [12, 12, 13]
    assert b"data: said 11" in out[1].frame


def test_of_a_state_only_the_newest_goes_out_at_each_tick(order):
    assert ids(order.take(note(11, key="votes:1"))) == [11]
    assert order.open
    assert [order.take(note(number, key=f"votes:{number % 2}")) for number in (12, 13, 14, 15)] == [[]] * 4
    assert ids(order.tick()) == [14, 15]
    assert order.open
    assert order.tick() == []
    assert not order.open
    assert ids(order.take(note(16, key="votes:1"))) == [16]


def test_what_comes_behind_a_waiting_state_waits_too_so_that_ids_grow(order):
    order.take(note(11, key="votes:1"))
    assert ids(order.take(note(12))) == [12]
    assert order.take(note(13, key="votes:1")) == []
    assert order.take(note(14)) == []
    assert wire(order.tick()) == [13, 14]


def test_older_state_that_comes_late_is_not_told_any_more(order):
    order.take(note(12, key="votes:1"))
    assert order.take(note(11, key="votes:1")) == []
    assert order.tick() == []


def test_order_forgets_what_is_long_past(order):
    for number in range(11, 11 + 3 * REMEMBERED):
        order.take(note(number, key=f"votes:{number}"))
    assert len(order._sent) <= 2 * REMEMBERED + 1
    assert len(order._newest) <= REMEMBERED
    assert len(order.tick()) == 3 * REMEMBERED - 1
