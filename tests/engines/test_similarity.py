"""How alike short texts are."""

from __future__ import annotations

from hallway.engines.similarity import likeness

ASKED = [
    "How do you test code that talks to the clock?",
    "Which database do you use in production?",
    "Comment testez-vous le code qui dépend de l’heure ?",
    "Will the slides be shared?",
]


def test_likeness_of_the_same_words_is_one_and_of_none_is_nought() -> None:
    assert likeness("Will the slides be shared", ASKED)[3] > 0.999
    assert likeness("", ASKED) == [0.0] * 4
    assert likeness("zzz", ["", "qqq"]) == [0.0, 0.0]
    assert likeness("anything", []) == []


def test_likeness_finds_what_was_asked_in_other_words() -> None:
    for typed, meant in [
        ("testing clock code", 0),
        ("what databases in production?", 1),
        ("tester du code qui depend de l'heure", 2),
        ("sharing slides", 3),
    ]:
        alike = likeness(typed, ASKED)
        assert alike.index(max(alike)) == meant, typed
        assert max(alike) > 0.3, typed


def test_likeness_weighs_rare_words_more_than_those_of_every_question() -> None:
    asked = ["How do you test the clock?", "How do you bake bread?", "How do you store secrets?", "How do you sleep?"]
    alike = likeness("How do you keep secrets?", asked)
    assert alike.index(max(alike)) == 2
    assert max(alike) > 1.5 * sorted(alike)[-2]
