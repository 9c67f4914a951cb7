from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from hallway.kit.forms import Form


class Letter(Form):
    address = forms.EmailField(max_length=12)
    kind = forms.ChoiceField(choices=[("talk", "talk")])
    page = forms.URLField(required=False, assume_scheme="https")


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ("", "address", "Remplissez ce champ."),
        ("address=awa", "address", "Saisissez une adresse électronique complète, par exemple nom@example.org."),
        ("address=awa@example.org", "address", "Raccourcissez ce texte\u202f: 12 caractères au plus (il en a 15)."),
        ("kind=nap", "kind", "Choisissez dans la liste\u202f: «\u202fnap\u202f» n’en fait pas partie."),
        ("page=a b", "page", "Saisissez une adresse web complète, par exemple https://example.org."),
    ],
)
def test_fields_of_django_say_what_to_do_in_our_french(given: str, field: str, said: str) -> None:
    with translation.override("fr"):
        assert Letter(QueryDict(given)).errors[field] == [said]
