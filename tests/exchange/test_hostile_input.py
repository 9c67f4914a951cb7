"""Whatever a file holds, a reader answers with a programme or with one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallway.exchange import detect
from hallway.exchange.findings import Unreadable, sentence
from tests.exchange.programmes import small_programme
from tests.exchange.test_hoverboard import SOURCE
from tests.exchange.test_openplanner import HALL, PLANNER

FIXTURES = Path(__file__).parent / "fixtures"
_ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20), st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=3), st.none()),
    st.sampled_from(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "25:99", "-1", "http://[", "x@y.example"]),
)  # fmt: skip
_JSON = {
    "frab-json": json.loads(detect.WRITERS["frab-json"](small_programme())),
    "sessionize": json.loads(detect.WRITERS["sessionize"](small_programme())),
    "hoverboard": SOURCE,
    "openplanner": PLANNER,
    "openplanner ": HALL,
}


def _paths(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, child in inner for found in _paths(child, (*path, key)))]


def _replaced(value: Any, path: tuple[Any, ...], odd: object) -> Any:
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _replaced(value[path[0]], path[1:], odd)
    return copy


def answers(name: str, data: bytes) -> None:
    """Reads; every finding and refusal must have its sentence, every programme must be writable."""
    try:
        programme = detect.READERS[name](data)
    except Unreadable as refusal:
        assert refusal.sentence
        return
    assert all(sentence(finding) for finding in (*programme.warnings, *programme.refused))
    for write in detect.WRITERS.values():
        write(programme)


@pytest.mark.parametrize("name", sorted(_JSON))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_readers_of_json_answer_to_odd_values(name: str, data: st.DataObject) -> None:
    root: Any = _JSON[name]
    for _ in range(data.draw(st.integers(1, 3))):
        root = _replaced(root, data.draw(st.sampled_from(_paths(root))), data.draw(_ODD))
    answers(name.strip(), json.dumps(root).encode())


@pytest.mark.parametrize("name", ["frab-xml", "ical", "csv"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_readers_of_text_answer_to_cut_and_spoilt_files(name: str, data: st.DataObject) -> None:
    source = detect.WRITERS[name](small_programme())
    start = data.draw(st.integers(0, len(source)))
    stop = data.draw(st.integers(start, min(len(source), start + 40)))
    odd = data.draw(st.one_of(st.binary(max_size=12), st.sampled_from([b"", b"0001", b"9999", b"&amp;", b";", b'"'])))
    answers(name, source[:start] + odd + source[stop:])


@pytest.mark.parametrize("name", sorted(detect.READERS))
@given(data=st.binary(max_size=300))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_readers_answer_to_noise(name: str, data: bytes) -> None:
    answers(name, data)
