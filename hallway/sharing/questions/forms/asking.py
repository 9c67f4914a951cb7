"""Asking: one field, and what is folded below it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.forms import Form
from hallway.kit.links import as_typed
from hallway.kit.text import clean
from hallway.people.models import Person

from ..actions.asking import LONGEST
from ..actions.texts import LONGEST_NAME
from ..actions.wanting import LONGEST_CASE
from ..models import Question
from .languages import LanguageField, languages_of, page_language

Place = Question.Place


class WordsForm(Form):
    """A text, its language, and whose it is: unnamed unless one says otherwise."""

    limit = LONGEST
    label = _("Your question")

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2, "class": "field"}))
    language = LanguageField(label=_("Written in"), required=False, widget=forms.Select(attrs={"class": "field"}))
    named = forms.BooleanField(label=_("With my name"), required=False)
    name = forms.CharField(label=_("Your name"), required=False, strip=False)

    def __init__(self, *args: Any, event: Event, person: Person | None = None, kept: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["language"].choices = languages_of(event, kept)  # type: ignore[attr-defined]  # with choices
        self.fields["text"].label = self.label
        self.fields["text"].widget.attrs["dir"] = "auto"
        self.fields["name"].widget.attrs.update({"class": "field", "dir": "auto", "maxlength": LONGEST_NAME})
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        if person is not None:
            self.fields["named"].label = _("With my name, %(name)s") % {"name": person.name}
            del self.fields["name"]

    def clean_language(self) -> str:
        """The page's language for a form that says none."""
        return self.cleaned_data["language"] or page_language()

    def clean(self) -> dict[str, Any]:
        """A name that is to be shown has to be there."""
        said = super().clean() or self.cleaned_data
        if said.get("named") and self.person is None and "name" in said and not self._is_seen(said["name"]):
            self.add_error("name", gettext("Type your name, or take the tick away to ask without it."))
        return said

    @staticmethod
    def _is_seen(name: str) -> bool:
        """Whether something of a name shows; one that is too long does, and the action says by how much."""
        try:
            return bool(clean(name, limit=LONGEST_NAME, one_line=True))
        except forms.ValidationError:
            return True


class AskForm(WordsForm):
    """What one asks the room."""

    place = forms.ChoiceField(label=_("Where you are"), choices=(Place.choices[0], Place.choices[1]), required=False)
    tell = forms.BooleanField(label=_("Write to me when it is answered"), required=False)
    address = forms.CharField(label=_("Your e-mail address, to hear of answers"), required=False)

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["tell"].initial = self.hears_by_mail
        self.fields["place"].initial = Place.ROOM
        self.fields["place"].widget.attrs["class"] = "field"
        self.fields["address"].widget = forms.EmailInput(
            attrs={"class": "field", "autocomplete": "email", "maxlength": 254}
        )
        del self.fields["tell" if person is None else "address"]

    @property
    def hears_by_mail(self) -> bool:
        """Whether somebody signed in has an address: they hear of answers unless they take the tick away."""
        return self.person is not None and bool(self.person.email)

    @property
    def fold_is_open(self) -> bool:
        """Whether there is something to see below the fold: what is wrong, or what was chosen there."""
        folded = {"language", "place", "tell", "address"}
        return self.is_bound and not folded.isdisjoint((*self.errors, *self.changed_data))

    def clean_place(self) -> str:
        """In the room, for a form that does not say."""
        return self.cleaned_data["place"] or Place.ROOM

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        names = ("text", "language", "named", "name", "place", "tell", "address")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    @property
    def promise(self) -> str:
        """How its asker hears of answers; an address is read out, so that a slip of the thumb is noticed."""
        if self.cleaned_data.get("tell") and self.hears_by_mail:
            return gettext("You hear of each answer by mail.")
        if address := self.cleaned_data.get("address", "").strip():
            return gettext("We write to %(address)s when it is answered.") % {"address": address}
        return ""


class CaseForm(WordsForm):
    """ "Me too, and here is my case"."""

    limit = LONGEST_CASE
    label = _("How it is with you")

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        names = ("text", "language", "named", "name")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class EditForm(Form):
    """The words of a question, anew."""

    limit = LONGEST

    text = forms.CharField(
        label=_("Your question"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "field", "dir": "auto"}),
    )  # fmt: skip


class CodeForm(Form):
    """The six letters and figures from a wall or a slide, as people type them."""

    code = forms.CharField(
        label=_("Code of the session"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "code-box", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )  # fmt: skip

    def clean_code(self) -> str:
        """Without spaces and hyphens, in capital letters."""
        return as_typed(self.cleaned_data["code"])
