"""What a feed should not have told: contact details of people, links for joining on-line; and which links
are safe.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

_MAIL = re.compile(r"(?:mailto:)?[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_PHONE = re.compile(r"(?:tel:|(?<![\w/=.-]))(?:\+|00)\d(?:[ \u00a0\u202f().-]{0,2}\d){7,14}(?![\w/-])")
_ROOMS_ONLINE = (
    r"(?:[\w-]+\.)?zoom\.us/(?:j|my|w|s)/|meet\.google\.com/[a-z]|meet\.jit\.si/"
    r"|teams\.(?:microsoft|live)\.com/(?:l/meetup|meet)|webex\.com/(?:meet|join|\w+/j\.php)"
    r"|gotomeet(?:ing)?\.(?:com|me)/|whereby\.com/|bbb\.[\w.-]+/(?:b|rooms)/|discord\.gg/"
)
_PASSCODE = (
    r"\b(?:meeting[ -]?id|pass(?:code|word)|pin|kenncode|passwort|mot de passe|code d[’']acc[eè]s"
    r"|id de r[eé]union)\s?[:=]\s?\S*\d"
)
_JOINING = re.compile(f"{_ROOMS_ONLINE}|{_PASSCODE}", re.IGNORECASE)
_JOINING_HINTS = (
    *("zoom.us", "meet.", "teams.", "webex", "gotomeet", "whereby", "bbb.", "discord.gg"),
    *("meeting", "pass", "pin", "kenncode", "accès", "acces", "réunion", "reunion"),
)
_WHOLE = re.compile(rf"(?:https?://)?(?:{_ROOMS_ONLINE})[^\s)\]>\"]*|(?:{_PASSCODE})[^\s)\]>\",;.]*", re.IGNORECASE)
# Most addresses need no second look.
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9/._~=&?+-]*)?")
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


def without_contacts(text: str) -> tuple[str, bool]:
    """The text without e-mail addresses and telephone numbers, and whether it held any."""
    if "@" not in text and "+" not in text and "00" not in text:
        return text, False
    cleaned = _PHONE.sub("", _MAIL.sub("", text))
    return (cleaned.strip(), True) if cleaned != text else (text, False)


def holds_joining_details(text: str) -> bool:
    """Whether a public text seems to hold a link, number or passcode for joining on-line."""
    lower = text.casefold()
    return any(hint in lower for hint in _JOINING_HINTS) and _JOINING.search(text) is not None


def without_joining_details(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with links, numbers and passcodes for joining on-line replaced by "…", and what they were."""
    if not holds_joining_details(text):
        return text, ()
    return _WHOLE.sub("…", text), tuple(match.group() for match in _WHOLE.finditer(text))


def web_address(raw: object) -> str:
    """The address when it is http or https with a host, percent-encoded where an URI needs it; else an empty
    text.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    if not text or (len(text) <= 2000 and _PLAIN.fullmatch(text)):
        return text
    return _spelled_out(text)


@lru_cache(maxsize=4096)
def _spelled_out(text: str) -> str:
    if not text[:8].lower().startswith(("http://", "https://")) or len(text) > 2000:
        return ""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""
    host = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(host) or parts.username is not None:
        return ""
    path, query, fragment = (_encoded(part) for part in (parts.path, parts.query, parts.fragment))
    address = f"{parts.scheme.lower()}://{host}{f':{port}' if port else ''}{path}"
    return address + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _encoded(part: str) -> str:
    """Percent-encoded, with what is already encoded left as it is."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(part, safe="/%:@!$&'()*+,;=?~-._"))
