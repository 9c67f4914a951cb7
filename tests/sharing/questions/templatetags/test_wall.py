"""Words on a wall are cut at a word, and stand as large as they fit."""

from __future__ import annotations

import pytest

from hallway.sharing.questions.templatetags.wall import breadth, cut_at_a_word, fits


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("Short  enough\nhere", 20, "Short enough here"),
        ("One two three four", 10, "One two…"),
        ("One two three four", 8, "One two…"),
        ("A question", 10, "A question"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("A Donaudampfschifffahrtsgesellschaft", 12, "A Donaudamp…"),
    ],
)
def test_cut_at_a_word_never_cuts_one_that_need_not_be(text: str, most: int, cut: str) -> None:
    assert cut_at_a_word(text, most) == cut
    assert len(cut) <= most


def test_fits_grows_smaller_with_the_text() -> None:
    assert [fits("x" * length) for length in (60, 61, 111, 171)] == ["short", "middling", "long", "longest"]


def test_breadth_is_of_the_letters() -> None:
    assert [breadth(code) for code in ("ABCDEF", "WWABCD", "MWMWAB")] == ["", "broad", "broadest"]
