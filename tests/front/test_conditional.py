import pytest

from hallway.front.conditional import best_coding, not_modified, read_date, write_date


@pytest.mark.parametrize(
    ("if_none_match", "expected"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("a", False)],
)
def test_not_modified_compares_quoted_etags(if_none_match, expected):
    assert not_modified(if_none_match, "", '"a"', None) is expected


def test_not_modified_by_date_only_without_etag():
    date = write_date(1000).decode()
    assert not_modified("", date, '"a"', 1000)
    assert not not_modified("", date, '"a"', 1001)
    assert not not_modified("", date, '"a"', None)
    assert not not_modified('"b"', date, '"a"', 1000)
    assert not not_modified("", "yesterday", '"a"', 1000)


def test_read_date_takes_nonsense_for_none():
    assert read_date("Mon, 99 Xyz 2026 00:00:00 GMT") is None
    assert read_date("Thu, 01 Jan 1970 00:16:40 GMT") == 1000


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (b"gzip, deflate, br", "br"),
        (b"gzip", "gzip"),
        (b"br;q=0.5, gzip;q=0.8", "gzip"),
        (b"br;q=0, gzip;q=0", "identity"),
        (b"*", "br"),
        (b"", "identity"),
        (b"identity, *;q=0", "identity"),
        (b"gzip;q=x", "identity"),
    ],
)
def test_best_coding_follows_the_weights(header, coding):
    assert best_coding(header) == coding
