"""What templates say of questions."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hallway.kit.localised import Text, pick
from hallway.kit.qr import qr_svg
from hallway.kit.templatetags.hallway import say_clock, zone_of
from hallway.kit.text import plain
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import title_of

from ..addresses import room_page
from ..models import Floor
from ..queries import Ledger

register = template.Library()
BEGINNING = 400


@register.filter
def beginning(text: str) -> str:
    """The first lines of an answer, without the marks of Markdown."""
    return plain(text, limit=BEGINNING)


@register.filter
def clock_in(moment: datetime, zone: str) -> str:
    """A time of day in a zone: ``18:42``."""
    return say_clock(moment.astimezone(zone_of(zone)))


@register.filter
def title_of_session(session: Session) -> Text:
    """A session's title in the page's language, with the language it is in."""
    return pick(title_of(session))


@register.simple_tag
def asked_words(ledger: Ledger) -> str:
    """``13 questions``."""
    return ngettext("%(number)s question", "%(number)s questions", ledger.asked) % {"number": ledger.asked}


@register.simple_tag
def ledger_words(ledger: Ledger) -> str:
    """``3 answered in the room, 4 later, 6 still open, 1 not shown``: what became of the questions."""
    counted = (
        (ledger.live, ngettext("%(n)s answered in the room", "%(n)s answered in the room", ledger.live)),
        (ledger.later, ngettext("%(n)s answered later", "%(n)s answered later", ledger.later)),
        (ledger.open, ngettext("%(n)s open", "%(n)s open", ledger.open)),
        (
            ledger.refused,
            ngettext("%(n)s not shown by the moderators", "%(n)s not shown by the moderators", ledger.refused),
        ),
    )
    return ", ".join(words % {"n": number} for number, words in counted if number)


@register.simple_tag
def floor_qr(floor: Floor) -> SafeString:
    """The code that leads a phone to the room page."""
    return qr_svg(settings.HALLWAY_BASE_URL + room_page(floor), label=_("QR code to ask a question"))


@register.simple_tag
def floor_address(floor: Floor) -> SafeString:
    """The same for those who type: where, and which code."""
    host = settings.HALLWAY_BASE_URL.removeprefix("https://").removeprefix("http://")
    return format_html("<bdi>{}/q</bdi> · <b>{}</b>", host, floor.code)
