"""What we rely on inside uvicorn, on the real server: limits on heads, sockets taken over, orderly stops."""

import contextlib
import http.client
import time

from hallway.front.sentences import sentence
from tests.front.conftest import eventually, read_all, read_until

STREAM = b"GET /live/public/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_stream_on_a_connection_that_served_pages(site):
    site.settled("/page/before")
    with site.connect() as connection:
        for path in (b"/page/before", b"/count"):
            connection.sendall(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % path)
            answer = read_until(connection, b"\r\n\r\n")
            length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            while len(answer.split(b"\r\n\r\n", 1)[1]) < length:
                answer += connection.recv(65536)
        connection.sendall(STREAM)
        assert b": hello\n\n" in read_until(connection, b": hello\n\n")
        site.get("/publish?channel=public/x&id=1&data=hi", cookie="hallway_session=x")
        assert b"id: 1\nevent: note\ndata: hi\n\n" in read_until(connection, b"data: hi\n\n")
        assert site.state()["listeners"] == 1
    eventually(lambda: site.state()["listeners"] == 0)


def test_what_a_listener_says_is_not_heard(site):
    with site.connect() as connection:
        connection.sendall(STREAM)
        read_until(connection, b": hello\n\n")
        connection.sendall(b"GET /count HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 3)
        read_until(connection, b": still here\n\n")


def test_head_over_the_limit_is_refused_in_one_piece_and_in_many(site):
    line = b"X-Long: " + b"x" * 40_000 + b"\r\n"
    assert site.raw(b"GET / HTTP/1.1\r\nHost: h\r\n" + line + b"\r\n").startswith(b"HTTP/1.1 431 ")
    assert site.raw(b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n").startswith(b"HTTP/1.1 414 ")
    with site.connect() as connection, contextlib.suppress(OSError):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nX-Endless: ")
        for _ in range(400):
            connection.sendall(b"x" * 65536)
            time.sleep(0.001)
        raise AssertionError("26 MB of head were taken")
    many = b"".join(b"X-%d: y\r\n" % number for number in range(5000))
    assert site.raw(b"GET / HTTP/1.1\r\nHost: h\r\n" + many + b"\r\n").startswith(b"HTTP/1.1 431 ")
    assert site.get("/count").status == 200


def test_head_that_is_refused_is_told_so_in_a_sentence_of_the_readers_language(site):
    line = b"X-Long: " + b"x" * 40_000 + b"\r\n\r\n"
    french = site.raw(b"GET / HTTP/1.1\r\nHost: h\r\nAccept-Language: fr\r\n" + line).decode()
    assert french.startswith("HTTP/1.1 431 ")
    head, _, body = french.partition("\r\n\r\n")
    assert body == sentence(431, "fr")
    assert f"content-length: {len(body.encode())}\r\n" in head
    chosen = site.raw(b"GET / HTTP/1.1\r\nHost: h\r\nCookie: a=b; hallway_language=fr\r\n" + line).decode()
    assert chosen.endswith(sentence(431, "fr"))
    assert site.raw(b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n").decode().endswith(sentence(414, "en"))
    assert site.raw(b"\x00\r\n\r\n").decode().endswith(sentence(400, "en"))


def test_slow_heads_and_silent_connections_are_closed(site):
    with contextlib.ExitStack() as stack:
        beginnings = [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: h\r\n", b"\r\n\r\n"] * 5
        connections = []
        for beginning in beginnings:
            connection = stack.enter_context(site.connect())
            connection.sendall(beginning)
            connections.append(connection)
        served = stack.enter_context(contextlib.closing(http.client.HTTPConnection("127.0.0.1", site.port)))
        served.request("GET", "/count")
        served.getresponse().read()
        began = time.monotonic()
        answers = [read_all(connection) for connection in connections]
        assert time.monotonic() - began < 4
        assert answers[0] == b""
        assert answers[2].startswith(b"HTTP/1.1 408 ")
        served.request("GET", "/count")  # an idle connection between requests is no slow head
        assert served.getresponse().status == 200


def test_blank_lines_on_an_idle_connection_do_not_hold_it(site):
    with site.connect() as connection:
        connection.sendall(b"GET /count HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        read_until(connection, b"\r\n\r\n")
        connection.sendall(b"\r\n")
        began = time.monotonic()
        read_all(connection)
        assert time.monotonic() - began < 4


def test_pipelined_requests_are_answered_in_order(site):
    request = b"%s /echo/%d HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n"
    data = request % (b"HEAD", 1, b"") + request % (b"GET", 2, b"") + request % (b"GET", 3, b"Connection: close\r\n")
    answer = site.raw(data)
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.index(b'"/echo/2"') < answer.index(b'"/echo/3"')
    assert b'"/echo/1"' not in answer
