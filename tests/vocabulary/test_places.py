"""Finding cities by what people type."""

import re
import subprocess
import sys
import time
import zoneinfo

import pytest

from hallway.vocabulary.places import (
    Place,
    country_choices,
    country_name,
    distance_km,
    find_place,
    place,
)
from tests.pace import slower


def first(text: str, **options: str) -> Place:
    return find_place(text, **options)[0]


@pytest.mark.parametrize(
    ("typed", "name", "country"),
    [
        ("Londres", "London", "GB"),
        ("le cap", "Cape Town", "ZA"),
        ("Bruxelles", "Brussels", "BE"),
        ("LISBONNE", "Lisbon", "PT"),
        ("Pékin", "Beijing", "CN"),
        ("Genève", "Geneva", "CH"),
        ("geneve", "Geneva", "CH"),
        ("Geneva", "Geneva", "CH"),
        ("Berne", "Bern", "CH"),
        ("Muenchen", "Munich", "DE"),
        ("Den Haag", "The Hague", "NL"),
        ("roma", "Rome", "IT"),
        ("sao paulo", "São Paulo", "BR"),
        ("saint etienne", "Saint-Étienne", "FR"),
        ("l'aquila", "L'Aquila", "IT"),
        ("L’Aquila", "L'Aquila", "IT"),
        ("  paris ", "Paris", "FR"),
        ("Padoue", "Padua", "IT"),
        ("Nouvelle-Orléans", "New Orleans", "US"),
    ],
)
def test_find_place_by_its_names_in_other_languages_and_spellings(typed: str, name: str, country: str) -> None:
    found = first(typed)
    assert (found.name, found.country) == (name, country)


def test_find_place_by_beginning_gives_the_biggest_first() -> None:
    found = find_place("toulo")
    assert found[0].name == "Toulouse"
    assert [place.population for place in found] == sorted((place.population for place in found), reverse=True)


def test_find_place_by_a_later_word_comes_after_names_that_begin_so() -> None:
    names = [found.name for found in find_place("york")]
    assert names[0] == "York"
    assert names.index("New York City") > names.index("Yorkton")


def test_find_place_narrowed_by_country() -> None:
    assert {found.country for found in find_place("san", country="us")} == {"US"}
    assert first("paris", country="US").region == "Texas"


@pytest.mark.parametrize(
    ("typed", "country", "region"),
    [
        ("Portland, Oregon", "US", "Oregon"),
        ("Portland, Maine", "US", "Maine"),
        ("Paris, France", "FR", ""),
        ("Johannesbourg, Afrique du Sud", "ZA", ""),
        ("Valencia, es", "ES", ""),
        ("Lyon, nowhere at all", "FR", ""),
    ],
)
def test_find_place_narrowed_by_what_follows_a_comma(typed: str, country: str, region: str) -> None:
    found = first(typed)
    assert (found.country, found.region) == (country, region)


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "!!", ",", ", France", "zzzzzz", "=paris|", "\x00", "\ud800", "x" * 30_000, "|", "\n", "-"],
)
def test_find_place_with_nothing_to_find_gives_nothing_or_a_place_and_never_fails(typed: str) -> None:
    assert all(isinstance(found, Place) for found in find_place(typed))


def test_find_place_without_room_for_an_answer_gives_nothing() -> None:
    assert find_place("paris", limit=0) == []
    assert len(find_place("a", limit=3)) == 3


def test_districts_are_not_offered_as_cities() -> None:
    assert not [found for found in find_place("Paris", limit=50) if re.match(r"Paris \d", found.name)]


def test_place_of_an_id() -> None:
    found = place(2988507)
    assert (found.name, found.country, found.zone) == ("Paris", "FR", "Europe/Paris")
    assert found.latitude == pytest.approx(48.853, abs=0.01)
    assert found.longitude == pytest.approx(2.349, abs=0.01)


@pytest.mark.parametrize("unknown", [0, -1, 10**30])
def test_place_of_an_unknown_id_is_refused(unknown: int) -> None:
    with pytest.raises(LookupError):
        place(unknown)


def test_called_says_the_name_in_french_where_there_is_one() -> None:
    assert first("London").called("fr") == "Londres"
    assert first("London").called("fr-CA") == "Londres"
    assert first("London").called("en") == "London"
    assert first("Lyon").called("fr") == "Lyon"


def test_country_name_in_both_languages() -> None:
    assert country_name("ZA", "en") == "South Africa"
    assert country_name("za", "fr") == "Afrique du Sud"
    assert country_name("??", "fr") == "??"


def test_country_choices_are_sorted_by_name_without_accents() -> None:
    choices = country_choices("fr")
    names = [name for _, name in choices]
    assert names.index("Égypte") < names.index("Finlande")
    assert len(choices) > 200


def test_distance_between_cities() -> None:
    assert distance_km(first("Paris"), first("Johannesburg")) == pytest.approx(8728, rel=0.01)
    assert distance_km(first("Paris"), first("Paris")) == 0


def test_every_place_has_a_zone_that_exists() -> None:
    zones = {found.zone for letter in "abcdefghijklmnopqrstuvwxyz" for found in find_place(letter, limit=40_000)}
    assert len(zones) > 300
    assert zones <= zoneinfo.available_timezones()


def test_loading_is_quick_and_small() -> None:
    # In a process of its own: nothing is loaded yet, and its memory is its own.
    script = (
        "import resource, time; from hallway.vocabulary.places import find_place;"
        "use = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024;"
        "memory, start = use(), time.process_time(); find_place('paris');"
        "print(time.process_time() - start, use() - memory)"
    )
    runs = [
        [float(part) for part in subprocess.check_output([sys.executable, "-c", script], text=True).split()]
        for _ in range(3)
    ]
    assert min(seconds for seconds, _ in runs) < 0.3 * slower()  # about 0.1 on a machine with nothing else to do
    assert min(megabytes for _, megabytes in runs) < 20


def test_find_place_is_quick_once_loaded() -> None:
    find_place("paris")
    words = [f"{first}{second}" for first in "bcdlmprst" for second in "aeiou"]
    start = time.process_time()
    for word in words:
        find_place(word)
    assert (time.process_time() - start) / len(words) < 0.015 * slower()
