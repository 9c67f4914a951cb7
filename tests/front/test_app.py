"""Stored pages, invalidation and admission on the real server."""

import contextlib
import http.client
import json
import sqlite3
import threading
import time

import pytest

from hallway.front.app import host_is_allowed
from hallway.front.conditional import digest_of


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("hallway.example", True),
        ("Fr.Hallway.example:8000", True),
        ("127.0.0.1:80", True),
        ("evilhallway.example", False),
        ("hallway.example.evil", False),
        ("hallway.example@evil", False),
        ("", False),
        ("a b", False),
        ("[::1]:80", False),
    ],
)
def test_host_is_allowed_by_name_or_leading_dot(host, allowed):
    assert host_is_allowed(host, ["127.0.0.1", ".hallway.example"]) is allowed
    assert host_is_allowed("[::1]:80", ["[::1]"])


def test_stored_page_has_the_same_headers_as_the_built_one_and_no_internal_ones(either):
    built = either.get("/page/same", accept_encoding="identity")
    stored = either.settled("/page/same", accept_encoding="identity")
    assert built.text.startswith("nothing  call ")
    assert stored.text.startswith("nothing  call ")
    assert (built.headers["etag"] == stored.headers["etag"]) == (built.text == stored.text)
    for name, value in built.headers.items():  # it is built again where a look at the revisions came between
        assert name in {"date", "etag"} or stored.headers[name] == value
    assert not any(name.startswith("x-hallway") for name in (*built.headers, *stored.headers))
    assert stored.headers["vary"] == "Accept-Encoding, Accept-Language, Cookie"


def test_stored_page_answers_304_to_every_form_of_condition(either):
    stored = either.settled("/page/condition")
    etag = stored.headers["etag"]
    for value in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = either.get("/page/condition", if_none_match=value)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == etag
        assert answer.headers["content-security-policy"] == "default-src 'self'"
    assert either.get("/page/condition", if_none_match='"x"').status == 200
    time.sleep(1.1)
    dated = either.get("/page/condition").headers["last-modified"]
    assert either.get("/page/condition", if_modified_since=dated).status == 304
    assert either.get("/page/condition", if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT").status == 200
    assert either.get("/page/condition", if_modified_since=dated, if_none_match='"x"').status == 200


def test_answer_that_is_only_now_stored_has_the_etag_it_will_have(either):
    built = either.get("/page/first", accept_encoding="identity")
    stored = either.settled("/page/first", accept_encoding="identity")
    assert built.headers["etag"] == f'"{digest_of(built.body)}"'
    assert stored.headers["etag"] == f'"{digest_of(stored.body)}"'


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_page_built_anew_answers_304_to_whoever_has_it(either, coding):
    etag = either.settled("/same", accept_encoding=coding).headers["etag"]
    for known in (etag, f"W/{etag}"):
        before = either.state()["store_hits"]
        either.write("same", "", tags=("page:same",))
        answer = either.get("/same", accept_encoding=coding, if_none_match=known)
        assert (answer.status, answer.body, either.state()["store_hits"]) == (304, b"", before)
        assert answer.headers["etag"].removeprefix("W/") == etag
        assert "content-length" not in answer.headers
        assert either.settled("/same", accept_encoding=coding).status == 200, "it is stored whole all the same"
    either.write("same", "", tags=("page:same",))
    assert either.get("/same", accept_encoding=coding, if_none_match='"x"').status == 200


def test_stored_page_in_each_coding_has_its_own_etag(either):
    either.settled("/page/codings")
    codings = [either.get("/page/codings", accept_encoding=coding) for coding in ("identity", "gzip", "br")]
    assert [answer.headers.get("content-encoding") for answer in codings] == [None, "gzip", "br"]
    assert len({answer.headers["etag"] for answer in codings}) == 3
    crossed = either.get("/page/codings", accept_encoding="gzip", if_none_match=codings[2].headers["etag"])
    assert crossed.status == 200


def test_head_is_answered_from_the_store_and_by_the_application(either):
    built = either.get("/page/head", method="HEAD")
    assert (built.status, built.body) == (200, b"")
    assert int(built.headers["content-length"]) > 0
    before = either.settled("/page/head")
    stored = either.get("/page/head", method="HEAD")
    assert stored.headers["etag"] == before.headers["etag"]
    assert stored.body == b""


def test_edit_in_another_process_shows_on_the_very_next_fetch(either):
    for version in range(20):
        either.write("edited", f"version {version}")
        assert either.get("/page/edited").text.startswith(f"version {version} ")
        either.settled("/page/edited")
    untouched = either.settled("/page/untouched").headers["etag"]
    either.write("edited", "once more")
    assert either.get("/page/untouched").headers.get("etag") == untouched


def test_page_built_while_its_facts_changed_is_not_stored(site):
    site.write("race", "old")
    site.get("/page/race")
    with contextlib.ExitStack() as stack:
        slow = threading.Thread(target=site.get, args=("/page/race?day=400",))
        slow.start()
        stack.callback(slow.join)
        time.sleep(0.15)
        site.write("race", "new")
    time.sleep(0.1)
    assert site.get("/page/race?day=400").text.startswith("new ")
    assert site.get("/page/race").text.startswith("new ")


def test_page_is_kept_until_its_time_and_no_longer(site):
    first = site.settled("/page/fleeting").text
    assert site.get("/page/fleeting").text == first
    time.sleep(0.5)
    assert site.get("/page/fleeting").text != first


def test_languages_and_known_parameters_have_copies_of_their_own(site):
    english = site.settled("/page/variants", accept_language="en").text
    french = site.settled("/page/variants", accept_language="fr").text
    assert english != french
    assert site.get("/page/variants", accept_language="en", cookie="hallway_language=fr").text == french
    assert site.get("/page/variants?lang=fr", accept_language="en").text == french
    day = site.settled("/page/variants?room=2&day=1").text
    assert site.get("/page/variants?day=1&room=2").text == day
    assert site.get("/page/variants?day=2&room=2").text != day


def test_unknown_parameters_neither_read_nor_fill_the_store(site):
    plain = site.settled("/page/campaign").text
    first = site.get("/page/campaign?utm_source=x").text
    assert first != site.get("/page/campaign?utm_source=x").text
    assert site.get("/page/campaign").text == plain


@pytest.mark.parametrize(
    "leak",
    [
        "Set-Cookie:csrftoken=x",
        "Cache-Control:private",
        "Cache-Control:no-store",
        "Vary:HX-Request",
        "Content-Encoding:gzip",
    ],
)
def test_planted_leak_is_never_stored(site, leak):
    path = f"/marked?with={leak}"
    first = site.get(path).body
    time.sleep(0.1)
    assert site.get(path).body != first


def test_marked_page_without_leak_is_stored(site):
    assert site.settled("/marked?with=").body == site.get("/marked?with=").body


@pytest.mark.parametrize("headers", [{"cookie": "hallway_session=x"}, {"cookie": "hallway_flash=x"},
                                     {"authorization": "Bearer x"}])  # fmt: skip
def test_personal_request_never_reads_nor_fills_the_store(site, headers):
    name = f"personal-{len(str(headers))}"
    first = site.get(f"/page/{name}", **headers).text
    time.sleep(0.1)
    assert site.get(f"/page/{name}", **headers).text != first
    public = site.settled(f"/page/{name}").text
    assert public != first
    assert site.get(f"/page/{name}", **headers).text != public


def test_internal_headers_of_a_client_are_ignored(site):
    headers = {"x_hallway_store": "a", "x_hallway_seq": "999999", "x_hallway_query": "x"}
    assert "HALLWAY" not in site.get("/echo", **headers).text
    first = site.get("/count", **headers).text
    time.sleep(0.05)
    assert site.get("/count").text != first


def test_store_waits_while_revisions_cannot_be_read(own_site):
    site = own_site()
    stored = site.settled("/page/one").text
    with contextlib.closing(sqlite3.connect(site.folder / "site.sqlite3")) as db, db:
        db.execute("ALTER TABLE kit_revision RENAME TO elsewhere")
    hits = site.process  # the server lives on
    answer = site.get("/count")
    assert answer.status == 200 and hits.poll() is None
    with contextlib.closing(sqlite3.connect(site.folder / "site.sqlite3")) as db, db:
        db.execute("ALTER TABLE elsewhere RENAME TO kit_revision")
    assert site.get("/page/one").text.split(" call ")[0] == stored.split(" call ")[0]


def test_foreign_or_doubled_host_is_refused_in_the_readers_language(site):
    answer = site.get("/page/one", host="evil.example", accept_language="fr")
    assert answer.status == 400
    assert "adresse" in answer.text
    doubled = site.raw(b"GET /page/one HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\nConnection: close\r\n\r\n")
    assert doubled.startswith(b"HTTP/1.1 400 ")
    assert site.raw(b"GET /page/one HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("target", ["/page/a%00b", "/echo?q=%00"])
def test_nul_is_refused(site, target):
    assert site.get(target).status == 400


def test_healthz_answers_json_for_any_host(site):
    answer = site.get("/healthz", host="10.0.0.1")
    assert answer.status == 200
    assert json.loads(answer.body) == {"status": "ok", "database": True}


def test_failing_view_is_a_500_with_a_sentence_and_the_server_goes_on(site):
    answer = site.get("/raise", accept_language="fr")
    assert answer.status == 500
    assert "réessayez" in answer.text.lower()
    assert "planted" not in answer.text
    assert site.get("/count").status == 200


def test_keep_alive_serves_store_and_application_in_turn(site):
    site.settled("/page/turns")
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
    with contextlib.closing(connection):
        for path in ("/page/turns", "/count", "/page/turns", "/static/plain.js", "/missing", "/count") * 3:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            assert response.status == (404 if path == "/missing" else 200)
