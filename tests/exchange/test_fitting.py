from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from hallway.exchange.findings import sentence
from hallway.exchange.fitting import fitted
from hallway.exchange.programme import Programme
from hallway.exchange.trust import without_joining_details

from .programmes import hostile_programmes, small_programme


def test_what_fits_stays_as_it_is() -> None:
    made = fitted(small_programme())
    assert replace(made, warnings=()) == small_programme()
    assert [finding.code for finding in made.warnings] == ["roles-left", "look-left"]


def test_what_no_event_holds_is_said_with_its_count() -> None:
    sessions = tuple(
        replace(one, picture_url="https://a.example/1.png", recording_licence="CC BY 4.0")
        for one in small_programme().sessions
    )
    made = fitted(replace(small_programme(), sessions=sessions, place="Le Quai", colour="", tracks=()))
    said = {finding.code: dict(finding.message_params) for finding in made.warnings}
    assert said == {
        "roles-left": {"count": 1},
        "session-pictures-left": {"count": 5},
        "licences-left": {"count": 5},
        "place-left": {"value": "Le Quai"},
    }


@given(hostile_programmes())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_fitting_twice_changes_nothing_more(programme: Programme) -> None:
    once = fitted(programme)
    twice = fitted(once)
    assert replace(twice, warnings=(), refused=()) == replace(once, warnings=(), refused=())
    assert all(sentence(finding) for finding in (*once.warnings, *once.refused))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Join at https://zoom.us/j/123 now", "Join at … now"),
        ("[Join](https://meet.google.com/abc-defg) us", "[Join](…) us"),
        ("Passcode: 4711, welcome", "…, welcome"),
        ("Mot de passe : abc9", "…"),
        ("We passed 3 exams", "We passed 3 exams"),
    ],
)
def test_only_the_joining_details_go_from_a_text(text: str, left: str) -> None:
    found, kept_back = without_joining_details(text)
    assert found == left
    assert bool(kept_back) == (text != left)
