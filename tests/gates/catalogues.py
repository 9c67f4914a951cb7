"""French is complete: no text without its translation, none that a machine guessed, and the places in texts agree."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
# French typography: a (narrow) no-break space stands before these, and apostrophes are round.
TYPEWRITTEN = re.compile(r"\w [;:?!»]|« |\w'\w")
COMPLETE = ("fr",)


def violations(root: Path) -> list[str]:
    found = []
    for language in COMPLETE:
        path = root / "hallway" / "locale" / language / "LC_MESSAGES" / "django.po"
        if not path.exists():
            return [f"there is no catalogue for {language}: run ./dev messages"]
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        for message in catalogue:
            if message.id:
                found += [f"{language}: {fault}: {_first(message.id)!r}" for fault in _faults(message, language)]
    return found


def _first(texts: str | tuple[str, ...] | list[str]) -> str:
    return texts if isinstance(texts, str) else texts[0]


def _faults(message: Message, language: str) -> list[str]:
    said = [message.string] if isinstance(message.string, str) else list(message.string)
    if not all(said):
        return ["untranslated"]
    found = ["fuzzy"] if message.fuzzy else []
    wanted = {name for pair in PLACE.findall(_first(message.id)) for name in pair if name}
    places = {name for text in said for pair in PLACE.findall(text) for name in pair if name}
    if places - wanted - {"count", "counter", "n", "number"}:
        found.append(f"has a place the original lacks: {', '.join(sorted(places - wanted))}")
    if language == "fr" and any(TYPEWRITTEN.search(text) for text in said):
        found.append("wants no-break spaces before ; : ? ! » after « and round apostrophes")
    return found
