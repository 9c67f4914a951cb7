"""Bodies that are read for the application: so many bytes and no more, and not for ever."""

import asyncio
import contextlib

import pytest

from hallway.front import body as bodies
from hallway.front.asgi import Refused
from hallway.front.body import Desk, read_body

LIMIT = 20_000_000


def sender(*parts, pause=0.0, more_to_come=False):
    """A client that sends these parts, `pause` seconds apart, and perhaps never the last one."""
    waiting = list(parts)

    async def receive():
        await asyncio.sleep(pause)
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting) or more_to_come}

    return receive


def test_read_body_gives_its_room_back_once():
    async def go():
        desk = Desk()
        body = await read_body(sender(b"abc", b"def"), {}, LIMIT, desk)
        assert (body.file.read(), body.length, desk.held) == (b"abcdef", 6, 6)
        body.close()
        body.close()
        assert desk.held == 0

    asyncio.run(go())


def test_many_small_bodies_lie_on_disk_once_memory_is_full():
    async def go():
        desk = Desk(memory=150_000, disk=10_000_000)
        first, second = [await read_body(sender(b"x" * 100_000), {}, LIMIT, desk) for _ in range(2)]
        assert (first.file._rolled, second.file._rolled) == (False, True)
        assert second.file.read() == b"x" * 100_000
        first.close()
        second.close()

    asyncio.run(go())


def test_bodies_beyond_the_disk_set_aside_for_them_are_refused_and_leave_nothing():
    async def go():
        desk = Desk(memory=1000, disk=150_000)
        held = await read_body(sender(b"x" * 100_000), {}, LIMIT, desk)
        with pytest.raises(Refused) as refused:
            await read_body(sender(b"x" * 40_000, b"x" * 40_000), {}, LIMIT, desk)
        assert (refused.value.status, desk.held) == (503, 100_000)
        held.close()
        again = await read_body(sender(b"x" * 100_000), {}, LIMIT, desk)
        assert again.length == 100_000
        again.close()

    asyncio.run(go())


def test_body_that_trickles_ends_with_408(monkeypatch):
    monkeypatch.setattr(bodies, "SLOWEST", 1000)

    async def go(pause):
        desk = Desk()
        parts = [b"x" * 10] * 40
        with contextlib.suppress(IndexError):  # the client has nothing left to say
            await read_body(sender(*parts, pause=pause, more_to_come=True), {}, LIMIT, desk, seconds=0.2)
        assert desk.held == 0

    with pytest.raises(Refused) as refused:
        asyncio.run(go(0.05))  # 200 bytes a second, each in time
    assert refused.value.status == 408
    asyncio.run(go(0.0))  # quick enough: all is read


def test_body_announced_too_large_is_not_begun():
    with pytest.raises(Refused) as refused:
        asyncio.run(read_body(sender(), {b"content-length": b"30000000"}, LIMIT, Desk()))
    assert refused.value.status == 413
