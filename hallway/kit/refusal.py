"""A refusal is an exception with a stable code and a translated sentence that says what to do.

Pages show it as a message, the API answers 403 or 409 with ``{"code", "detail"}``, a sweep logs it and goes on.
"""

from __future__ import annotations

from django.http import Http404
from django.utils.functional import Promise


class Refusal(Exception):  # noqa: N818 - "refusal" is the house word, see the glossary
    """Something a person asked for that cannot be done now.

    ``code`` is stable and machine-readable (``community.slug_taken``), ``sentence`` is for people, ``status`` is the
    HTTP status a surface answers with, ``field`` names the form field it belongs to, if any.
    """

    def __init__(self, code: str, sentence: str | Promise, *, status: int = 409, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.field = field

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class NothingHere(Http404):
    """There is nothing at an address, and its reader can be told why and what to do now.

    The sentence is the same for what is private. ``way`` is an address to go on from, ``words`` what stands on the
    button that leads there.
    """

    def __init__(self, sentence: str | Promise, *, way: str = "", words: str | Promise = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.way = way
        self.words = words


class NotAllowed(Refusal):
    """The policy said no."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(code, sentence, status=403)


def require(allowed: bool, code: str, sentence: str | Promise) -> None:
    """Raise :class:`NotAllowed` unless the policy allowed it."""
    if not allowed:
        raise NotAllowed(code, sentence)
