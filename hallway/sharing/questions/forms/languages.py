"""The languages one writes in here: one list for questions, answers and cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.vocabulary.folding import fold
from hallway.vocabulary.languages import COMMON, language_name


def page_language() -> str:
    """The language somebody most likely writes in: that of the page they read."""
    return (get_language() or "en")[:2]


def languages_of(event: Event, *kept: str) -> list[tuple[str, str]]:
    """(code, name) for a form: what is spoken at the event and in its community, then the common ones by name.

    ``kept`` are languages of texts that are there already: they stay what they are when somebody saves them again.
    """
    page = page_language()
    first = dict.fromkeys(code for code in (*event.languages, *event.community.languages) if code)
    others = {*COMMON, page, *filter(None, kept)} - first.keys()
    rest = sorted(others, key=lambda code: fold(language_name(code, page)))
    return [(code, language_name(code, page)) for code in (*first, *rest)]


class LanguageField(forms.ChoiceField):
    """The language of a text, so that its readers and their machines read it right. Its form says of which event."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Language"))
        super().__init__(**kwargs, initial=page_language)
