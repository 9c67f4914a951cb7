"""French is complete and typeset: nothing untranslated or guessed, places agree, quotes and spaces as in print.

English and French both say “you” politely and without exclamation marks.
"""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

PLACE = re.compile(r"%\((\w+)\)0?\d*[sd]|\{(\w+)\}")
COMPLETE = ("fr",)
# A narrow no-break space (U+202F) stands before ; : ? ! » and after «. A colon needs none in 18:30 and https:.
FRENCH = (
    (re.compile(r"[ \u00a0][;:?!]|\w[?!]|\w:(?=\s|$)"), "no-break space"),
    (re.compile(r"«(?!\u202f)|(?<!\u202f)»"), "no-break space"),
    (re.compile(r"\d %|%\(\w+\)s (?:km|Mo|min|h)\b"), "no-break space before a unit"),
    (re.compile(r"\w'\w"), "round apostrophe"),
    (re.compile(r"“|”"), "French quotes: « »"),
    (re.compile(r"\b(?:tu|te|toi|ton|ta|tes)\b|\bt’", re.IGNORECASE), "“vous”, never “tu”"),
    (re.compile(r"\w·\w"), "neutral words without a middle dot"),
)


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
                found += [f"{language}: {fault}: {_forms(message.id)[0]!r}" for fault in _faults(message)]
    return found


def _forms(texts: str | tuple[str, ...] | list[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def _faults(message: Message) -> list[str]:
    asked, said = _forms(message.id), _forms(message.string or "")
    if not all(said):
        return ["untranslated"]
    found = ["fuzzy"] if message.fuzzy else []
    wanted = _places(asked[-1])
    if extra := set().union(*map(_places, said)) - wanted:
        found.append(f"has a place the original lacks: {', '.join(sorted(extra))}")
    # "One person" may do without its figure; the plural, and a text without one, say all the original says.
    if lost := wanted - _places(said[-1]):
        found.append(f"lost a place of the original: {', '.join(sorted(lost))}")
    if any("!" in text for text in (*asked, *said)):
        found.append("has an exclamation mark")
    wants = dict.fromkeys(words for rule, words in FRENCH if any(rule.search(text) for text in said))
    return found + [f"wants {words}" for words in wants]


def _places(text: str) -> set[str]:
    return {name for pair in PLACE.findall(text) for name in pair if name}
