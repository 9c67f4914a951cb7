"""Finds joining details of an on-line meeting in a text that everybody can read. Pure: text in, findings out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

MEETING_HOSTS = (
    "zoom.us", "zoom.com", "zoomgov.com", "meet.google.com", "teams.microsoft.com", "teams.live.com", "meet.jit.si",
    "jitsi.org", "8x8.vc", "framatalk.org", "webex.com", "whereby.com", "gotomeeting.com", "gotomeet.me",
    "bluejeans.com", "skype.com", "chime.aws", "livestorm.co", "visio.numerique.gouv.fr",
)  # fmt: skip

_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"')\]]*)?", re.IGNORECASE)
_PASSCODE = re.compile(
    r"\b(?:pass\s?code|password|pass\s?word|mot de passe|code d[’']acc[eè]s|access code|meeting id|"
    r"id de r[eé]union|pin|mdp|pwd)\b\s*(?:is|est)?\s*[:=]?\s*(?=\S*\d)[\w.!#-]{4,}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w./-])\+?\(?\d(?:[\d\u00a0\u202f .()-]{6,20})\d(?![\w/-])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_BBB = re.compile(r"(^|\.)(bbb|bigbluebutton)[\w-]*\.|/bigbluebutton/|^/(b|rooms)/[a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3}")


@dataclass(frozen=True)
class Finding:
    """What was found (``link``, ``passcode`` or ``digits``) and the words it was found in."""

    kind: Literal["link", "passcode", "digits"]
    words: str


def found_in(text: str) -> list[Finding]:
    """Meeting links, passcodes and long groups of digits (dial-in and telephone numbers, meeting ids) in a text.

    Dates and ordinary links are left alone. Each finding once, in order of kind. Texts of 20,000 characters take
    milliseconds: no pattern nests a repetition.
    """
    findings = [Finding("link", match[0]) for match in _ADDRESS.finditer(text) if _is_meeting(match[0])]
    findings += [Finding("passcode", match[0]) for match in _PASSCODE.finditer(text)]
    without_addresses = _ADDRESS.sub(" ", text)
    for match in _DIGITS.finditer(_DATE.sub(" ", without_addresses)):
        if sum(character.isdigit() for character in match[0]) >= 9:
            findings.append(Finding("digits", match[0].strip()))
    return list(dict.fromkeys(findings))


def _is_meeting(address: str) -> bool:
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    if any(host == known or host.endswith(f".{known}") for known in MEETING_HOSTS):
        return True
    if "jitsi" in host:
        return True
    return _BBB.search(host) is not None or _BBB.search(parts.path) is not None
