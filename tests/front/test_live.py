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


def rule(site, viewer, author, more=""):
    assert site.get(f"/rule?viewer={viewer}&author={author}{more}", cookie="hallway_session=x").status == 200


def guest(site, channel, viewer):
    return listen(site, channel, f"?token={sign(channel, KEY, int(time.time()) + 60, viewer)}")


def by(author, *more):
    return "&".join([f"text&author={author}", *more])


def test_words_of_a_hidden_author_are_left_out_live_and_when_catching_up(either):
    channel, base = f"public/hidden{id(either)}", either.port * 100
    viewer = base + 1
    rule(either, viewer, 9)
    publish(either, channel, base + 1, by(9))
    publish(either, channel, base + 2, by(8))
    with guest(either, channel, viewer) as one, listen(either, channel) as anybody:
        publish(either, channel, base + 3, by(9))
        publish(either, channel, base + 4, by(8))
        assert ids(read_to(one, base + 4)) == [base + 4]
        data = read_to(anybody, base + 4)
        assert ids(data) == [base + 3, base + 4]
        assert b"author" not in data
    token = sign(channel, KEY, int(time.time()) + 60, viewer)
    with listen(either, channel, f"?token={token}&after={base}") as one:
        assert ids(read_to(one, base + 4)) == [base + 2, base + 4]


@pytest.mark.parametrize("told", ["", "&tell=1"])
def test_block_takes_effect_in_an_open_stream_and_ends(either, told):
    channel, base = f"public/block{id(either)}{told[1:2]}", either.port * 100 + 20 + 20 * bool(told)
    with guest(either, channel, base) as one:
        rule(either, base, 9, told)
        time.sleep(0.5 if told else 3)
        publish(either, channel, base + 1, by(9))
        publish(either, channel, base + 2, by(8))
        assert ids(read_to(one, base + 2)) == [base + 2]
        rule(either, base, 9, f"&ends=1{told}")
        time.sleep(0.5 if told else 3)
        publish(either, channel, base + 3, by(9))
        assert ids(read_to(one, base + 3)) == [base + 3]


@pytest.mark.parametrize("told", ["", "&tell=1"])
def test_whoever_may_no_longer_listen_is_sent_away_and_not_let_in_again(either, told):
    channel, base = f"room/{id(either)}{told[1:2]}", either.port * 100 + 60 + bool(told)
    token = sign(channel, KEY, int(time.time()) + 60, base)
    with listen(either, channel, f"?token={token}") as one:
        began = time.monotonic()
        rule(either, base, 0, told)
        assert b"event: bye" in read_all(one)
        assert time.monotonic() - began < (1.5 if told else 5)
    assert either.get(f"/live/{channel}?token={token}").status == 403


def test_event_whose_publisher_was_lost_reaches_listeners(either):
    channel, base = f"public/lost{id(either)}", either.port * 100 + 80
    with listen(either, channel) as one:
        publish(either, channel, base + 1)
        assert ids(read_to(one, base + 1)) == [base + 1]
        publish(either, channel, base + 2, "text&lost=1")
        assert ids(read_to(one, base + 2)) == [base + 2]


def test_reader_who_missed_very_much_comes_back_for_the_rest(either):
    channel, base = f"public/much{id(either)}", 10_000_000 + either.port * 1000
    for number in range(1, 131):
        publish(either, channel, base + number)
    with listen(either, channel, f"?after={base}") as one:
        data = read_all(one)
    assert ids(data) == [*range(base + 1, base + 101), base + 100]  # and once more, where to go on
    assert b"event: bye" in data
    with listen(either, channel, f"?after={base + 100}") as one:
        assert ids(read_to(one, base + 130)) == list(range(base + 101, base + 131))


def test_reader_is_not_refused_for_ever_when_rights_cannot_be_asked(own_site):
    site = own_site()
    (site.folder / "database-is-away").touch()
    with site.connect() as connection:
        connection.sendall(b"GET /live/public/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"event: bye\nretry: " in answer


def test_readers_who_cannot_be_asked_about_do_not_all_come_back_in_one_moment(own_site):
    site = own_site()
    (site.folder / "database-is-away").touch()
    times = set()
    for _ in range(12):
        answer = site.raw(b"GET /live/public/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        times.add(answer.rpartition(b"retry: ")[2].split(b"\n")[0])
    assert len(times) > 2
