"""Which language a request is answered in:
one pure function, shared by the front and the application behind it.
"""

from functools import lru_cache
from urllib.parse import parse_qsl

LANGUAGES = ("en", "fr")
DEFAULT = "en"
COOKIE = "hallway_language"
PARAMETER = "lang"


def language_of(query: str, chosen: str, accept: str) -> str:
    """Return "en" or "fr" for a raw query string, the language cookie's value and a raw Accept-Language
    header.

    The order is `?lang=`, then the cookie, then the header by its q-values, then English. Anything that names
    no language of ours is passed over as if it were absent; an absent part is an empty string.
    """
    return _from_query(query) or (chosen if chosen in LANGUAGES else "") or from_header(accept)


def _from_query(query: str) -> str | None:
    if PARAMETER not in query:
        return None
    # The last value counts, as it does in the application behind.
    values = [value for name, value in parse_qsl(query) if name == PARAMETER]
    return values[-1] if values and values[-1] in LANGUAGES else None


def chosen_in(cookie: str) -> str:
    """Return the value of the language cookie in a raw Cookie header, or an empty string."""
    if COOKIE not in cookie:
        return ""
    found = ""
    for part in cookie.split(";"):
        name, _, value = part.partition("=")
        if name.strip() == COOKIE:
            found = value.strip().strip('"')
    return found


@lru_cache(maxsize=1024)
def from_header(accept: str) -> str:
    """Return the language of ours that an Accept-Language header wants most;
    at equal weight the first named.
    """
    best, best_weight = DEFAULT, 0.0
    for part in accept[:500].split(","):
        tag, _, parameters = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language == "*":
            language = DEFAULT
        weight = _weight(parameters)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    """Return the q-value of the parameters of one choice: 1 when absent, 0 when it cannot be read."""
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip().lower() == "q" and 0.0 <= weight <= 1.0 else 0.0
