"""Texts that exist in several languages: ``{"fr": "Bonjour", "en": "Hello"}``.

``und`` stands for a text whose language nobody stated. A reader gets their page's language if it is there, else
English, else whatever there is, and the markup says which it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import text as user_text

UNKNOWN = "und"


class Text(NamedTuple):
    """A text and the language it is in (``und`` when unknown)."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


def pick(value: dict[str, str] | None, language: str | None = None) -> Text:
    """The best text for a reader of ``language`` (the page's, if not given)."""
    value = value or {}
    wanted = (language or get_language() or "en")[:2]
    for code in (wanted, "en", *value):
        if value.get(code):
            return Text(value[code], code)
    return Text("", UNKNOWN)


Says = Callable[[dict[str, str]], Sequence[str]]


def in_every_language(value: dict[str, str]) -> Sequence[str]:
    """All there is, for a copy that has to hold what anybody could read."""
    return list(value.values())


def in_one_language(value: dict[str, str]) -> Sequence[str]:
    """What this reader reads, once."""
    return [pick(value).text]


class LocalisedField(models.JSONField):
    """A JSON object from language code to text. ``max_length`` bounds each text, in characters."""

    def __init__(self, *args: Any, max_length: int = 20_000, multiline: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        self.text_length = max_length
        self.multiline = multiline
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.update(max_length=self.text_length, multiline=self.multiline)
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Most texts are not there: an empty object is not worth a parser."""
        return {} if value == "{}" else super().from_db_value(value, expression, connection)

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return LocalisedFormField(
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
            max_length=self.text_length,
            multiline=self.multiline,
        )


class LocalisedWidget(forms.Widget):
    """One box for each language of the instance. The reader's own stands open, the others fold away when empty."""

    template_name = "kit/forms/localised.html"

    def __init__(self, *, multiline: bool = False, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.multiline = multiline

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        value = value or {}
        mine = (get_language() or "en")[:2]
        codes = [mine, *(code for code, _name in settings.LANGUAGES if code != mine)]
        codes += [code for code in value if code not in codes]
        names = dict(settings.LANGUAGES) | {UNKNOWN: _("Language not stated")}
        context["widget"]["multiline"] = self.multiline
        context["widget"]["boxes"] = [
            {
                "language": code,
                "label": names.get(code, code),
                "name": f"{name}.{code}",
                "value": value.get(code, ""),
                "open": code == mine or bool(value.get(code)),
            }
            for code in codes
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        prefix = f"{name}."
        return {key[len(prefix) :]: data[key] for key in data if key.startswith(prefix)}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}.") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_{(get_language() or 'en')[:2]}"


class LocalisedFormField(forms.Field):
    """Cleans a text in several languages to ``{language: text}``; empty ones are left out."""

    def __init__(self, *, max_length: int = 20_000, multiline: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", LocalisedWidget(multiline=multiline))
        self.max_length = max_length
        self.multiline = multiline
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dict[str, str]:
        texts = {
            code: cleaned
            for code, raw in (value or {}).items()
            if code.isalpha()
            and len(code) <= 3
            and (cleaned := user_text.clean(raw, limit=self.max_length, one_line=not self.multiline))
        }
        if self.required and not texts:
            raise forms.ValidationError(_("Write this in at least one language."), code="required")
        return texts

    def has_changed(self, initial: Any, data: Any) -> bool:
        return {k: v for k, v in (initial or {}).items() if v} != {k: v for k, v in (data or {}).items() if v}
