from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from hallway.kit.slugs import forwarded, is_well_formed, one_at_a_time, propose_slug, remember_slug, validate_slug


@pytest.mark.parametrize(
    ("text", "taken", "expected"),
    [
        ("Jacaranda Conf 2026", set(), "jacaranda-conf-2026"),
        ("Jacaranda Conf", {"jacaranda-conf"}, "jacaranda-conf-2"),
        ("Éa", set(), "ea-item"),
        ("日本", set(), "item"),
        ("Search", set(), "search-2"),
    ],
)
def test_propose_slug_finds_a_free_one(text: str, taken: set[str], expected: str) -> None:
    assert propose_slug(text, taken.__contains__) == expected
    assert is_well_formed(expected)


@pytest.mark.parametrize("bad", ["abc", "UPPER", "with space", "é-accent", "x" * 61, "tail\n"])
def test_validate_slug_refuses(bad: str) -> None:
    with pytest.raises(ValidationError):
        validate_slug(bad)


@pytest.mark.django_db
def test_remember_slug_forwards_to_the_latest_thing() -> None:
    remember_slug("event", "old-name", 3)
    remember_slug("event", "old-name", 4)
    assert forwarded("event", "old-name") == 4
    assert forwarded("community", "old-name") is None


@pytest.mark.django_db(transaction=True)
def test_one_at_a_time_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        one_at_a_time("event")


def test_propose_slug_of_a_name_that_many_have_asks_a_few_times() -> None:
    taken = {"nomsa", *(f"nomsa-{number}" for number in range(2, 1_000))}
    asked: list[str] = []

    def is_taken(slug: str) -> bool:
        asked.append(slug)
        return slug in taken

    assert propose_slug("Nomsa", is_taken) not in taken
    assert len(asked) <= 22
