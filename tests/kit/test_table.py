from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hallway.kit.table import csv_bytes, guarded, unguarded

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
texts = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("=+-@'; \t\r\n\u00a0,\"")), max_size=30)


def opened(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_csv_bytes_open_with_accents_and_lines_of_windows() -> None:
    content = csv_bytes(["Name", "Seats"], [["Éloïse Ndlovu", 2], ['Inês "Nê", M.', None]])
    assert content == b'\xef\xbb\xbfName,Seats\r\n\xc3\x89lo\xc3\xafse Ndlovu,2\r\n"In\xc3\xaas ""N\xc3\xaa"", M.",\r\n'


def test_csv_bytes_leave_numbers_alone_and_guard_the_rest() -> None:
    content = csv_bytes(["=now()"], [[-1, -1.5, Decimal("-2"), True, "-1"]])
    assert opened(content) == [["'=now()"], ["-1", "-1.5", "-2", "True", "'-1"]]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(1)", "'  @SUM(1)"),
        ("\t\r\n=1", "'=1"),
        ("\0=1", "'=1"),
        ("a;=1+1", "a;'=1+1"),
        ('a;"=1', "a;'\"=1"),
        ("a\n+1", "a\n'+1"),
        ("＝1", "'＝1"),
        ("plan:\n- one\n- two", "plan:\n- one\n- two"),
        ("it's", "it's"),
        ("", ""),
    ],
)
def test_guarded_cells_are_not_calculated_and_otherwise_as_they_were(text: str, cell: str) -> None:
    assert guarded(text) == cell


@given(texts)
@example("''=1")
@example("a;'=1")
def test_guarded_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text.replace("\0", "").lstrip("\t\r\n")


@example([["x", 'a;"=1+1;b'], ["x", "a\n=1"]])
@given(st.lists(st.lists(texts, min_size=2, max_size=4), max_size=4))
def test_csv_bytes_hold_no_formula_whatever_parts_the_cells(rows: list[list[str]]) -> None:
    content = csv_bytes(["a", "b"], rows)
    assert b"\0" not in content
    for row in opened(content):
        assert not any(cell.lstrip(" \u00a0").startswith(SIGNS) for cell in row)
    for row in opened(content, delimiter=";"):
        assert not any(re.match(r"[ \u00a0]*([=+@]|-(?! ))", cell) for cell in row)
