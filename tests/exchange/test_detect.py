"""Which format a file is in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hallway.exchange import detect
from hallway.exchange.findings import SENTENCES, Unreadable, found, sentence
from tests.exchange.programmes import PARIS, small_programme

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("name", sorted(detect.WRITERS))
def test_detect_knows_what_we_write(name: str) -> None:
    assert detect.detect(detect.WRITERS[name](small_programme()), "programme") == name


@pytest.mark.parametrize("name", sorted(detect.WRITERS))
def test_read_takes_what_we_write(name: str) -> None:
    programme = detect.read(detect.WRITERS[name](small_programme()), zone=PARIS)
    assert programme.source_format == name
    assert {"Ouverture", "Pause", "Nuit du code"} <= {session.title for session in programme.sessions}


@pytest.mark.parametrize("name", sorted(detect.WRITERS))
def test_writers_keep_private_things_back(name: str) -> None:
    before = small_programme()
    secret = replace(before.sessions[0], joining_url="https://zoom.us/j/99", private_labels=("Débutante",))
    written = detect.WRITERS[name](replace(before, sessions=(secret, *before.sessions[1:])))
    assert b"zoom.us" not in written
    assert "Débutante".encode() not in written


@pytest.mark.parametrize("name", sorted(detect.WRITERS))
def test_losses_and_media_types_are_told_for_each_writer(name: str) -> None:
    assert detect.MEDIA_TYPES[name]
    assert all(text.endswith(".") for text in detect.LOSSES[name].values())


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 , a spreadsheet", b"%PDF-1.7, x", b"{}", b"[]", b'{"sessions": []}', b"\x89PNG\r\n", b"hello"]
)
def test_detect_refuses_the_rest(data: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        detect.detect(data)
    assert refusal.value.code == "unknown-format"


def test_detect_refuses_kotlinconf(shared: Path) -> None:
    with pytest.raises(Unreadable):
        detect.read((shared / "kotlinconf-2025/conference.json").read_bytes())


def test_sentence_fills_every_message() -> None:
    names = ("count", "value", "title", "name", "zone", "limit", "format", "encoding", "character", "detail")
    params = dict.fromkeys((*names, "as_read", "as_local"), "x" * 300)
    for code in SENTENCES:
        text = sentence(found(code, **params))
        assert "%(" not in text
        assert text.endswith(".")


def test_unreadable_says_what_to_do() -> None:
    with pytest.raises(Unreadable) as refusal:
        detect.detect(b"")
    assert (refusal.value.code, bool(refusal.value.sentence)) == ("empty-file", True)


def test_found_refuses_unknown_codes() -> None:
    with pytest.raises(KeyError):
        found("no-such-code")


def test_read_takes_the_format_it_is_told() -> None:
    data = json.dumps([{"id": "1", "fullName": "Ada Exemple"}]).encode()
    assert detect.read(data, format="sessionize", zone=PARIS).people[0].name == "Ada Exemple"


def test_detect_takes_a_table_by_its_name() -> None:
    assert detect.detect((FIXTURES / "organiser.csv").read_bytes(), "Programme.CSV") == "csv"
