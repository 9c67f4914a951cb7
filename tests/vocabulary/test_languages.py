"""Languages: names, directions, and reading them out of what people wrote."""

import pytest
from babel import Locale, localedata
from hypothesis import given
from hypothesis import strategies as st

from hallway.vocabulary.languages import COMMON, direction, language_choices, language_name, parse_languages


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("de, en", ["de", "en"]),
        ("fra", ["fr"]),
        ("fre", ["fr"]),
        ("French", ["fr"]),
        ("FRENCH", ["fr"]),
        ("Français", ["fr"]),
        ("Français approximatif", ["fr"]),
        ("Anglais", ["en"]),
        ("Anglais / Français", ["en", "fr"]),
        ("English or French", ["en", "fr"]),
        ("English (US)", ["en"]),
        ("english but slides in german", ["en", "de"]),
        ("bilingual French-English", ["fr", "en"]),
        ("pt_BR", ["pt"]),
        ("zh-Hant-TW", ["zh"]),
        ("zho", ["zh"]),
        ("kor", ["ko"]),
        ("heb", ["he"]),
        ("Deutsch", ["de"]),
        ("中文", ["zh"]),
        ("العربية", ["ar"]),
        ("haw", ["haw"]),
        ("en;en;EN", ["en"]),
        ("klingon", ["tlh"]),
    ],
)
def test_parse_languages_from_codes_tags_and_names(text: str, codes: list[str]) -> None:
    assert parse_languages(text) == codes


@pytest.mark.parametrize("text", ["", "blah blah", "N/A", "na", "none", "TBD", "xx", "Franglais", "und", "?", "\x00"])
def test_parse_languages_from_nonsense_gives_none(text: str) -> None:
    assert parse_languages(text) == []


@given(st.text())
def test_parse_languages_never_fails(text: str) -> None:
    assert all(isinstance(code, str) for code in parse_languages(text))


@pytest.mark.parametrize(
    ("code", "in_language", "name"),
    [
        ("en", "fr", "anglais"),
        ("en", "en", "English"),
        ("fra", "fr", "français"),
        ("pt-BR", "en", "Brazilian Portuguese"),
        ("fr-XX", "en", "French"),
        ("zzz", "fr", "zzz"),
    ],
)
def test_language_name_in_a_language(code: str, in_language: str, name: str) -> None:
    assert language_name(code, in_language) == name


def test_direction_agrees_with_the_unicode_data() -> None:
    vertical = {"mn_Mong", "mn_Mong_CN", "mn_Mong_MN"}  # from top to bottom: not from right to left either
    codes = [code for code in localedata.locale_identifiers() if code not in vertical]
    assert [code for code in codes if direction(code) != Locale.parse(code).text_direction] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("heb", "rtl"),
        ("fas", "rtl"),
        ("iw", "rtl"),
        ("ku-Arab", "rtl"),
        ("az-Latn", "ltr"),
        ("zzz", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_of_codes_and_scripts(code: str, expected: str) -> None:
    assert direction(code) == expected


@pytest.mark.parametrize("in_language", ["en", "fr"])
def test_language_choices_begin_with_the_common_ones(in_language: str) -> None:
    choices = language_choices(in_language)
    codes = [code for code, _ in choices]
    assert set(codes[: len(COMMON)]) == set(COMMON)
    assert len(codes) == len(set(codes)) > 150
    assert all(name and name != code for code, name in choices)


def test_language_choices_are_sorted_as_people_sort() -> None:
    names = [name for _, name in language_choices("fr")][: len(COMMON)]
    assert names[:3] == ["allemand", "anglais", "arabe"]
