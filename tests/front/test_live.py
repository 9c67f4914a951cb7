"""Live streams on the real server, by sockets taken over and by ASGI send()."""

import contextlib
import socket
import threading
import time

import pytest

from hallway.front.tokens import sign
from tests.front.conftest import eventually, read_all, read_until
from tests.front.sample import KEY


@contextlib.contextmanager
def listen(site, channel, query="", *lines):
    with site.connect() as connection:
        head = "\r\n".join([f"GET /live/{channel}{query} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""])
        connection.sendall(head.encode())
        data = b""
        while not data.endswith(b": hello\n\n"):  # and not a byte more: what was missed may follow at once
            data += connection.recv(1)
        yield connection


def publish(site, channel, id, data="text"):
    answer = site.get(f"/publish?channel={channel}&id={id}&data={data}", cookie="hallway_session=x")
    assert answer.status == 200, answer.text


def read_to(connection, last):
    """Read until the event `last` came; comments alone are no progress."""
    data, until = b"", time.monotonic() + 8
    while ids(data)[-1:] != [last]:
        assert time.monotonic() < until, data
        data += connection.recv(65536)
    return data


def ids(data):
    return [int(line[4:]) for line in data.decode(errors="replace").split("\n") if line.startswith("id: ")]


def test_stream_says_at_once_that_it_is_open_and_must_not_be_kept(either):
    with either.connect() as connection:
        connection.sendall(b"GET /live/public/head HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        head = read_until(connection, b"hello").lower()
    assert b"content-type: text/event-stream; charset=utf-8" in head
    assert b"cache-control: no-cache, no-transform" in head
    assert b"x-accel-buffering: no" in head
    assert b"content-security-policy: default-src 'self'" in head


def test_event_reaches_the_listeners_of_its_channel_only(either):
    with (
        listen(either, "public/a") as one,
        listen(either, "public/a") as two,
        listen(either, "public/b") as other,
    ):
        publish(either, "public/a", 101)
        publish(either, "public/b", 102)
        assert ids(read_until(one, b"data: text\n\n")) == [101]
        assert ids(read_until(two, b"data: text\n\n")) == [101]
        assert ids(read_until(other, b"data: text\n\n")) == [102]
    eventually(lambda: either.state()["listeners"] == 0)


@pytest.mark.parametrize("how", [("", "Last-Event-ID: 201"), ("?after=201",)])
def test_reader_who_comes_back_gets_what_was_missed_once(either, how):
    channel = f"public/back{len(how)}"
    base = 1000 * len(how) if either.port else 0
    for number in (200, 201, 202, 203):
        publish(either, channel, base + number)
    query, *lines = how
    query = query.replace("201", str(base + 201))
    lines = [line.replace("201", str(base + 201)) for line in lines]
    with listen(either, channel, query, *lines) as connection:
        data = read_to(connection, base + 203)
        publish(either, channel, base + 204)
        data += read_to(connection, base + 204)
        assert ids(data) == [base + 202, base + 203, base + 204]


def test_events_during_catching_up_are_neither_missed_nor_doubled(site):
    channel = "public/slow-catch-up"
    publish(site, channel, 301)
    publish(site, channel, 302)
    with listen(site, channel, "?after=301") as connection:
        for number in range(303, 310):
            publish(site, channel, number)
        data = read_to(connection, 309)
        assert ids(data) == list(range(302, 310))


def test_private_channel_needs_a_token_that_fits(either):
    good = sign("room/7", KEY, int(time.time()) + 60)
    with listen(either, "room/7", f"?token={good}") as connection:
        publish(either, "room/7", 400)
        assert ids(read_until(connection, b"data: text\n\n")) == [400]
    old = sign("room/7", KEY, int(time.time()) - 1)
    for query in ("", f"?token={old}", f"?token={sign('room/8', KEY, int(time.time()) + 60)}", "?token=x"):
        assert either.get(f"/live/room/7{query}").status == 403
    assert either.get("/live/public/x?token=x").status == 403


def test_private_stream_ends_with_its_token(either):
    token = sign("room/9", KEY, int(time.time()) + 2)
    with listen(either, "room/9", f"?token={token}") as connection:
        assert b"event: bye\nretry: " in read_all(connection)


@pytest.mark.parametrize(("path", "status"), [("/live/", 404), ("/live/public/a%20b", 404), ("/live/%0a", 404)])
def test_channel_that_cannot_be_is_404(site, path, status):
    assert site.get(path).status == status
    assert site.get("/live/public/a", method="POST", body=b"").status == 405


def test_comment_comes_again_and_again(either):
    with listen(either, "public/beat") as connection:
        data = b""
        while data.count(b": still here\n\n") < 2:
            data += connection.recv(1000)


def test_reader_who_does_not_read_is_dropped_and_a_fast_one_gets_all(either):
    channel = "public/flood"
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with contextlib.closing(slow), listen(either, channel) as fast:
        slow.connect(("127.0.0.1", either.port))
        slow.sendall(f"GET /live/{channel} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        eventually(lambda: either.state()["listeners"] == 2)
        received = bytearray()

        def read():
            with contextlib.suppress(OSError):
                while part := fast.recv(1 << 20):
                    received.extend(part)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        base = 5000 if "portable" in str(either.folder) else 6000
        for number in range(150):
            publish(either, channel, base + number, "x" * 20_000)
        eventually(lambda: either.state()["listeners"] == 1, seconds=8)
        eventually(lambda: len(ids(bytes(received))) == 150)
        fast.shutdown(socket.SHUT_RDWR)
        reader.join()
