"""What Sessionize's categories mean, read from their titles; those about the person stay private."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hallway.exchange.shapes import listing, objects, words
from hallway.exchange.text import one_line

Meaning = Literal["track", "level", "language", "kind", "tag", "private"]

_MEANINGS: tuple[tuple[Meaning, str], ...] = (
    (
        "private",
        r"first[- ]time|new speaker|under[- ]?represented|divers|gender|genre|pronoun|pronom|t-?shirt|diet"
        r"|régime|travel|visa|handicap|disabilit|speaker (?:experience|level|type)|debut|première fois",
    ),
    ("level", r"level|niveau|difficulty|difficulté|audience|complexity|experience"),
    ("language", r"language|langue|sprache|言語|idioma"),
    ("kind", r"format|type|duration|durée|length"),
    ("track", r"track|piste|parcours|stream|theme|thème|category|catégorie"),
    ("tag", r".*"),
)
_PATTERNS = tuple((meaning, re.compile(pattern, re.IGNORECASE)) for meaning, pattern in _MEANINGS)


@dataclass(slots=True)
class Labels:
    """A session's or speaker's category items, sorted by what they mean."""

    track: str = ""
    level: str = ""
    language: str = ""
    kind: str = ""
    tags: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)

    def take(self, meaning: Meaning, name: str) -> None:
        """Files one item; a second track becomes a tag, several languages and levels stand side by side."""
        if not name:
            return
        if meaning == "private":
            self.private.append(name)
        elif meaning == "tag" or (meaning == "track" and self.track):
            self.tags.append(name)
        else:
            known = getattr(self, meaning)
            setattr(self, meaning, f"{known}, {name}" if known else name)


def meaning_of(title: str, kind: str = "") -> Meaning:
    """What a category of that title holds; categories of type "speaker" are about the person."""
    if kind.lower() == "speaker":
        return "private"
    return next(meaning for meaning, pattern in _PATTERNS if pattern.search(title))


def items_by_id(categories: object) -> dict[str, tuple[Meaning, str]]:
    """The items of view All's `categories`, by their identifier."""
    return {
        words(item.get("id")): (
            meaning_of(words(c.get("title")), words(c.get("type"))),
            one_line(words(item.get("name"))),
        )
        for c in objects(categories)
        for item in objects(c.get("items"))
    }


def labels_of(source: Mapping[str, Any], items: Mapping[str, tuple[Meaning, str]]) -> Labels:
    """The labels of a session or speaker, from item identifiers (view All) or whole categories (other
    views).
    """
    labels = Labels()
    for ident in listing(source.get("categoryItems")):
        if (item := items.get(words(ident))) is not None:
            labels.take(*item)
    for category in objects(source.get("categories")):
        meaning = meaning_of(words(category.get("name") or category.get("title")), words(category.get("type")))
        for name in _names(category.get("categoryItems") or category.get("items")):
            labels.take(meaning, name)
    return labels


def _names(items: object) -> Iterable[str]:
    return (one_line(words(item.get("name") if isinstance(item, dict) else item)) for item in listing(items))
