from __future__ import annotations

import http.client
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hallway.front.app import Line
from hallway.front.backplane import Valkey
from hallway.site import serving
from tests.front.conftest import free_port
from tests.site.test_cli import environment


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer


def answers(port: int) -> bool:
    try:
        return ask(port, "/healthz").status == 200
    except OSError:
        return False


def eventually(condition: Any, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """``hallway serve`` on an empty folder, as on the first day of an instance, and ended politely."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    command = [sys.executable, "-m", "hallway", "serve", "--port", str(port)]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, env=environment(folder / "data"), stdout=said, stderr=said)
    eventually(lambda: answers(port) or process.poll() is not None)
    yield port, folder
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0, (folder / "said").read_text()


def test_serve_makes_everything_it_needs_and_shows_the_way_in(served: tuple[int, Path]) -> None:
    port, folder = served
    token = (folder / "data" / "first-start.token").read_text()
    assert f"/instance/start/?token={token}" in (folder / "said").read_text()
    page = ask(port, "/")
    assert (page.status, page.headers["Location"]) == (302, "/instance/start/")


def test_serve_answers_pages_from_the_store_and_static_files_with_every_header(served: tuple[int, Path]) -> None:
    port, _folder = served

    def again() -> int:
        tag = ask(port, "/communities/", Accept_Encoding="br").headers["ETag"] or ""
        return ask(port, "/communities/", Accept_Encoding="br", If_None_Match=tag).status

    eventually(lambda: again() == 304, seconds=30)
    first = ask(port, "/communities/", Accept_Encoding="br")
    sheet = ask(port, "/static/kit/hallway.css")
    assert (first.status, sheet.status) == (200, 200)
    for answer in (first, sheet):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
    assert ask(port, "/static/kit/none.css").status == ask(port, "/media/../secret.key").status == 404


def test_find_upload_stays_in_its_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "face.webp").write_bytes(b"a picture")
    (tmp_path / "secret.key").write_text("secret")
    assert serving.find_upload("face.webp") == tmp_path / "media" / "face.webp"
    assert [
        serving.find_upload(name) for name in ("../secret.key", "a/../../secret.key", "gone.webp", "", "a" * 5_000)
    ] == [None] * 5


def test_body_limit_is_wide_for_programmes_alone() -> None:
    assert serving.body_limit("/c/highveld/import/") > 100_000_000 > serving.body_limit("/c/highveld/edit/")


def test_note_access_says_who_answered(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "hallway.access")
    serving.note_access(Line("GET", "/events/", 200, 0.0042, "127.0.0.1", "store"))
    assert caplog.messages == ["GET /events/ 200 4.2 ms by store"]


def test_make_front_hears_of_other_processes_through_valkey(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving.kit_live, "use", lambda *used: None)
    settings.HALLWAY_VALKEY_URL = "redis://127.0.0.1:1/0"
    assert isinstance(serving.make_front().backplane, Valkey)
