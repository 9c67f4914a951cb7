import asyncio
import io

import pytest

from hallway.front import files
from hallway.front.files import FileBody, Stalled, read_range, send_blocks
from hallway.front.wsgi import Stream


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 10)),
        ("bytes=90-500", (90, 10)),
        ("bytes=-10", (90, 10)),
        ("bytes=-500", (0, 100)),
        ("bytes=0-1,5-6", None),
        ("bytes=9-1", None),
        ("bytes=-", None),
        ("lines=0-9", None),
        ("", None),
    ],
)
def test_read_range_finds_first_byte_and_count(header, part):
    assert read_range(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_read_range_outside_raises(header):
    with pytest.raises(ValueError, match="bytes"):
        read_range(header, 100)


def test_file_body_knows_what_lies_on_disk(tmp_path):
    assert not FileBody(io.BytesIO(b"abc")).on_disk
    assert list(FileBody(io.BytesIO(b"abc"))) == [b"abc"]
    with (tmp_path / "a").open("wb+") as file:
        assert FileBody(file).on_disk


async def never():
    await asyncio.Event().wait()


def reader_who_stops(before):
    """A send() that takes so many messages, and then waits for a reader who takes nothing any more."""
    taken = []

    async def send(message):
        if len(taken) == before:
            await never()
        taken.append(message["body"])

    return taken, send


def test_reader_who_stops_in_the_last_block_of_a_file_is_given_up(monkeypatch):
    monkeypatch.setattr(files, "PATIENCE", 0.05)
    taken, send = reader_who_stops(1)

    async def play():
        with pytest.raises(Stalled):
            await asyncio.wait_for(send_blocks(io.BytesIO(b"x" * 100), 100, never, send), 5)

    asyncio.run(play())
    assert taken == [b"x" * 100]


@pytest.mark.parametrize("before", [1, 2])
def test_reader_who_stops_in_what_a_thread_handed_over_last_is_given_up(monkeypatch, before):
    monkeypatch.setattr(files, "PATIENCE", 0.05)
    taken, send = reader_who_stops(before)

    async def play():
        stream = Stream(asyncio.get_running_loop())
        await asyncio.to_thread(stream.fill, b"one", iter([b"two"]))
        with pytest.raises(Stalled):
            await asyncio.wait_for(stream.send_all(never, send), 5)
        assert stream.gone

    asyncio.run(play())
    assert taken == [b"one", b"two"][:before]
