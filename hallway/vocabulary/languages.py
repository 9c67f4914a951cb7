"""Languages: their codes, their names in any language, and reading them out of what people wrote.

A code is ISO 639-1 where the language has one ("fr"), else ISO 639-3 ("haw").
"""

import re
from functools import cache, lru_cache

from babel.core import get_global

from hallway.vocabulary.folding import fold
from hallway.vocabulary.locales import locale_of

# The languages events are most often held in and people most often list: they stand first in forms and are
# recognised inside longer texts.
COMMON = (
    *(
        "ar",
        "bn",
        "bg",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fa",
        "fi",
        "fr",
        "ga",
        "he",
        "hi",
        "hr",
    ),
    *(
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "ms",
        "nl",
        "no",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sr",
        "sv",
    ),
    *("sw", "th", "tr", "uk", "ur", "vi", "zh"),
)
# Languages whose usual script runs from right to left.
_RIGHT_TO_LEFT = frozenset(
    (
        *(
            "apc",
            "ar",
            "arc",
            "arq",
            "ary",
            "arz",
            "azb",
            "bal",
            "bgn",
            "brh",
            "ckb",
            "dv",
            "fa",
            "glk",
            "he",
            "khw",
        ),
        *(
            "ks",
            "lrc",
            "luz",
            "mzn",
            "nqo",
            "pnb",
            "ps",
            "rhg",
            "sd",
            "sdh",
            "skr",
            "syr",
            "trw",
            "ug",
            "ur",
            "yi",
        ),
    )
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
_BETWEEN = re.compile(r"[,;/|+&\n]|\b(?:and|et|und|y|or|ou|oder)\b", re.IGNORECASE)
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
# Codes of languages that are also what people write when they mean that there is nothing to say.
_NOT_MEANT = frozenset({"na", "tba", "tbd", "und", "mul", "zxx", "mis"})
_LONGEST = 500  # characters of a field that names languages


def language_name(code: str, in_language: str) -> str:
    """The name of a language in a language, as its speakers write it: "anglais", "English".

    A code without a name is returned as it is.
    """
    names = locale_of(in_language).languages
    return str(names.get(code.replace("-", "_")) or names.get(_main_code(code)) or code)


def _main_code(tag: str) -> str:
    """The shortest code of the language of a tag: "fr" for "fra", "fre", "fr-CA"; its own when unknown."""
    code = re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
    alias = str(get_global("language_aliases").get(code) or code)
    return alias.partition("_")[0]


@cache
def _codes() -> frozenset[str]:
    """All language codes that have an English name."""
    return frozenset(code for code in map(str, locale_of("en").languages) if "_" not in code) - _NOT_MEANT


@cache
def _names() -> dict[str, str]:
    """Folded names → code: in English, in French, and in the language itself for the common ones."""
    names: dict[str, str] = {}
    for page_language in ("fr", "en"):
        for code, name in locale_of(page_language).languages.items():
            if code in _codes():
                names[fold(name)] = code
    for code in COMMON:
        names[fold(str(locale_of(code).languages.get(code, "")))] = code
    # What people write and the tables do not have.
    names |= {
        "mandarin": "zh",
        "castellano": "es",
        "castillan": "es",
        "farsi": "fa",
        "flamand": "nl",
        "flemish": "nl",
    }
    names.pop("", None)
    return names


@cache
def _common_words() -> dict[str, str]:
    """Names of common languages that are one word, safe to recognise among other words."""
    return {name: code for name, code in _names().items() if code in COMMON and " " not in name}


def parse_languages(text: str) -> list[str]:
    """The codes of the languages a text names, in its order, each once; none when it names none.

    Understands codes and tags ("de, en", "fra", "pt_BR"), names in English, French and the language itself
    ("French", "Anglais", "Deutsch"), names of common languages among other words ("Français approximatif").
    """
    found: dict[str, None] = {}
    for part in _BETWEEN.split(text[:_LONGEST]):
        found.update(dict.fromkeys(_languages_in(part)))
    return list(found)


def _languages_in(part: str) -> list[str]:
    tag = _TAG.fullmatch(part.strip())
    if tag:
        code = _main_code(tag[0])
        if code in _codes():
            return [code]
    folded = fold(part)
    if folded in _names():
        return [_names()[folded]]
    words = folded.split()
    return [_common_words()[word] for word in words if word in _common_words()]


def direction(code: str) -> str:
    """How a language is written: "rtl" from right to left, else "ltr". A script in the tag decides."""
    subtags = re.split("[-_]", code.strip().lower())
    scripts = [subtag for subtag in subtags[1:] if len(subtag) == 4 and subtag.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if _main_code(code) in _RIGHT_TO_LEFT or subtags[0] in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=8)
def language_choices(in_language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) for a form: the common languages by name, then all others of ISO 639-1 by name."""
    others = {code for code in _codes() if len(code) == 2 and _main_code(code) == code} - set(COMMON)
    return _named(COMMON, in_language) + _named(others, in_language)


def _named(codes: "tuple[str, ...] | set[str]", in_language: str) -> tuple[tuple[str, str], ...]:
    named = ((code, language_name(code, in_language)) for code in codes)
    return tuple(sorted(named, key=lambda choice: fold(choice[1])))
