"""The languages one writes in: those of the event first, one list for all forms."""

from __future__ import annotations

from django.utils import translation

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.sharing.questions.forms import AnswerForm, CaseForm
from hallway.sharing.questions.forms.asking import AskForm
from hallway.sharing.questions.forms.languages import languages_of
from hallway.vocabulary.languages import COMMON


def an_event() -> Event:
    return Event(languages=["zu"], community=Community(languages=["en", "zu"]))


def test_languages_of_the_event_and_its_community_come_first() -> None:
    found = languages_of(an_event())
    assert found[:3] == [("zu", "Zulu"), ("en", "English"), ("ar", "Arabic")]
    assert {code for code, _name in found} == {"zu", *COMMON}
    assert len(found) == len(COMMON) + 1, "each once"
    with translation.override("fr"):
        assert languages_of(an_event())[:2] == [("zu", "zoulou"), ("en", "anglais")]


def test_language_of_what_stands_there_is_kept() -> None:
    assert ("yo", "Yoruba") in languages_of(an_event(), "yo", "")
    assert ("yo", "Yoruba") not in languages_of(an_event())


def test_every_form_has_the_same_list() -> None:
    event = an_event()
    forms = (AskForm(event=event), AnswerForm(event=event), CaseForm(event=event, has_account=False))
    for form in forms:
        page = str(form["language"])
        places = [page.index(f'value="{code}"') for code, _name in languages_of(event)]
        assert places == sorted(places)
        assert page.count("<option") == len(places)
