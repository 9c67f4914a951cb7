"""What pages of what stays open say: ``{% load hallways %}``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from hallway.kit.localised import pick
from hallway.kit.templatetags.hallway import say_when
from hallway.kit.text import render
from hallway.programme.schedule.queries.visible import title_of
from hallway.vocabulary.languages import language_name

from ..forms.languages import page_language
from ..models import Answer, Floor, Question
from ..queries import Ledger

register = template.Library()
LATER = gettext_lazy(
    "It has an answer in writing that stands, by anybody who was there, from during the session or after it."
)


@dataclass(frozen=True)
class Figure:
    """One figure of a ledger: what it is called, how many, how it is counted, and its part of the drawing."""

    key: str
    name: str
    number: int
    counted: str
    begins: str = ""
    width: str = ""


def figures_of(ledger: Ledger) -> list[Figure]:
    """Answered live, later and open, each with its part of a drawing a hundred wide."""
    told = (
        ("live", _("Answered in the room"), ledger.live, _("A speaker or moderator marked it as answered there.")),
        ("later", _("Answered later"), ledger.later, str(LATER)),
        ("open", pgettext("unanswered", "Open"), ledger.open, _("Neither yet.")),
    )
    figures, begins = [], 0.0
    for key, name, number, counted in told:
        width = 100 * number / ledger.asked if ledger.asked else 0.0
        figures.append(Figure(key, name, number, counted, f"{begins:.2f}", f"{width:.2f}"))
        begins += width
    return figures


@register.inclusion_tag("questions/ledger.html")
def ledger(ledger: Ledger) -> dict[str, Any]:
    """What became of the questions: a drawing, the same figures in words, and how each is counted."""
    return {"ledger": ledger, "figures": figures_of(ledger)}


@register.simple_tag
def ledger_line(ledger: Ledger) -> str:
    """``13 questions: 3 answered in the room, 4 later, 6 open.``"""
    if not ledger.asked:
        return _("No questions yet.")
    asked = ngettext("%(n)s question", "%(n)s questions", ledger.asked) % {"n": ledger.asked}
    words = {"asked": asked, "live": ledger.live, "later": ledger.later, "open": ledger.open}
    return _("%(asked)s: %(live)s answered in the room, %(later)s later, %(open)s open.") % words


@register.filter
def answers_said(question: Question) -> str:
    """``Answered in the room, 2 answers`` or ``Open``: what became of a question, in a row of a list."""
    number = getattr(question, "answers_there", 0)
    parts = [_("Answered in the room")] if question.answered_live_at else []
    parts += [ngettext("%(n)s answer", "%(n)s answers", number) % {"n": number}] if number else []
    return ", ".join(parts) or pgettext("unanswered", "Open")


@register.filter
def wanted_said(question: Question) -> str:
    """``3 people want this answered``, or nothing."""
    number = question.votes
    words = ngettext("%(n)s person wants this answered too", "%(n)s people want this answered too", number)
    return words % {"n": number} if number else ""


@register.filter
def occasion(floor: Floor) -> str:
    """``“Tests that tell” (Jacaranda Conf, 8 October 2026)``, for mails; a name both have is said once."""
    title, event = pick(title_of(floor.session)).text, floor.event
    about = [] if pick(event.title).text == title else [pick(event.title).text]
    about += [say_when(floor.starts_at.astimezone(event.tz), "yMMMMd")] if floor.starts_at else []
    words = _("“%(title)s”") % {"title": title}
    return f"{words} ({', '.join(about)})" if about else words


@register.filter
def called(code: str) -> str:
    """The name of a language on this page."""
    return language_name(code, page_language())


@register.filter
def elsewhere(code: str) -> bool:
    """Whether a text is in another language than the page."""
    return bool(code) and code[:2] != page_language()


@register.filter
def markdown(text: str) -> SafeString:
    """What somebody wrote, as safe HTML."""
    return render(text)


@register.simple_tag
def mark_key(kind: str, answer: Answer) -> str:
    """``helped-12``: what a button of an answer is called, so that it is found again."""
    return f"{kind}-{answer.pk}"
