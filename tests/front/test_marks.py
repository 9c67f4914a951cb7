import pytest

from hallway.front.asgi import Request
from hallway.front.marks import Marks, is_personal, reason_against, take_marks


def request(method="GET", **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"method": method, "path": "/", "raw_path": b"/", "query_string": b"", "headers": pairs})


def test_take_marks_splits_internal_headers_off():
    clean, marks = take_marks(
        [
            (b"content-type", b"text/html"),
            (b"x-hallway-store", b"a b"),
            (b"x-hallway-seq", b"7"),
            (b"x-hallway-query", b"day room"),
            (b"x-hallway-good-until", b"12.5"),
        ]
    )
    assert clean == [(b"content-type", b"text/html")]
    assert marks == Marks(frozenset("ab"), 7, 12.5, frozenset({"day", "room"}))


def test_take_marks_strips_what_it_cannot_read(caplog):
    assert take_marks([(b"x-hallway-store", b"a"), (b"x-hallway-seq", b"x")]) == ([], None)
    assert take_marks([(b"x-hallway-anything", b"a")]) == ([], None)
    assert "without a readable mark" in caplog.text


def test_is_personal_sees_session_flash_and_authorization():
    assert is_personal(request(cookie="a=b; hallway_session=1"))
    assert is_personal(request(cookie="hallway_flash=1"))
    assert is_personal(request(authorization="Bearer x"))
    assert not is_personal(request(cookie="hallway_language=fr"))


@pytest.mark.parametrize(
    "header",
    [
        (b"set-cookie", b"a=b"),
        (b"cache-control", b"Private"),
        (b"cache-control", b"max-age=1, no-store"),
        (b"content-encoding", b"gzip"),
        (b"vary", b"Cookie, HX-Request"),
        (b"vary", b"*"),
        (b"content-security-policy", b"script-src 'nonce-abc'"),
    ],
)
def test_reason_against_finds_what_makes_an_answer_personal(header):
    assert reason_against(request(), 200, [header]) is not None


def test_reason_against_is_none_for_the_same_page_for_everybody():
    headers = [(b"vary", b"Accept-Language, Cookie"), (b"cache-control", b"public, no-cache")]
    assert reason_against(request(), 200, headers) is None
    assert reason_against(request(), 404, headers) is not None
    assert reason_against(request("HEAD"), 200, headers) is not None
    assert reason_against(request(cookie="hallway_session=1"), 200, headers) is not None
