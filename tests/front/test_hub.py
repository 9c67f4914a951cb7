import asyncio
import time

from hallway.front import hub as hub_module
from hallway.front.hub import Hub
from hallway.front.room import HIGH_WATER, Seat
from hallway.front.told import Told, encode


class Sink:
    """An outlet that remembers."""

    def __init__(self):
        self.frames = []
        self.closed = self.aborted = False
        self.high = 0
        self.unsent = 0

    def write(self, data):
        self.frames.append(data)

    def close(self):
        self.closed = True

    def abort(self):
        self.aborted = self.closed = True

    def is_closing(self):
        return self.closed

    def get_write_buffer_size(self):
        return self.unsent

    def set_write_buffer_limits(self, high):
        self.high = high

    @property
    def text(self):
        return b"".join(self.frames).decode()


def play(scene, **options):
    async def run():
        hub = Hub(**options)
        hub.start()
        await scene(hub)
        await hub.close()

    asyncio.run(run())


def test_publish_reaches_everybody_of_the_channel_in_batches_and_in_order():
    async def scene(hub):
        sinks = [Sink() for _ in range(10)]
        other = Sink()
        for sink in sinks:
            hub.join("a", sink)
        hub.join("b", other)
        hub.publish("a", Told(1, "n", "one"))
        hub.publish("a", Told(2, "n", "two"))
        assert sum(bool(sink.frames) for sink in sinks) == 3
        await asyncio.sleep(0.01)
        assert all(sink.frames == [encode(1, "n", "one"), encode(2, "n", "two")] for sink in sinks)
        assert other.frames == []
        assert hub.count == 11

    play(scene, batch=3)


def test_publish_passes_over_who_left_in_between():
    async def scene(hub):
        sinks = [Sink() for _ in range(4)]
        for sink in sinks:
            hub.join("a", sink)
        hub.publish("a", Told(1, "n", "one"))
        for sink in sinks:
            sink.close()
            hub.leave("a", sink)
            hub.leave("a", sink)
        await asyncio.sleep(0.01)
        assert sum(len(sink.frames) for sink in sinks) == 1
        assert hub.count == 0

    play(scene, batch=1)


def test_publish_threadsafe_arrives_from_another_thread():
    async def scene(hub):
        sink = Sink()
        hub.join("a", sink)
        await asyncio.to_thread(hub.publish_threadsafe, "a", Told(3, "n", "x"))
        await asyncio.sleep(0.01)
        assert sink.frames == [encode(3, "n", "x")]

    play(scene)


def test_caught_up_neither_misses_nor_doubles():
    async def scene(hub):
        sink = Sink()
        hub.join("a", sink, Seat(last_id=1))
        hub.publish("a", Told(3, "n", "three"))  # while catching up is under way: found there too
        hub.publish("a", Told(4, "n", "four"))  # came too late for it
        hub.publish("a", Told(1, "n", "one"))  # known already
        assert sink.frames == []
        hub.caught_up("a", sink, [Told(2, "n", "two"), Told(3, "n", "three")])
        hub.publish("a", Told(3, "n", "three"))  # its publisher was slow
        hub.publish("a", Told(5, "n", "five"))
        await asyncio.sleep(0.01)
        assert [line for line in sink.text.split("\n") if line.startswith("id")] == [
            "id: 2", "id: 3", "id: 4", "id: 5",
        ]  # fmt: skip
        assert sink.high == 0  # so little raises no limit

    play(scene)


def test_beat_settles_joiners_and_sends_away_whose_leave_ended():
    async def scene(hub):
        joiner, guest = Sink(), Sink()
        hub.join("a", joiner, Seat(last_id=1))
        hub.caught_up("a", joiner, [])
        hub.join("a", guest, Seat(until=time.time() + 0.02))
        await asyncio.sleep(0.2)
        assert ": still here" in joiner.text
        assert not hub._rooms["a"].joining
        assert "event: bye\nretry: " in guest.text
        assert guest.closed

    play(scene, beat=0.05)


def test_close_sends_everybody_away_at_different_times():
    async def scene(hub):
        sinks = [Sink() for _ in range(50)]
        for sink in sinks:
            hub.join("a", sink)
        await hub.close()
        assert all(sink.closed for sink in sinks)
        assert len({sink.text for sink in sinks}) > 3

    play(scene)


def test_publish_to_a_joiner_that_never_catches_up_ends_it():
    async def scene(hub):
        sink = Sink()
        hub.join("a", sink, Seat(last_id=0))
        for number in range(1001):
            hub.publish("a", Told(number + 1, "n", "x"))
        assert sink.closed

    play(scene)


def test_of_many_states_of_one_thing_listeners_get_the_newest_now_and_then():
    async def scene(hub):
        sink = Sink()
        hub.join("a", sink)
        for number in range(1, 101):
            hub.publish("a", Told(number, "n", f"{number} votes", key="votes:1"))
            await asyncio.sleep(0.004)
        hub.publish("a", Told(101, "n", "something else"))
        await asyncio.sleep(0.4)
        ids = [int(line[4:]) for line in sink.text.split("\n") if line.startswith("id")]
        assert ids == sorted(ids)
        assert ids[-2:] == [100, 101]
        assert len(ids) <= 5

    play(scene)


def test_caught_up_with_a_part_only_one_comes_back_for_the_rest():
    async def scene(hub):
        sink = Sink()
        hub.join("a", sink, Seat(last_id=1))
        hub.publish("a", Told(9, "n", "nine"))  # beyond the rest
        hub.caught_up("a", sink, [Told(2, "n", "two")], ends_at=4)
        assert sink.text.index("two") < sink.text.index("id: 4\n\n") < sink.text.index("bye")
        assert "nine" not in sink.text
        assert sink.closed

    play(scene)


def test_caught_up_with_a_part_in_which_nothing_shows_one_still_gets_on():
    async def scene(hub):
        sink = Sink()
        hub.join("a", sink, Seat(last_id=1))
        hub.caught_up("a", sink, [], ends_at=501)
        assert sink.text.startswith("id: 501\n\nevent: bye\n")

    play(scene)


def test_reader_who_missed_much_gets_some_time_for_it_and_no_longer(monkeypatch):
    monkeypatch.setattr(hub_module, "CATCHING_UP", 0.05)

    async def scene(hub):
        quick, slow, gone, part = sinks = [Sink() for _ in range(4)]
        for sink in sinks:
            hub.join("a", sink, Seat(last_id=1))
            hub.caught_up("a", sink, [Told(2, "n", "x" * 100_000)], ends_at=2 if sink is part else None)
        assert all(sink.high > HIGH_WATER + 100_000 for sink in sinks)
        slow.unsent = part.unsent = 100_000
        gone.close()
        hub.leave("a", gone)
        await asyncio.sleep(0.1)
        assert [sink.aborted for sink in (quick, slow, part)] == [False, True, True]
        assert quick.high == HIGH_WATER

    play(scene)


def test_caught_up_and_judge_of_a_channel_nobody_listens_to_do_nothing():
    async def scene(hub):
        hub.caught_up("a", Sink(), [])
        hub.judge("a", 1, None)
        hub.fill("a", [Told(1, "n", "x")], 1)
        hub.look_again([1], ["a"])
        assert hub.lacking("a") is None

    play(scene)
