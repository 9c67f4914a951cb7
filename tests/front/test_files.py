import io

import pytest

from hallway.front.files import FileBody, read_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 10)),
        ("bytes=90-500", (90, 10)),
        ("bytes=-10", (90, 10)),
        ("bytes=-500", (0, 100)),
        ("bytes=0-1,5-6", None),
        ("bytes=9-1", None),
        ("bytes=-", None),
        ("lines=0-9", None),
        ("", None),
    ],
)
def test_read_range_finds_first_byte_and_count(header, part):
    assert read_range(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_read_range_outside_raises(header):
    with pytest.raises(ValueError, match="bytes"):
        read_range(header, 100)


def test_file_body_knows_what_lies_on_disk(tmp_path):
    assert not FileBody(io.BytesIO(b"abc")).on_disk
    assert list(FileBody(io.BytesIO(b"abc"))) == [b"abc"]
    with (tmp_path / "a").open("wb+") as file:
        assert FileBody(file).on_disk
