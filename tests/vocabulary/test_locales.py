"""The locale behind a page's language."""

import pytest

from hallway.vocabulary.locales import locale_of


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr_CA"),
        ("pt_BR", "pt_BR"),
        ("fr-XX", "fr"),
        ("zzz", "en"),
        ("", "en"),
        ("!", "en"),
    ],
)
def test_locale_of_falls_back_to_the_language_and_then_to_english(language: str, locale: str) -> None:
    assert str(locale_of(language)) == locale
