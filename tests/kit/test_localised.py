from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation

from hallway.kit.localised import LocalisedFormField, Text, pick


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ({"fr": "Bonjour", "en": "Hello"}, "fr", Text("Bonjour", "fr")),
        ({"fr": "Bonjour"}, "en", Text("Bonjour", "fr")),
        ({"de": "Hallo", "en": "Hello"}, "fr", Text("Hello", "en")),
        ({"und": "38C3"}, "fr", Text("38C3", "und")),
        ({}, "fr", Text("", "und")),
        (None, "fr", Text("", "und")),
    ],
)
def test_pick_finds_the_readers_language_or_the_next_best(
    value: dict[str, str] | None, language: str, expected: Text
) -> None:
    assert pick(value, language) == expected


class Words(forms.Form):
    title = LocalisedFormField(max_length=20)


def test_form_field_cleans_each_language() -> None:
    form = Words(QueryDict("title.fr=%20Bonjour%00&title.en="))
    assert form.is_valid()
    assert form.cleaned_data["title"] == {"fr": "Bonjour"}


def test_form_field_wants_one_language_and_keeps_what_was_typed() -> None:
    form = Words(QueryDict("title.fr=&title.en="))
    assert form.errors["title"] == ["Write this in at least one language."]
    long = Words(QueryDict("title.fr=" + "x" * 30))
    assert "10 more than the limit" in long.errors["title"][0]
    assert "x" * 30 in str(long["title"])


def test_said_marks_language_and_direction_and_escapes() -> None:
    with translation.override("en"):
        html = Template("{% said value %}").render(Context({"value": {"ar": "<b>مرحبا"}}))
    assert html == '<span lang="ar" dir="auto">&lt;b&gt;مرحبا</span>'
