from __future__ import annotations

import time

import pytest

from hallway.gathering.events.joining_words import found_in
from tests.pace import slower


@pytest.mark.parametrize(
    "text",
    [
        "Join at https://us02web.zoom.us/j/81234567890?pwd=abc",
        "zoom.us/j/812345678",
        "https://meet.google.com/abc-defg-hij",
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting",
        "https://meet.jit.si/HighveldMakers",
        "https://jitsi.example.org/room",
        "https://bbb.example.org/b/ann-abc-def",
        "https://visio.example.org/b/ann-abc-def",
        "https://example.webex.com/meet/ann",
    ],
)
def test_found_in_names_meeting_links(text: str) -> None:
    assert [finding.kind for finding in found_in(text)][:1] == ["link"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Passcode: 123456", "Passcode: 123456"),
        ("mot de passe : s3cret", "mot de passe : s3cret"),
        ("Code d’accès 4821", "Code d’accès 4821"),
        ("Meeting ID: 8123", "Meeting ID: 8123"),
    ],
)
def test_found_in_names_passcodes(text: str, words: str) -> None:
    assert [(finding.kind, finding.words) for finding in found_in(text)] == [("passcode", words)]


@pytest.mark.parametrize("text", ["+27 11 555 0123", "Ring 01 23 45 67 89 on arrival", "812 3456 7890"])
def test_found_in_names_long_groups_of_digits(text: str) -> None:
    assert [finding.kind for finding in found_in(text)] == ["digits"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "On 2026-10-08 from 18:30 to 21:00, 60 seats, R 1 250.",
        "See https://example.org/2026/10/08/talks/81234567890 and https://zoomato.example/menu",
        "Bring your password manager. We use Python 3.11 and PostgreSQL 16.",
        "8.10.2026 - 9.10.2026",
        "http://[broken",
    ],
)
def test_found_in_leaves_ordinary_words_alone(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    "text", ["1 " * 10_000, "a." * 10_000, "http://" * 3_000, "(" * 20_000, "+1-" * 6_666, "passcode " * 2_000]
)
def test_found_in_is_quick_on_hostile_texts(text: str) -> None:
    begin = time.process_time()
    found_in(text[:20_000])
    spent = time.process_time() - begin
    assert spent < 3 * slower()
