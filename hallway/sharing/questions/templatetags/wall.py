"""Words on a wall: cut so that they fit, never in the middle of one."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def cut_at_a_word(text: str, most: int) -> str:
    """At most so many characters, cut after a whole word; in writing without spaces, after a character."""
    words = " ".join(str(text).split())
    if len(words) <= most:
        return words
    head = words[: most - 1]
    at_a_word = head.rpartition(" ")[0] if words[most - 1] != " " else head
    # Where the last word is longer than half of it all, there is no word to cut at.
    return f"{at_a_word if len(at_a_word) > most // 2 else head}…"


@register.filter
def fits(text: str) -> str:
    """How long a question is, as the class that says how large it stands."""
    length = len(text)
    return next((name for most, name in ((60, "short"), (110, "middling"), (170, "long")) if length <= most), "longest")


@register.filter
def breadth(code: str) -> str:
    """How much room six letters take, as the class that says how large they stand: all on one line."""
    broad = sum(letter in "MWQ" for letter in code)
    return "broadest" if broad > 3 else "broad" if broad > 1 else ""
