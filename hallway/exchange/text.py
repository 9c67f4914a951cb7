"""One style for every long text: HTML, Markdown or plain text is told apart per field and kept as Markdown
source.

Only tags are converted; a text that is already Markdown passes unchanged, so reading what we wrote changes
nothing. What is in backticks is code and is never taken for HTML. Sanitising happens where Markdown is
rendered; here scripts, styles and unsafe links merely go.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from hallway.exchange.trust import web_address

_TAGS = (
    ""
    "p|br|a|ul|ol|li|b|i|em|strong|div|span|h[1-6]|code|pre|blockquote|img|hr|table|thead|tbody|tr|td|th"
    "|script|style|iframe"
    ""
    "|font|u|s|small|sub|sup|figure|figcaption|section|article|svg|object|embed|form|input|button|video"
    "|audio|del|html|head|body"
)
_TAG = re.compile(rf"(?<!\\)</?(?:{_TAGS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"(?<!\\)<(?:p|ul|ol|div|table|h[1-6]|blockquote|section|article)(?=[\s/>])", re.IGNORECASE)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{2,5});")
# The last two ranges turn the direction of the text around them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile("[ \t\n\r\f\v\u0085\u2028\u2029]+")
_KEPT_CODE = re.compile("\ue000(\\d+)\ue001")
_PRETTY_INDENT = 8  # less is a list inside a list
_SILENT = {"script", "style", "head", "iframe", "object", "embed", "svg", "form", "video", "audio"}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "del": "~~", "s": "~~"}
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "figure",
    "table",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
_INSTEAD = {"br": "\n", "hr": "\n\n---\n\n", "tr": "\n", "td": " ", "th": " "}
_VOID = {"br", "hr", "img", "embed", "input"}


def _holds_tags(text: str) -> bool:
    if "<" not in text:
        return False
    return _TAG.search(_CODE.sub("", text) if "`" in text else text) is not None


def one_line(raw: object) -> str:
    """A title or name: no control characters, no line breaks, common entities resolved; other values as
    text.
    """
    if not isinstance(raw, str):
        return "" if raw is None or isinstance(raw, dict | list | bool) else str(raw)
    text = _CONTROL.sub("", _SPACES.sub(" ", raw)).strip()
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def to_markdown(raw: object) -> str:
    """A long text as Markdown source; anything that is not text gives an empty text."""
    if not isinstance(raw, str) or not raw:
        return ""
    text = _CONTROL.sub("", re.sub("\r\n?|\u2028|\u2029", "\n", raw))
    if _holds_tags(text):
        text = _from_html(text)
    return _tidy(text)


def _tidy(text: str) -> str:
    """Indentation of pretty-printed files and trailing spaces gone, at most one blank line in a row."""
    lines = [line.rstrip() for line in text.strip().expandtabs(4).split("\n")]
    indents = [len(line) - len(line.lstrip(" ")) for line in lines[1:] if line]
    shared = min(indents, default=0)
    shared = shared if shared >= _PRETTY_INDENT else 0
    lines = [lines[0], *(line[shared:] for line in lines[1:])]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _from_html(text: str) -> str:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\ue000{len(kept) - 1}\ue001"

    if "`" in text:
        text = _CODE.sub(keep, text)
    converter = _Converter(keeps_lines=not _BLOCK_TAG.search(text))
    converter.feed(text)
    converter.close()
    return _KEPT_CODE.sub(
        lambda match: kept[int(match.group(1))] if int(match.group(1)) < len(kept) else "", converter.result()
    )


class _Converter(HTMLParser):
    """Writes Markdown while the parser walks. Entities stay as they are: Markdown knows them, and `&lt;`
    stays harmless.
    """

    def __init__(self, *, keeps_lines: bool) -> None:
        super().__init__(convert_charrefs=False)
        self._parts: list[str] = []
        self._keeps_lines = keeps_lines
        self._lists: list[int | None] = []
        self._links: list[str] = []
        self._quiet = 0
        self._literal = 0

    def result(self) -> str:
        text = "".join(self._parts).replace("\u00a0", " ")
        text = re.sub(r"[ \t]+\n", "\n", text)
        return re.sub(r"\*\*\s*\*\*|~~\s*~~", "", text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT and tag not in _VOID:
            self._quiet += 1
        if self._quiet:
            return
        if tag in _INSTEAD:
            self._parts.append(_INSTEAD[tag])
        elif tag == "img":
            self._parts.append(dict(attrs).get("alt") or "")
        elif tag == "a":
            self._links.append(web_address(dict(attrs).get("href")))
            self._parts.append("[" if self._links[-1] else "")
        elif tag == "li":
            self._open_item()
        elif tag in _MARKS and not self._literal:
            self._parts.append(_MARKS[tag])
        elif tag in _BLOCKS:
            self._open_block(tag)

    def _open_item(self) -> None:
        depth = max(len(self._lists) - 1, 0)
        mark = "- "
        if self._lists and (number := self._lists[-1]) is not None:
            mark, self._lists[-1] = f"{number}. ", number + 1
        self._parts.append("\n" + "   " * min(depth, 6) + mark)

    def _open_block(self, tag: str) -> None:
        nested = bool(self._lists)
        if tag in {"ul", "ol"}:
            self._lists.append(1 if tag == "ol" else None)
        if tag == "pre":
            self._literal += 1
            self._parts.append("\n\n```\n")
        elif not nested:
            self._parts.append(
                "\n\n" + ("#" * int(tag[1]) + " " if tag[0] == "h" else "> " if tag == "blockquote" else "")
            )

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and tag not in _VOID:
            self._quiet = max(self._quiet - 1, 0)
        if self._quiet or tag in _VOID:
            return
        if tag == "a" and self._links:
            if address := self._links.pop():
                self._parts.append(f"]({address.replace('(', '%28').replace(')', '%29')})")
        elif tag in _MARKS and not self._literal:
            self._parts.append(_MARKS[tag])
        elif tag in _BLOCKS:
            self._close_block(tag)

    def _close_block(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        if tag == "pre" and self._literal:
            self._literal -= 1
            self._parts.append("\n```\n\n")
        elif not self._lists:
            self._parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._quiet:
            return
        if not self._keeps_lines and not self._literal:
            data = _SPACES.sub(" ", data)
            if not self._parts or self._parts[-1].endswith("\n"):
                data = data.lstrip(" ")
        self._parts.append(data)

    def handle_entityref(self, name: str) -> None:
        if not self._quiet:
            self._parts.append(_plain_entity(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        if not self._quiet:
            self._parts.append(_plain_entity(f"&#{name};"))


def _plain_entity(entity: str) -> str:
    """The character it stands for, except the three that could make new tags or entities."""
    character = _CONTROL.sub("", html.unescape(entity))
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(character, character)
