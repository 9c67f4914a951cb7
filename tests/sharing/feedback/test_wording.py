from __future__ import annotations

from hallway.sharing.feedback.wording import LIKED, WISHED, counted, known


def test_known_keeps_ours_once_in_the_order_of_the_page() -> None:
    assert known(["slides", "clear", "clear", "nonsense"]) == ["clear", "slides"]
    assert not set(LIKED) & set(WISHED)


def test_counted_puts_the_most_frequent_first() -> None:
    found = counted([["clear", "pace"], ["pace"], ["nonsense"], ["clear", "joy"]])
    assert [(str(word), number) for word, number in found] == [
        ("clear", 2),
        ("good pace", 2),
        ("a joy to listen to", 1),
    ]
