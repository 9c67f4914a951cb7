"""From a template to a letter: subject, text and, where there is one, HTML, in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from hallway.kit import instance
from hallway.people.models import Person

LONGEST_SUBJECT = 250
_FILENAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_TEXT_TYPE = re.compile(r"text/[a-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9._-]+)*")


@dataclass(frozen=True)
class Letter:
    """A rendered mail. ``html`` is empty when the template has none."""

    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Attachment:
    """A text file that goes with a mail, as in ``text/calendar; method=PUBLISH; charset=utf-8``.

    Raises ``ValueError`` for a file name that is not plain ASCII and for what is no text.
    """

    filename: str
    content_type: str
    text: str

    def __post_init__(self) -> None:
        if not _FILENAME.fullmatch(self.filename) or not _TEXT_TYPE.fullmatch(self.content_type):
            raise ValueError(f"no attachment: {self.filename!r} {self.content_type!r}")

    @property
    def media_type(self) -> str:
        """``text/calendar``, without what stands after it."""
        return self.content_type.partition(";")[0]

    @property
    def parameters(self) -> dict[str, str]:
        """What stands after the type, but for the encoding: mail is always UTF-8."""
        given = (part.strip().partition("=") for part in self.content_type.split(";")[1:])
        return {name: value for name, _equals, value in given if name != "charset"}


def write(template: str, context: dict[str, Any], *, person: Person | None, language: str | None) -> Letter:
    """Render a mail's templates in ``language``, else the person's, else the page's."""
    known = dict(settings.LANGUAGES)
    wanted = language or (person.page_language if person else "") or translation.get_language() or "en"
    code = wanted[:2] if wanted[:2] in known else "en"
    everything = {
        "person": person,
        "instance_name": instance.value("site.name"),
        "base_url": settings.HALLWAY_BASE_URL,
        "mail_language": code,
        **context,
    }
    with translation.override(code):
        subject = " ".join(_render(f"{template}.subject.txt", everything, escape=False).split())
        return Letter(
            language=code,
            subject=_cut(subject),
            text=_render(f"{template}.txt", everything, escape=False).strip() + "\n",
            html=_html(f"{template}.html", everything),
        )


def _cut(subject: str) -> str:
    return subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…"


def _render(name: str, context: dict[str, Any], *, escape: bool) -> str:
    template: Any = get_template(name)
    rendered: str = template.template.render(Context(context, autoescape=escape))
    return rendered


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


def _html(name: str, context: dict[str, Any]) -> str:
    try:
        source = _render(name, context, escape=True)
    except TemplateDoesNotExist as missing:
        if str(missing) != name:
            raise
        return ""
    return _inliner().inline(source)
