"""Topics of talks, people and communities: a list in English and French, and finding them in texts."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hallway.vocabulary.folding import fold

_FILE = Path(__file__).parent / "reference" / "topics.csv"
_LONGEST = 20_000  # characters of a text that are looked at
_PARTS = re.compile(r"[,;|\n]")
# Signs that carry the meaning of a name ("C#", "C++", ".NET") become letters before punctuation goes.
_SPOKEN = (
    (re.compile(r"\+\+"), "plusplus"),
    (re.compile(r"(?<=[A-Za-z])\+(?!\w)"), "plus"),
    (re.compile(r"(?<=[A-Za-z])#"), "sharp"),
    (re.compile(r"(?<!\w)\.(?=net\b)", re.IGNORECASE), "dot"),
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its lasting ``slug``, what English and French speakers call it, and what else means it."""

    slug: str
    english: str
    french: str
    aliases: tuple[str, ...]

    def called(self, language: str) -> str:
        """The name in a language of the pages; English for any other."""
        return self.french if language.startswith("fr") else self.english


@cache
def load_topics() -> dict[str, Topic]:
    """All topics by slug, in the order of their slugs; read once."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: _topic(row) for row in csv.DictReader(file)}


def _topic(row: dict[str, str]) -> Topic:
    aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
    return Topic(row["slug"], row["english"], row["french"], aliases)


def topic_choices(language: str) -> list[tuple[str, str]]:
    """(slug, name) of every topic for a form, by name in the language."""
    named = ((topic.slug, topic.called(language)) for topic in load_topics().values())
    return sorted(named, key=lambda choice: fold(choice[1]))


def match_topics(text: str) -> list[str]:
    """The slugs of the topics a text names, each once, in the order they first appear.

    Only whole words count, in any case, with or without accents, in English or French. Of names that
    overlap the longest wins: "React Native" is not React. Names that are short or everyday words ("Go",
    "AI", "Spark") count only as they are written, except where one stands alone between commas, as in a
    list of tags; there "c" and "r" are languages too.
    """
    found: dict[str, None] = {}
    for part in _PARTS.split(text[:_LONGEST]):
        found.update(dict.fromkeys(_topics_in(part)))
    return list(found)


def _topics_in(part: str) -> list[str]:
    words, written = _words_of(part)
    if len(words) == 1 and words[0] in _table().alone:
        return [_table().alone[words[0]]]
    found: list[str] = []
    at = 0
    while at < len(words):
        slug, length = _longest_at(words, written, at)
        if slug:
            found.append(slug)
        at += length
    return found


def _longest_at(words: list[str], written: list[str], at: int) -> tuple[str, int]:
    """The topic named from this word on, and how many words to go on by; ("", …) when none is."""
    table = _table()
    for length in range(min(table.longest, len(words) - at), 0, -1):
        slug = table.folded.get(tuple(words[at : at + length]))
        if slug is not None:
            return slug, length
    is_amount = at > 0 and written[at - 1].isdigit()  # "16 Go" are gigabytes in French
    return "" if is_amount else table.exact.get(written[at], ""), 1


@dataclass(frozen=True, slots=True)
class _Table:
    folded: dict[tuple[str, ...], str]  # folded words → slug; "" for phrases that mean no topic
    exact: dict[str, str]  # one word as people write it → slug
    alone: dict[str, str]  # the same words folded, for where they are all there is
    longest: int  # words of the longest name


@cache
def _table() -> _Table:
    folded = dict.fromkeys((tuple(phrase.split()) for phrase in _PHRASES), "")
    exact: dict[str, str] = {}
    alone: dict[str, str] = {}
    # First the names, then the aliases: a name is never another topic's alias.
    for slug, name in _all_names():
        words, written = _words_of(name)
        if len(words) > 1 or not _needs_its_case(written[0]):
            folded.setdefault(tuple(words), slug)
            continue
        alone.setdefault(words[0], slug)
        if len(written[0]) > 1:
            exact.setdefault(written[0], slug)
            exact.setdefault(written[0].upper(), slug)
    return _Table(folded, exact, alone, max(map(len, folded)))


def _all_names() -> Iterator[tuple[str, str]]:
    topics = load_topics().values()
    yield from ((topic.slug, name) for topic in topics for name in (topic.english, topic.french))
    yield from ((topic.slug, alias) for topic in topics for alias in topic.aliases)


# Everyday words of English or French that are also names: meant as names only with a capital letter.
_EVERYDAY = frozenset(
    (
        *(
            "ada",
            "apple",
            "astro",
            "backstage",
            "cache",
            "chroma",
            "claude",
            "conway",
            "crystal",
            "cursor",
            "cypress",
        ),
        *(
            "dart",
            "doctrine",
            "elm",
            "flakes",
            "gleam",
            "helm",
            "hugo",
            "istio",
            "julia",
            "kanban",
            "lean",
            "lit",
        ),
        *(
            "llama",
            "loki",
            "mistral",
            "nim",
            "node",
            "orleans",
            "phoenix",
            "processing",
            "raft",
            "rails",
            "react",
        ),
        *(
            "ruby",
            "rust",
            "scheme",
            "selenium",
            "shiny",
            "spark",
            "spring",
            "squeak",
            "swift",
            "temporal",
            "tokio",
        ),
        *("twig", "unity", "vue", "whisper", "windows", "zig"),
    )
)
# Beginnings of sentences in which such a word is not a name.
_PHRASES = (
    *(
        "go to",
        "go further",
        "go beyond",
        "go live",
        "go from",
        "go home",
        "go for",
        "react to",
        "react when",
    ),
    *("vue d ensemble", "vue de", "vue du", "vue sur", "point de vue", "node to", "spring is", "raft of"),
)


def _needs_its_case(word: str) -> bool:
    return len(word) <= 2 or (fold(word) in _EVERYDAY and word[:1].isupper())


def _words_of(text: str) -> tuple[list[str], list[str]]:
    """The words of a text, folded, and the same words as they are written."""
    for sign, spoken in _SPOKEN:
        text = sign.sub(spoken, text)
    written = [word for word in re.split(r"[\W_]+", text) if word and fold(word)]
    return [fold(word) for word in written], written
