"""From the language of a page to the names that the Unicode locale data has in it."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The locale of a language code ("fr", "en-GB", "pt_BR"); English when there is none."""
    tag = language.replace("-", "_")
    for candidate in (tag, tag.partition("_")[0]):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")
