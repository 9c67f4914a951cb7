"""Time zones to choose from."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hallway.vocabulary.zones import canonical_zones, is_zone, zone_city, zone_groups, zone_label

SUMMER = datetime(2026, 7, 1, tzinfo=UTC)
WINTER = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "at", "label"),
    [
        ("Europe/Paris", "fr", SUMMER, "Paris (UTC+2)"),
        ("Europe/Paris", "fr", WINTER, "Paris (UTC+1)"),
        ("Africa/Cairo", "fr", WINTER, "Le Caire (UTC+2)"),
        ("Africa/Cairo", "en", WINTER, "Cairo (UTC+2)"),
        ("Asia/Kathmandu", "fr", SUMMER, "Katmandou (UTC+5:45)"),
        ("Asia/Kolkata", "fr", SUMMER, "Calcutta (UTC+5:30)"),
        ("America/St_Johns", "en", WINTER, "St. John’s (UTC−3:30)"),
        ("America/New_York", "en", WINTER, "New York (UTC−5)"),
        ("Africa/Abidjan", "en", WINTER, "Abidjan (UTC+0)"),
        ("UTC", "fr", SUMMER, "UTC"),
    ],
)
def test_zone_label_says_the_city_and_the_offset_then(zone: str, language: str, at: datetime, label: str) -> None:
    assert zone_label(zone, language, at) == label


def test_zone_label_of_an_unknown_zone_is_refused() -> None:
    with pytest.raises(LookupError):
        zone_label("Europe/Atlantis", "en", SUMMER)


def test_zone_label_without_an_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="instant"):
        zone_label("Europe/Paris", "en", datetime(2026, 7, 1))


@pytest.mark.parametrize("name", ["Europe/Paris", "Asia/Calcutta", "Europe/Kiev", "UTC", "Etc/GMT+5", "EST"])
def test_is_zone_for_names_of_the_database_old_ones_included(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize(
    "name", ["", "Paris", "europe/paris", "../etc/passwd", "Factory", "localtime", "\x00", "Europe"]
)
def test_is_zone_for_anything_else_says_no(name: str) -> None:
    assert not is_zone(name)


def test_canonical_zones_all_exist_and_have_a_name() -> None:
    zones = canonical_zones()
    assert 400 < len(zones) < 450
    assert zones[-1] == "UTC"
    for zone in zones:
        assert ZoneInfo(zone)
        assert zone_city(zone, "fr")
    assert "Asia/Calcutta" not in zones


@pytest.mark.parametrize(("language", "region"), [("en", "Americas"), ("fr", "Amériques")])
def test_zone_groups_hold_every_zone_once_under_a_region(language: str, region: str) -> None:
    groups = dict(zone_groups(language))
    zones = [zone for choices in groups.values() for zone, _ in choices]
    assert sorted(zones) == sorted(canonical_zones())
    assert ("America/New_York", "New York") in groups[region]
    assert list(groups)[-1] == "UTC"
    assert "Atlantic/Bermuda" in dict(groups[region])
