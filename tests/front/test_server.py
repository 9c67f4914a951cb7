"""Start and stop of the real server."""

import contextlib
import signal
import threading
import time

from tests.front.conftest import read_all, read_until
from tests.pace import slower


def test_start_is_quick(own_site):
    site = own_site()
    assert time.monotonic() - site.began < 3 * slower()  # 0.3 s on a quiet machine, interpreter and imports included


def test_stop_with_a_hundred_streams_and_a_view_under_way(own_site):
    site = own_site()
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(site.connect()) for _ in range(100)]
        for stream in streams:
            stream.sendall(b"GET /live/public/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for stream in streams:
            read_until(stream, b": hello\n\n")
        answers = []
        view = threading.Thread(target=lambda: answers.append(site.get("/slow?s=1")))
        view.start()
        time.sleep(0.3)
        began = time.monotonic()
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(10) == -signal.SIGTERM
        assert time.monotonic() - began < 3
        view.join()
        assert answers[0].text == "at last"
        assert all(b"event: bye\nretry: " in read_all(stream) for stream in streams)


def test_stop_does_not_wait_for_hung_threads_for_ever(own_site):
    site = own_site()
    for _ in range(2):
        connection = site.connect()
        connection.sendall(b"GET /slow?s=60 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        connection.close()
    time.sleep(0.3)
    began = time.monotonic()
    assert site.stop() == -signal.SIGTERM
    assert time.monotonic() - began < 10
