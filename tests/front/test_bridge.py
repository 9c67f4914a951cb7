"""The bridge on the real server: bodies, headers, streams, files, threads."""

import contextlib
import json
import socket
import threading
import time

from benchmarks.loader import memory_mb
from tests.front.conftest import eventually, read_all, read_until
from tests.pace import slower


def head(path, *lines, method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


def test_chunked_upload_arrives_whole(site):
    part = b"%x\r\n" % 65536 + b"x" * 65536 + b"\r\n"
    data = head("/upload", "Transfer-Encoding: chunked", "Connection: close", method="POST") + part * 48
    assert site.raw(data + b"0\r\n\r\n").endswith(b"\r\n\r\n3145728")


def test_bodies_that_never_finish_hold_nobody_up_and_end_with_408(site):
    with contextlib.ExitStack() as stack:
        stalled = []
        for _ in range(12):
            connection = stack.enter_context(site.connect())
            connection.sendall(head("/upload", "Content-Length: 1000", method="POST") + b"x")
            stalled.append(connection)
        time.sleep(0.1)
        began = time.monotonic()
        assert site.get("/count").status == 200
        assert time.monotonic() - began < 0.5 * slower()
        answers = [read_until(connection, b"\r\n\r\n") for connection in stalled]
    assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)


def test_body_over_the_limit_gets_a_413_the_client_can_read(site):
    answer = site.get("/upload/large", method="POST", body=b"x" * 30_000_000, accept_language="fr")
    assert answer.status == 413
    assert "plus petit" in answer.text
    part = b"%x\r\n" % 65536 + b"x" * 65536 + b"\r\n"
    data = head("/upload/large", "Transfer-Encoding: chunked", method="POST") + part * 80 + b"0\r\n\r\n"
    assert site.raw(data).startswith(b"HTTP/1.1 413 ")


def test_expected_continue_is_given_or_refused(site):
    with site.connect() as connection:
        connection.sendall(head("/upload", "Content-Length: 3", "Expect: 100-continue", method="POST"))
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"abc")
        assert b"200 OK" in read_until(connection, b"\r\n\r\n")
    with site.connect() as connection:
        lines = ("Content-Length: 30000000", "Expect: 100-continue")
        connection.sendall(head("/upload/large", *lines, method="POST"))
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 413 ")


def test_names_with_underscore_forge_nothing(site):
    lines = (
        "X-User: real",
        "X_User: forged",
        "Proxy: evil",
        "Cookie: a=1",
        "Cookie: b=2",
        "Connection: close",
    )
    environ = json.loads(site.raw(head("/echo", *lines)).partition(b"\r\n\r\n")[2])
    assert environ["HTTP_X_USER"] == "real"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert "HTTP_PROXY" not in environ


def test_trailers_forge_nothing(site):
    data = head("/echo", "Transfer-Encoding: chunked", "Connection: close", method="POST")
    answer = site.raw(data + b"1\r\nx\r\n0\r\nX-User: forged\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_length_and_chunks_together_are_refused(site):
    data = head("/upload", "Transfer-Encoding: chunked", "Content-Length: 3", method="POST")
    assert site.raw(data + b"0\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_path_bytes_reach_the_application_as_under_any_wsgi_server(site):
    environ = json.loads(site.raw(head("/echo/%ff/%C3%A9", "Connection: close")).partition(b"\r\n\r\n")[2])
    assert environ["PATH_INFO"] == "/echo/\xff/\xc3\xa9"


def test_forwarded_address_of_a_trusted_proxy_counts(site):
    answer = site.get("/echo", x_forwarded_for="203.0.113.7", x_forwarded_proto="https")
    environ = json.loads(answer.body)
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("203.0.113.7", "https")


def test_stalled_downloads_hold_no_thread(site):
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stack.enter_context(connection)
            connection.connect(("127.0.0.1", site.port))
            connection.sendall(head("/file"))
            connection.recv(1000)
        time.sleep(0.2)
        assert site.state()["busy"] == 1  # the one that says so
        began = time.monotonic()
        assert site.get("/count").status == 200
        assert time.monotonic() - began < 0.5 * slower()
        closed = site.state()["files"]
        eventually(lambda: site.state()["files"] >= closed + 2, seconds=6)


def test_file_is_sent_whole_and_closed(site):
    closed = site.state()["files"]
    assert len(site.get("/file").body) == 16 * 1024 * 1024
    answer = site.get("/file", method="HEAD")
    assert answer.headers["content-length"] == str(16 * 1024 * 1024)
    eventually(lambda: site.state()["files"] == closed + 2)


def test_reader_who_leaves_closes_the_generator(site):
    closed = site.state()["streams"]
    with site.connect() as connection:
        connection.sendall(head("/stream"))
        connection.recv(100_000)
    eventually(lambda: site.state()["streams"] == closed + 1)


def test_generator_that_breaks_cuts_the_connection(site):
    answer = site.raw(head("/stream?break=1"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert not answer.endswith(b"0\r\n\r\n")


def test_head_of_a_stream_runs_none_of_it(site):
    answer = site.get("/stream", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


def test_hung_views_get_spare_threads_while_stored_pages_go_on(own_site):
    site = own_site()
    site.settled("/page/one")
    hung = [threading.Thread(target=site.get, args=("/slow?s=4.5",)) for _ in range(2)]
    for thread in hung:
        thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    assert site.get("/page/one").status == 200
    assert time.monotonic() - began < 0.3 * slower()
    assert site.get("/count").status == 200
    assert 1.0 < time.monotonic() - began < 3.2
    assert site.state()["threads"] == 3
    for thread in hung:
        thread.join()


def test_full_queue_is_refused_with_503(own_site):
    site = own_site("--waiting", "3")
    answers = []

    def fetch():
        answers.append(site.get("/slow?s=0.5"))

    threads = [threading.Thread(target=fetch) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [answer for answer in answers if answer.status == 503]
    assert len(refused) == 3
    assert refused[0].headers["retry-after"]
    assert sum(answer.status == 200 for answer in answers) == 5


def test_thousand_at_once_are_all_answered_and_take_little_memory(own_site):
    site = own_site()
    assert site.get("/count").status == 200
    before = memory_mb(site.process.pid)
    with contextlib.ExitStack() as stack:
        hung = [stack.enter_context(site.connect()) for _ in range(2)]
        for connection in hung:
            connection.sendall(head("/slow?s=1.5"))
        time.sleep(0.2)
        crowd = [stack.enter_context(site.connect(30)) for _ in range(1000)]
        for connection in crowd:
            connection.sendall(head("/count", "Content-Length: 20", "Connection: close", method="POST") + b"x" * 20)
        most = 0.0
        for _ in range(10):
            most = max(most, memory_mb(site.process.pid))
            time.sleep(0.1)
        answers = [read_all(connection) for connection in crowd]
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 200"}
    assert most - before < 40  # 15


def test_request_that_waited_too_long_is_refused_and_never_run(own_site):
    site = own_site("--patience", "0.4")
    answers = []
    hung = [threading.Thread(target=site.get, args=("/slow?s=1.2",)) for _ in range(2)]
    for thread in hung:
        thread.start()
    time.sleep(0.2)
    late = [threading.Thread(target=lambda: answers.append(site.get("/count", "POST", b"x" * 9))) for _ in range(4)]
    for thread in late:
        thread.start()
    for thread in [*hung, *late]:
        thread.join()
    assert [(answer.status, answer.headers["retry-after"]) for answer in answers] == [(503, "3")] * 4
    assert site.get("/count").text == "call 1"


def test_request_of_somebody_who_left_is_not_run(own_site):
    site = own_site()
    hung = [threading.Thread(target=site.get, args=("/slow?s=0.8",)) for _ in range(2)]
    for thread in hung:
        thread.start()
    time.sleep(0.2)
    for _ in range(5):
        with site.connect() as connection:
            connection.sendall(head("/count", "Content-Length: 1", method="POST") + b"x")
    for thread in hung:
        thread.join()
    assert site.get("/count").text == "call 1"
    assert site.state()["waiting"] == 0
