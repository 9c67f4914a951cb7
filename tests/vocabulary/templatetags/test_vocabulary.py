from __future__ import annotations

from datetime import UTC, datetime

from django.utils import translation

from hallway.vocabulary.templatetags.vocabulary import zone_name

WINTER = datetime(2026, 12, 1, tzinfo=UTC)


def test_zone_name_is_in_the_language_of_the_page() -> None:
    with translation.override("fr"):
        assert zone_name("Europe/London", WINTER) == "Londres (UTC+0)"
    with translation.override("en"):
        assert zone_name("Europe/London", WINTER) == "London (UTC+0)"
