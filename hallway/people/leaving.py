"""What speaks against leaving: packages register objections that a person can do something about first.

``objects_to_leaving`` takes a function from a person to sentences, each saying what to do: "Find another organiser
for Highveld Makers first". Registered in the package's ``receivers.py``.
"""

from __future__ import annotations

from collections.abc import Callable

from .models import Person

OBJECTIONS: list[Callable[[Person], list[str]]] = []


def objects_to_leaving(function: Callable[[Person], list[str]]) -> Callable[[Person], list[str]]:
    """Register a function that names what a person has to settle before they leave."""
    OBJECTIONS.append(function)
    return function


def leaving_objections(person: Person) -> list[str]:
    """Everything that has to be settled first, in the reader's language; empty when they may go."""
    return [sentence for function in OBJECTIONS for sentence in function(person)]
