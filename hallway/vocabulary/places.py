"""The cities of the world with 15,000 people or more: find by name, name countries, measure distances.

Names, positions and zones come from GeoNames (CC BY 4.0), cut by ``tools/cut_places.py``.
"""

import heapq
import lzma
import math
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

from hallway.vocabulary.folding import fold
from hallway.vocabulary.locales import locale_of

_FILE = Path(__file__).parent / "reference" / "places.xz"
_EARTH_RADIUS_KM = 6371.0088
_LONGEST_NAME = 100  # characters of what was typed; no city needs more


class Position(Protocol):
    """Anything with a position in decimal degrees, north and east positive."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A city. ``id`` is GeoNames'; ``country`` is ISO 3166-1 alpha-2; ``zone`` an IANA name; the population
    is rounded. ``region`` is known for cities of the United States, else ""."""

    id: int
    name: str
    country: str
    latitude: float
    longitude: float
    zone: str
    population: int
    region: str = ""
    french_name: str = ""

    def called(self, language: str) -> str:
        """The name people use in a language: "Londres" in French, "London" elsewhere."""
        return self.french_name if self.french_name and language.startswith("fr") else self.name


class _Atlas:
    """All places as columns, and one run of bytes in which their folded names are searched.

    The run has one line a place. Its own names (GeoNames' and the French one) stand as "=paris|", its names
    in other languages as "-lutece|". So a search is a search in bytes: "=par" for own names that begin so,
    " yo" for words that do.
    """

    def __init__(self, packed: bytes) -> None:
        columns = lzma.decompress(packed).split(b"\f")
        ids, names, folded, others, countries, regions, latitudes, longitudes, people, zones, french = columns
        self.ids = array("L", map(int, ids.split(b"\n")))
        self.names = names.decode().split("\n")
        self.latitudes = array("d", map(float, latitudes.split(b"\n")))
        self.longitudes = array("d", map(float, longitudes.split(b"\n")))
        self.populations = array("L", map(int, people.split(b"\n")))
        self.countries = _shared(countries)
        self.regions = _shared(regions)
        self.zones = _shared(zones)
        self.french = {row: name for row, name in enumerate(french.decode().split("\n")) if name}
        self.run = self._run(folded.split(b"\n"), others.split(b"\n"))
        self.starts = array("L", [0, *(gap.end() for gap in re.finditer(b"\n", self.run)), len(self.run)])

    def _run(self, folded: list[bytes], others: list[bytes]) -> bytes:
        # The file leaves the folded name out where it is the name in lower case.
        lines = [
            b"=%b|%b" % (key or name.lower().encode(), b"-%b|" % other.replace(b"|", b"|-") if other else b"")
            for key, name, other in zip(folded, self.names, others, strict=True)
        ]
        for row, name in self.french.items():
            lines[row] = f"={fold(name)}|".encode() + lines[row]
        return b"\n".join(lines)

    def rows_with(self, part: str) -> set[int]:
        """The rows whose line of names holds this part."""
        found = re.finditer(re.escape(part.encode()), self.run)
        return {bisect_right(self.starts, hit.start()) - 1 for hit in found}

    def place(self, row: int) -> Place:
        return Place(
            id=self.ids[row],
            name=self.names[row],
            country=self.countries[row],
            latitude=self.latitudes[row],
            longitude=self.longitudes[row],
            zone=self.zones[row],
            population=self.populations[row],
            region=self.regions[row],
            french_name=self.french.get(row, ""),
        )


def _shared(column: bytes) -> list[str]:
    """The lines of a column in which few values repeat, each value kept once."""
    once: dict[bytes, str] = {}
    return [once.get(value) or once.setdefault(value, value.decode()) for value in column.split(b"\n")]


@cache
def _atlas() -> _Atlas:
    return _Atlas(_FILE.read_bytes())


def find_place(text: str, *, country: str | None = None, limit: int = 8) -> list[Place]:
    """Up to ``limit`` places for what somebody typed, in any case, with or without accents.

    Places of exactly this name come first, then names that begin so, then names with a word that begins so;
    the biggest first in each. Names in other languages count for cities of 100,000 people or more. "Portland,
    Oregon" and "Paris, France" narrow by region or country where one fits. ``country`` (alpha-2) leaves all
    others out. Nothing fits, or nothing was typed: an empty list.
    """
    name, _, rest = text[:_LONGEST_NAME].partition(",")
    wanted = fold(name)
    if not wanted or limit < 1:
        return []
    country = country.upper() if country else None
    surroundings = fold(rest)
    if surroundings:
        inside = _find(wanted, country, surroundings, limit)
        if inside:
            return list(inside)
    return list(_find(wanted, country, "", limit))


@lru_cache(maxsize=1024)  # a field that completes asks for the same beginnings again and again
def _find(wanted: str, country: str | None, surroundings: str, limit: int) -> tuple[Place, ...]:
    atlas = _atlas()
    found: dict[int, None] = {}
    for part in _parts(wanted):
        rows = atlas.rows_with(part) - found.keys()
        if country:
            rows = {row for row in rows if atlas.countries[row] == country}
        if surroundings:
            rows = {row for row in rows if _lies_in(atlas, row, surroundings)}
        biggest = heapq.nlargest(limit - len(found), rows, key=atlas.populations.__getitem__)
        found.update(dict.fromkeys(biggest))
        if len(found) >= limit:
            break
    return tuple(atlas.place(row) for row in found)


def _parts(wanted: str) -> list[str]:
    """What to look for in the run, best first."""
    own = [f"={wanted}|", f"-{wanted}|", f"={wanted}"]
    # One letter begins some name of nearly everything.
    return own if len(wanted) == 1 else [*own, f"-{wanted}", f" {wanted}"]


def _lies_in(atlas: _Atlas, row: int, surroundings: str) -> bool:
    in_country = atlas.countries[row] in _countries_called(surroundings)
    return in_country or fold(atlas.regions[row]).startswith(surroundings)


@lru_cache(maxsize=256)
def _countries_called(surroundings: str) -> frozenset[str]:
    """Codes of the countries whose code or name begins so, in the languages of the pages."""
    return frozenset(
        code
        for language in ("en", "fr")
        for code, name in country_choices(language)
        if code.lower() == surroundings or fold(name).startswith(surroundings)
    )


@lru_cache(maxsize=4096)
def place(id: int) -> Place:
    """The place with this GeoNames id. Raises LookupError when the file has none."""
    atlas = _atlas()
    try:
        return atlas.place(atlas.ids.index(id))
    except (ValueError, OverflowError, TypeError):
        raise LookupError(f"No place has the id {id}.") from None


def country_name(code: str, language: str) -> str:
    """The name of a country in a language; the code itself when it is none."""
    return str(locale_of(language).territories.get(code.upper(), code))


@lru_cache(maxsize=8)
def country_choices(language: str) -> tuple[tuple[str, str], ...]:
    """(alpha-2 code, name in the language) of every country with a place, by name."""
    named = ((code, country_name(code, language)) for code in set(_atlas().countries))
    return tuple(sorted(named, key=lambda choice: fold(choice[1])))


def distance_km(a: Position, b: Position) -> float:
    """Kilometres between two positions along the surface of a round earth (within 0.6 % of the true one)."""
    north_a, north_b = math.radians(a.latitude), math.radians(b.latitude)
    half_north = (north_b - north_a) / 2
    half_east = math.radians(b.longitude - a.longitude) / 2
    square = math.sin(half_north) ** 2 + math.cos(north_a) * math.cos(north_b) * math.sin(half_east) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(square)))
