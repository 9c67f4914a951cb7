import asyncio
import time

from hallway.front.hub import Hub, encode


class Sink:
    """An outlet that remembers."""

    def __init__(self):
        self.frames = []
        self.closed = False
        self.high = 0

    def write(self, data):
        self.frames.append(data)

    def close(self):
        self.closed = True

    abort = close

    def is_closing(self):
        return self.closed

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


def test_encode_puts_every_line_of_data_on_its_own():
    assert encode(7, "note", "a\r\nb\rc") == b"id: 7\nevent: note\ndata: a\ndata: b\ndata: c\n\n"
    assert encode(7, "no\nte", "") == b"id: 7\nevent: note\ndata: \n\n"


def test_publish_reaches_everybody_of_the_channel_in_batches_and_in_order():
    async def scene(hub):
        sinks = [Sink() for _ in range(10)]
        other = Sink()
        for sink in sinks:
            hub.join("a", sink)
        hub.join("b", other)
        hub.publish("a", 1, "n", "one")
        hub.publish("a", 2, "n", "two")
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
        hub.publish("a", 1, "n", "one")
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
        await asyncio.to_thread(hub.publish_threadsafe, "a", 3, "n", "x")
        await asyncio.sleep(0.01)
        assert sink.frames == [encode(3, "n", "x")]

    play(scene)


def test_caught_up_neither_misses_nor_doubles():
    async def scene(hub):
        sink = Sink()
        hub.join("a", sink, last_id=1)
        hub.publish("a", 3, "n", "three")  # while catching up is under way: found there too
        hub.publish("a", 4, "n", "four")  # came too late for it
        hub.publish("a", 1, "n", "one")  # known already
        assert sink.frames == []
        hub.caught_up("a", sink, [(2, "n", "two"), (3, "n", "three")])
        hub.publish("a", 3, "n", "three")  # its publisher was slow
        hub.publish("a", 5, "n", "five")
        await asyncio.sleep(0.01)
        assert [line for line in sink.text.split("\n") if line.startswith("id")] == [
            "id: 2", "id: 3", "id: 4", "id: 5",
        ]  # fmt: skip
        assert sink.high > 65536

    play(scene)


def test_beat_settles_joiners_and_sends_away_whose_leave_ended():
    async def scene(hub):
        joiner, guest = Sink(), Sink()
        hub.join("a", joiner, last_id=1)
        hub.caught_up("a", joiner, [])
        hub.join("a", guest, until=time.time() + 0.02)
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
        hub.join("a", sink, last_id=0)
        for number in range(1001):
            hub.publish("a", number + 1, "n", "x")
        assert sink.closed

    play(scene)
