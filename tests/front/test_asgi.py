from hallway.front.asgi import read_headers


def test_read_headers_joins_repeated_ones_and_trusts_no_second_host():
    assert read_headers([(b"a", b"1"), (b"b", b"2")]) == {b"a": b"1", b"b": b"2"}
    found = read_headers([(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x", b"1"), (b"x", b"2"), (b"host", b"h")])
    assert found == {b"cookie": b"a=1; b=2", b"x": b"1, 2", b"host": b"h"}
    assert read_headers([(b"host", b"a"), (b"host", b"b")]) == {b"host": b""}
