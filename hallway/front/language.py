"""Which language a request wants, worked out alike by the front and by Django."""

from __future__ import annotations

from urllib.parse import parse_qs

LANGUAGES = ("en", "fr")


def language_of(query: str, cookie: str, accept: str) -> str:
    """``?lang=`` in the query string, else the cookie's value, else the ``Accept-Language`` header, else English."""
    if "lang=" in query:
        asked = parse_qs(query).get("lang", [""])[-1]
        if asked in LANGUAGES:
            return asked
    if cookie in LANGUAGES:
        return cookie
    return _accepted(accept)


def _accepted(header: str) -> str:
    best, best_weight = LANGUAGES[0], 0.0
    for part in header.lower().split(",")[:20]:
        tag, _sep, parameter = part.strip().partition(";")
        code = tag.split("-")[0]
        if code == "*":
            code = LANGUAGES[0]
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter.strip() else 1.0
        except ValueError:
            continue
        if code in LANGUAGES and weight > best_weight:
            best, best_weight = code, weight
    return best
