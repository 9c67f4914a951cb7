"""The sheet for a room: the code to ask with, large. Values in, PDF out; ``hallway.kit.typeset`` sets it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from hallway.gathering.attendance.printing import TEMPLATES as BOOKLET
from hallway.kit.text import clean
from hallway.kit.typeset import available, typeset

__all__ = ["available", "room_poster"]

LONGEST = 1000


def _line(text: str) -> str:
    return clean(text[:LONGEST], limit=LONGEST * 2, one_line=True)


def room_poster(
    title: str, *, event_title: str, when: str, address: str, code: str, qr_text: str, language: str, hue: int = 1
) -> bytes:
    """One A4 for a door or a desk: what it is about, the code to scan, and the address for those without a camera."""
    with override(language):
        values = {
            "language": language,
            "hue": hue,
            "title": _("Questions: %(title)s") % {"title": _line(title)},
            "event": _line(title),
            "when": _line(when),
            "place": _line(event_title),
            "check-in": qr_text,
            "address": _line(f"{address}{code}"),
            "words": {
                "unshown": _(
                    "An empty box stands for a letter that no font on this server has. Adding Noto fonts to it helps."
                ),
                "here": _("Ask, or vote"),
                "alt": _("QR code to ask and vote. It leads to %(address)s") % {"address": f"{address}{code}"},
                "steps": [
                    _("Point the camera of your phone at the code."),
                    _("Ask, with your name or without. No account is needed."),
                    _("Vote for what you want to know, too. What stays open is answered later."),
                ],
                "otherwise": _("Without a camera, open this address:"),
            },
        }
        return typeset(BOOKLET / "poster.typ", values, codes=[qr_text])
