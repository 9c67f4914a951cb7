"""The one cleaner and the one renderer of what people write.

Users write Markdown. :func:`clean` makes any input safe to hold, :func:`render` makes it safe to show.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import nh3
from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Characters that turn the direction of text around them; a stray one could mirror a whole page.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Letters and signs by category that show nothing: fillers of Hangul, the empty Braille cell.
_EMPTY = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN = {"Cf", "Zs", "Zl", "Zp", "Cc", "Mn", "Me"}  # not Cn: a picture newer than this Python's tables is seen
_TAGS = {
    "p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h2", "h3", "h4", "h5", "h6", "hr",
    "del",
}  # fmt: skip


def clean(value: str, *, limit: int, one_line: bool = False) -> str:
    """Text that can be held: normalised, without control or direction-turning characters, edges trimmed.

    What shows nothing at all, as a name of zero-width characters would, is empty.
    Raises ``forms.ValidationError`` when it is longer than ``limit`` characters, saying by how much.
    """
    value = unicodedata.normalize(
        "NFC", _BIDI.sub("", _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))
    )
    value = " ".join(value.split()) if one_line else value.strip()
    if all(character in _EMPTY or unicodedata.category(character) in _UNSEEN for character in value):
        return ""
    if len(value) > limit:
        raise forms.ValidationError(
            _("This is too long: %(over)s more than the limit of %(limit)s characters."),
            params={"over": len(value) - limit, "limit": limit},
            code="too_long",
        )
    return value


@cache
def _markdown() -> MarkdownIt:
    # Raw HTML stays text, pictures from elsewhere would be third-party requests: neither is rendered.
    return (
        MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
        .enable(["linkify", "strikethrough"])
        .disable("image")
    )


@lru_cache(maxsize=256)
def render(source: str, top: int = 3) -> SafeString:
    """Safe HTML of a user's Markdown. Headings begin at level ``top`` (2 or 3); links carry ``rel``."""
    html = _markdown().render(source)
    html = re.sub(r"<(/?)h([1-6])>", lambda m: f"<{m[1]}h{min(6, int(m[2]) + top - 1)}>", html)
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(safe)  # noqa: S308 - the sanitiser's own output


@lru_cache(maxsize=256)
def plain(source: str, *, limit: int = 300) -> str:
    """The beginning of a user's Markdown without its marks, for descriptions and previews."""
    words = " ".join(nh3.clean(_markdown().render(source[: limit * 8]), tags=set()).split())
    from html import unescape

    words = unescape(words)
    return words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + "…"


def marked(source: str) -> str:
    """Somebody's words for a plain mail: marked line by line, whatever ends one, so that none passes for ours."""
    return "\n".join(f"> {line}".rstrip() for line in source.splitlines())


# Printed apostrophes and hyphens are those of the keyboard; half of a surrogate pair is no character.
_AS_TYPED = {ord(c): "'" for c in "’‘ʼ"} | {ord(c): "-" for c in "‐‑–—"} | dict.fromkeys(range(0xD800, 0xE000))


def fold(value: str) -> str:
    """Lower case without accents, as typed: ``L’Éléonore`` and ``l'eleonore`` are one word."""
    value = unicodedata.normalize("NFKD", value.casefold().translate(_AS_TYPED))
    return "".join(c for c in value if not unicodedata.combining(c))
