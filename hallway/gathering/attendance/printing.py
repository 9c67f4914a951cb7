"""What is printed for the door: badges, the poster on the wall, the list on paper. Values in, PDF out; no rows.

The words are those of the page's language, so whoever prints says in which. Names are set as they are: shrunk, never
cut. Templates are in ``print/``; ``hallway.kit.typeset`` sets them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from hallway.kit.text import clean
from hallway.kit.typeset import PrintingFailed, PrintingMissing, available, typeset
from hallway.vocabulary.folding import fold

__all__ = ["Badge", "DoorRow", "PrintingFailed", "PrintingMissing", "available", "badge_sheet", "door_list", "poster"]

TEMPLATES = Path(__file__).parent / "print"
LONGEST = 1000  # characters of one text; no column holds more
BLANKS = 12  # lines for those who come unannounced


@dataclass(frozen=True, slots=True)
class Badge:
    """One badge. ``check_in`` is the text of the personal QR code, ``line`` pronouns or what somebody is at.

    Without a name there is a line to write one on.
    """

    name: str
    code: str = ""
    check_in: str = ""
    line: str = ""
    guest_of: str = ""


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One line of the door list. ``state`` is in words; ``guests`` are names, "" for a guest without one."""

    name: str
    code: str
    state: str = ""
    guests: Sequence[str] = ()
    came: bool = False


def badge_sheet(badges: Sequence[Badge], *, event_title: str, language: str, hue: int = 1) -> bytes:
    """Badges of 85 × 54 mm, ten to a sheet of A4, in the order they come in."""
    with override(language):
        values = _values(language, hue, event_title, title=_("Badges: %(event)s") % {"event": _line(event_title)})
        values["badges"] = [_badge(badge) for badge in badges]
        codes = {badge.check_in for badge in badges if badge.check_in}
        return typeset(TEMPLATES / "badges.typ", values, codes=codes)


def poster(
    event_title: str, *, when: str, where: str, qr_text: str, language: str, address: str = "", hue: int = 1
) -> bytes:
    """One A4 for the wall. ``address`` is what one types without a camera; otherwise what the code says."""
    with override(language):
        values = _values(language, hue, event_title, title=_("Check in: %(event)s") % {"event": _line(event_title)})
        values |= {"when": _line(when), "place": _line(where), "check-in": qr_text}
        values["address"] = _line(address or qr_text)
        values["words"] |= {
            "here": _("Check in here"),
            "alt": _("QR code to check in. It leads to %(address)s") % {"address": values["address"]},
            "steps": [
                _("Point the camera of your phone at the code."),
                _("Open the link that appears."),
                _("Say that you are here. That is all."),
            ],
            "otherwise": _("Without a camera, open this address, or say your name at the door:"),
        }
        return typeset(TEMPLATES / "poster.typ", values, codes=[qr_text])


def door_list(
    rows: Sequence[DoorRow], *, event_title: str, language: str, when: str = "", as_of: str = "", hue: int = 1
) -> bytes:
    """The list on paper, by name, guests below whoever brings them. ``as_of`` says in words how old it is."""
    with override(language):
        values = _values(language, hue, event_title, title=_("Door list: %(event)s") % {"event": _line(event_title)})
        people = len(rows) + sum(len(row.guests) for row in rows)
        values |= {"when": _line(when), "as-of": _line(as_of), "rows": list(_rows(rows)), "blanks": BLANKS}
        values["words"] |= {
            "list": _("Door list"),
            "count": ngettext("%(number)s seat", "%(number)s seats", people) % {"number": people},
            "how": _("Tick a box when somebody comes. Enter the ticks in Hallway afterwards, by name or by code."),
            "came": _("Here"),
            "name": _("Name"),
            "code": _("Code"),
            "state": _("State"),
            "walked-in": _("Came without a registration"),
            "page": _("Page {page} of {pages}"),
        }
        return typeset(TEMPLATES / "door_list.typ", values)


def _values(language: str, hue: int, event_title: str, *, title: str) -> dict[str, Any]:
    unshown = _("An empty box stands for a letter that no font on this server has. Adding Noto fonts to it helps.")
    words: dict[str, Any] = {"unshown": unshown}
    return {"language": language, "hue": hue, "event": _line(event_title), "title": title, "words": words}


def _badge(badge: Badge) -> dict[str, str]:
    name = _line(badge.name)
    guest_of = _line(badge.guest_of)
    return {
        "name": name,
        "line": _line(badge.line),
        "code": _line(badge.code),
        "guest": _("Guest of %(name)s") % {"name": guest_of} if guest_of else "",
        "check-in": badge.check_in,
        "alt": _("QR code of %(name)s to check in") % {"name": name or _line(badge.code)},
    }


def _rows(rows: Sequence[DoorRow]) -> Iterable[dict[str, Any]]:
    before = ""
    for row in sorted(rows, key=lambda row: (fold(_line(row.name)), row.code)):
        name = _line(row.name) or _line(row.code) or "?"
        initial = _initial(name)
        yield _row(name, row, initial="" if initial == before else initial)
        before = initial
        for number, guest in enumerate(row.guests, 1):
            said = _line(guest) or _("Guest %(number)s") % {"number": number}
            yield _row(_("%(guest)s, guest of %(name)s") % {"guest": said, "name": name}, row, is_guest=True)


def _row(name: str, row: DoorRow, *, initial: str = "", is_guest: bool = False) -> dict[str, Any]:
    """A box is for the eye; whether it is ticked already stands in words beside it."""
    said = {"name": name, "initial": initial, "is-guest": is_guest}
    if is_guest:
        return said | {"code": "", "state": "", "came": False}
    state = _line(row.state) or (_("here already") if row.came else "")
    return said | {"code": _line(row.code), "state": state, "came": row.came}


def _initial(name: str) -> str:
    """The letter a name stands under: ``É`` under E, what begins with no letter under nothing."""
    first = fold(name)[:1].upper()
    return first if first.isalpha() else ""


def _line(text: str) -> str:
    """One line without what would turn, hide or break it; characters of zero width that join letters stay."""
    seen = clean(text[:LONGEST], limit=LONGEST * 2, one_line=True)
    return "".join(c for c in seen if unicodedata.category(c) != "Cf" or c in "\u200c\u200d").strip()
