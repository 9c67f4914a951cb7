"""The words to tap: kind, concrete, and the same in both languages. Pure: codes in, words out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST = 5
LIKED: dict[str, Promise] = {
    "clear": _("clear"),
    "learned": _("I learned something"),
    "use_it": _("I will use it"),
    "examples": _("good examples"),
    "pace": _("good pace"),
    "honest": _("honest about limits"),
    "joy": _("a joy to listen to"),
    "answers": _("helpful answers"),
}
WISHED: dict[str, Promise] = {
    "too_fast": _("too fast"),
    "too_slow": _("too slow"),
    "more_examples": _("more examples please"),
    "slides": _("slides hard to read"),
    "hear": _("hard to hear"),
    "basics": _("I missed the basics"),
    "deeper": _("I would go deeper"),
    "questions": _("more time for questions"),
}
WORDS: dict[str, Promise] = LIKED | WISHED


def known(codes: Iterable[str]) -> list[str]:
    """The codes that are words of ours, each once, in the order of the page."""
    given = set(codes)
    return [code for code in WORDS if code in given]


def counted(lists: Iterable[Sequence[str]]) -> list[tuple[Promise, int]]:
    """Which words how many people tapped, the most frequent first."""
    numbers = Counter(code for codes in lists for code in known(codes))
    order = list(WORDS)
    return [(WORDS[code], number) for code, number in sorted(numbers.items(), key=lambda n: (-n[1], order.index(n[0])))]
