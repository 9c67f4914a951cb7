"""Time zones of the IANA database: which there are, which are for choosing, and what people call them."""

import importlib.resources
import zoneinfo
from datetime import datetime
from functools import cache, lru_cache

from babel.core import get_global

from hallway.vocabulary.folding import fold
from hallway.vocabulary.locales import locale_of

# First part of a zone's name → the region people look for it under, by its CLDR code.
_REGIONS = {
    **{
        "Africa": "002",
        "America": "019",
        "Antarctica": "AQ",
        "Arctic": "150",
        "Asia": "142",
        "Atlantic": "150",
    },
    **{"Australia": "009", "Europe": "150", "Indian": "002", "Pacific": "009"},
}
# Oceans are not regions: their islands that lie with another one than most.
_ISLANDS = {
    **{"Atlantic/Bermuda": "019", "Atlantic/Stanley": "019", "Atlantic/South_Georgia": "019"},
    **{"Atlantic/Cape_Verde": "002", "Atlantic/St_Helena": "002"},
    **{"Indian/Chagos": "142", "Indian/Maldives": "142", "Indian/Christmas": "009", "Indian/Cocos": "009"},
}
_NOT_ZONES = ("posix/", "right/")
_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def _valid_zones() -> frozenset[str]:
    names = zoneinfo.available_timezones()
    return frozenset(name for name in names if not name.startswith(_NOT_ZONES)) - _NOT_PLACES


def is_zone(name: str) -> bool:
    """Whether the IANA database has a zone of this name, old names ("Asia/Calcutta") included."""
    return name in _valid_zones()


@cache
def canonical_zones() -> tuple[str, ...]:
    """The zones meant for choosing, one or more a country, in the order of their names; "UTC" last."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return (*sorted({row[2] for row in rows} & _valid_zones()), "UTC")


@cache
def _old_names() -> dict[str, str]:
    """Today's name → the name under which CLDR keeps the city, where it kept an older one."""
    return {new: old for old, new in get_global("zone_aliases").items()}


def zone_city(zone: str, language: str) -> str:
    """The city a zone is named after, in a language: "Le Caire" for Africa/Cairo, "UTC" for UTC."""
    cities = locale_of(language).time_zones
    for name in (zone, _old_names().get(zone, zone)):
        city = cities.get(name, {}).get("city")
        if city:
            return str(city)
    return zone.rpartition("/")[2].replace("_", " ")


def zone_label(zone: str, language: str, at: datetime) -> str:
    """What a zone is called, and its distance from UTC at an instant: "Katmandou (UTC+5:45)".

    ``at`` is aware, else ValueError. Raises LookupError when there is no such zone.
    """
    if not is_zone(zone):
        raise LookupError(f"No time zone is called {zone}.")
    if at.tzinfo is None:
        raise ValueError("The offset of a zone needs an instant: give a datetime with a zone.")
    if zone == "UTC":
        return zone
    return f"{zone_city(zone, language)} ({_offset(zone, at)})"


def _offset(zone: str, at: datetime) -> str:
    offset = at.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


@lru_cache(maxsize=8)
def zone_groups(language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Groups for a select: (region in the language, ((zone, city in the language), …)), both by name.

    "UTC" stands alone in a last group. Offsets are left to ``zone_label``: they change within a year.
    """
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in canonical_zones():
        if zone == "UTC":
            continue
        region = _ISLANDS.get(zone) or _REGIONS[zone.partition("/")[0]]
        regions.setdefault(region, []).append((zone, zone_city(zone, language)))
    territories = locale_of(language).territories
    groups = [
        (str(territories[region]), tuple(sorted(zones, key=lambda choice: fold(choice[1]))))
        for region, zones in regions.items()
    ]
    return (*sorted(groups, key=lambda group: fold(group[0])), ("UTC", (("UTC", "UTC"),)))
