"""Figures of a ledger, and what a row says."""

from __future__ import annotations

import pytest
from django.utils import translation

from hallway.sharing.questions.models import Question
from hallway.sharing.questions.queries import Ledger
from hallway.sharing.questions.templatetags import hallways
from tests.factories import FloorFactory


@pytest.mark.parametrize("ledger", [Ledger(3, 4, 6, 1), Ledger(1, 1, 1), Ledger(0, 0, 5), Ledger(7, 0, 0)])
def test_figures_are_drawn_side_by_side_and_fill_the_drawing(ledger: Ledger) -> None:
    figures = hallways.figures_of(ledger)
    assert [one.number for one in figures] == [ledger.live, ledger.later, ledger.open]
    ends = 0.0
    for one in figures:
        assert float(one.begins) == pytest.approx(ends, abs=0.02)
        ends += float(one.width)
        assert float(one.width) == pytest.approx(100 * one.number / ledger.asked, abs=0.01)
    assert ends == pytest.approx(100, abs=0.02)
    assert all(one.counted for one in figures)


def test_empty_ledger_draws_nothing() -> None:
    assert {one.width for one in hallways.figures_of(Ledger(refused=3))} == {"0.00"}
    assert hallways.ledger_line(Ledger()) == "No questions yet."


def test_ledger_is_said_in_a_line() -> None:
    line = hallways.ledger_line(Ledger(3, 4, 6))
    assert line == "13 questions: 3 answered in the room, 4 later, 6 open."


def test_row_says_what_became_of_it() -> None:
    question = Question(votes=1)
    assert (hallways.answers_said(question), hallways.wanted_said(question)) == (
        "Open", "1 person wants this answered too",
    )  # fmt: skip
    question.answers_there, question.votes = 2, 0
    assert (hallways.answers_said(question), hallways.wanted_said(question)) == ("2 answers", "")


@pytest.mark.django_db
def test_occasion_is_where_and_when_it_was_asked() -> None:
    named = {"session__title": {"en": "Tests that tell"}, "session__event__title": {"en": "Conf"}}
    floor = FloorFactory(session__talk=None, **named)
    assert hallways.occasion(floor) == "“Tests that tell” (Conf, 8 October 2026)"
    floor.event.title = {"en": "Tests that tell"}
    assert hallways.occasion(floor) == "“Tests that tell” (8 October 2026)", "a name both have is said once"
    floor.starts_at = None
    assert hallways.occasion(floor) == "“Tests that tell”"


def test_language_is_named_where_it_is_another_than_the_pages() -> None:
    assert (hallways.elsewhere("en"), hallways.elsewhere("fr"), hallways.elsewhere("")) == (False, True, False)
    with translation.override("fr"):
        assert (hallways.elsewhere("fr-CA"), hallways.called("en")) == (False, "anglais")
