from __future__ import annotations

from hallway.sharing.feedback.likeness import LIKE, LONGEST, key_of, likeness


def test_same_words_in_another_order_are_one_key() -> None:
    assert key_of("The tracer loses its names.") == key_of("Names: the TRACER loses a name")
    assert key_of("Le traceur perd ses noms") == key_of("« noms » : le traceur perd")
    assert key_of("The tracer loses names") != key_of("The tracer keeps names")
    assert key_of("…? the it is") == ""
    assert len(key_of(" ".join(f"word{n}" for n in range(900)))) == LONGEST


def test_likeness_is_the_share_of_words_in_common() -> None:
    assert likeness("tracer loses names", "tracer loses names often") == 0.75 >= LIKE
    assert likeness("tracer", "kettle") == 0
    assert likeness("", "kettle") == 0 == likeness("kettle", "?")
