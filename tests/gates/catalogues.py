"""French is complete and typeset: nothing untranslated or guessed, places agree, quotes and spaces as in print.

English and French both say “you” politely and without exclamation marks. What is written in French outside of the
catalogue, in pages of Markdown, in the demonstration and beside English in the code, is typeset the same way. What a
template puts together itself has no bare colon: `{% colon %}` knows the space before it.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

PLACE = re.compile(r"%\((\w+)\)0?\d*[sd]|\{(\w+)\}")
COMPLETE = ("fr",)
# Under another name, xgettext does not see what is said.
TRANSLATION = "django.utils.translation"
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
# A colon after a tag, a variable or an element, outside of what is translated as a whole.
WHOLE = re.compile(r"\{% blocktranslate\b.*?\{% endblocktranslate %\}", re.DOTALL)
BARE_COLON = re.compile(r"(?:%\}|\}\}|>):\s")
# « de %(name)s » is wrong for Awa and « d’%(name)s » for Zoé: the sentence is to be turned so that nothing is elided.
ELIDED = re.compile(
    r"\b(?:(?:de|que|jusque|lorsque|puisque|ne|se|le|la|je|me|ce)[ \u00a0]|(?:d|l|qu|n|s)’)(?:<[^>]*>)?(?:%\(|\{)(\w+)"
)
# Places that are filled with a date or a figure, before which nothing is elided.
FIGURES = {"day", "when", "end", "since", "as_read", "as_local", "km", "limit", "most", "version", "ordinal", "time"}


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
    found += [f"{where}: {fault}: {text!r}" for where, text in _prose(root) for fault in _unset(text)]
    found += [f"{where}: write {{% colon %}}: {around!r}" for where, around in _bare_colons(root)]
    return found + [f"{where}: {name} is not collected: call it gettext or _" for where, name in _renamed(root)]


def _renamed(root: Path) -> Iterator[tuple[str, str]]:
    """Functions of translation under a name whose texts no catalogue gets."""
    for path in sorted((root / "hallway").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION:
                yield from ((path.name, one.asname) for one in node.names if one.asname not in {None, "_", one.name})


def _bare_colons(root: Path) -> Iterator[tuple[str, str]]:
    """Where a template sets a colon itself, which is typeset wrongly in French."""
    for path in sorted((root / "hallway").rglob("templates/**/*.*")):
        if path.suffix in {".html", ".txt"}:
            text = WHOLE.sub("{% whole %}", path.read_text(encoding="utf-8"))
            for one in BARE_COLON.finditer(text):
                yield path.name, text[max(0, one.start() - 40) : one.end() + 20]


def _prose(root: Path) -> Iterator[tuple[str, str]]:
    """French outside of the catalogue, with where it stands: `x.fr.md`, columns `x_fr`, and `{"fr": "…"}`."""
    package = root / "hallway"
    for path in sorted(package.rglob("*.fr.md")):
        yield from ((path.name, line) for line in path.read_text(encoding="utf-8").splitlines())
    for path in sorted(package.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                yield from ((path.name, text or "") for column, text in row.items() if (column or "").endswith("_fr"))
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    is_french = isinstance(key, ast.Constant) and key.value == "fr"
                    if is_french and isinstance(value, ast.Constant) and isinstance(value.value, str):
                        yield path.name, value.value


def _unset(*texts: str) -> list[str]:
    """What is not typeset in French texts."""
    return [f"wants {words}" for words in dict.fromkeys(said for rule, said in FRENCH if any(map(rule.search, texts)))]


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
    if any(re.search(r"\w'\w", text) for text in asked):
        found.append("the original wants a round apostrophe")
    elided = sorted(set(ELIDED.findall("\n".join(said))) - FIGURES)
    found += [f"cannot know whether to elide before {place}: turn the sentence" for place in elided]
    return found + _unset(*said)


def _places(text: str) -> set[str]:
    return {name for pair in PLACE.findall(text) for name in pair if name}
