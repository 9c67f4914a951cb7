"""Comparing words without case, accents or punctuation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallway.vocabulary.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Saint-Étienne", "saint etienne"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Œuvre", "oeuvre"),
        ("L’Aquila", "l aquila"),
        ("  a_b\tc ", "a b c"),
        ("東京", "東京"),
        ("!?", ""),
    ],
)
def test_fold_takes_case_accents_and_punctuation_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
