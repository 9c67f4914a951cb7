"""Every text a person can see goes through a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

from .tree import name_of, templates

SAID_IN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-confirm", "summary"}
UNSEEN = {"script", "style"}
# Names are the same in every language.
PROPER_NAMES = {
    "Hallway",
    "English",
    "Français",
    "iCal",
    "iCalendar",
    "frab",
    "Sessionize",
    "JSON",
    "XML",
    "CSV",
    "RSS",
}
PROPER_NAMES |= {"GitHub", "GitLab", "Google", "OpenStreetMap", "QR", "UTC", "PDF", "RSS", "Atom"}
WORD = re.compile(r"[^\W\d_]{2,}")
# Not words: entities, addresses, places of gettext.
ENTITY = re.compile(r"&#?\w+;|\S*/\S*|\S*\?\w+=\S*")


def violations(root: Path) -> list[str]:
    return [
        f"{name_of(path, root)}:{line}: “{text}” is not translated"
        for path in templates(root)
        if path.suffix in {".html", ".txt"}
        for line, text in untranslated(path.read_text(encoding="utf-8"), html=path.suffix == ".html")
    ]


def untranslated(source: str, *, html: bool = True) -> Iterator[tuple[int, str]]:
    """Line and words of each text in a template that stands outside of a translation."""
    bare = _without_tags(source)
    if html:
        reader = _Reader()
        reader.feed(bare)
        reader.close()
        pieces = reader.pieces
    else:
        pieces = list(enumerate(bare.splitlines(), 1))
    for line, text in pieces:
        words = [word for word in WORD.findall(ENTITY.sub(" ", text)) if word not in PROPER_NAMES]
        if words:
            yield line, " ".join(words[:8])


def _without_tags(source: str) -> str:
    """The template without what Django fills in; lines keep their numbers."""
    kept: list[str] = []
    inside = ""
    for token in Lexer(source).tokenize():
        lines = "\n" * token.contents.count("\n")
        if token.token_type == TokenType.TEXT:
            kept.append(token.contents if not inside else "\n" * token.contents.count("\n"))
            continue
        word = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents.split() else ""
        if not inside and word in {"blocktranslate", "blocktrans", "comment"}:
            inside = f"end{word}"
        elif inside == word:
            inside = ""
        kept.append(("0" if token.token_type == TokenType.VAR else " ") + lines)
    return "".join(kept)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[tuple[int, str]] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        given = dict(attrs)
        is_button = tag == "input" and given.get("type") in {"submit", "button"}
        said = SAID_IN_ATTRIBUTES | ({"value"} if is_button else set())
        said |= {"content"} if (given.get("name") or given.get("property") or "").endswith("description") else set()
        self.pieces += [(self.getpos()[0], value) for name, value in attrs if name in said and value]

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN and self.unseen > 0

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.pieces.append((self.getpos()[0], data))
