"""Answers, cases, meeting in person, and what one can help with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hallway.gathering.communities.forms.fields import TopicsField
from hallway.gathering.events.models import Event
from hallway.kit.forms import Form, TextField
from hallway.kit.templatetags.hallway import colon, say_when

from ..models import Answer
from ..queries.reading import Occasion
from .languages import LanguageField, languages_of

MARKDOWN = gettext_lazy("Markdown works: **bold**, `code`, lists, links.")
EMPTY = gettext_lazy("Write a few words first.")


class AnswerForm(Form):
    """An answer, or another way."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=MARKDOWN,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": EMPTY},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        widget=forms.RadioSelect,
        initial=Answer.Kind.ANSWER,
        choices=(
            (Answer.Kind.ANSWER.value, gettext_lazy("An answer")),
            (
                Answer.Kind.ANOTHER_WAY.value,
                gettext_lazy("Another way: I do it differently, and it works for me as well"),
            ),
        ),
    )
    language = LanguageField()

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages_of(event)  # type: ignore[attr-defined]  # a field with choices


class EditForm(Form):
    """One's answer, written anew."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=MARKDOWN,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        error_messages={"required": EMPTY},
    )


class CaseForm(Form):
    """ "Me too", and how it is with somebody. Who has no account may type a name."""

    text = forms.CharField(
        label=gettext_lazy("How it is with you"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": EMPTY},
    )
    named = forms.BooleanField(label=gettext_lazy("With my name"), required=False)
    name = TextField(label=gettext_lazy("Your name"), max_length=120, required=False)
    language = LanguageField()

    def __init__(self, *args: Any, event: Event, has_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages_of(event)  # type: ignore[attr-defined]  # a field with choices
        del self.fields["name" if has_account else "named"]

    @property
    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        name = self.cleaned_data.get("name", "")
        return {
            "text": self.cleaned_data["text"],
            "language": self.cleaned_data["language"],
            "named": bool(name) or self.cleaned_data.get("named", False),
            "name": name,
        }


class FollowForm(Form):
    """Where answers are sent, for somebody without an account."""

    address = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class MeetForm(Form):
    """When and where the people of a question go on in person."""

    when = forms.ChoiceField(label=gettext_lazy("When"), widget=forms.RadioSelect)
    place = TextField(
        label=gettext_lazy("Where"),
        max_length=160,
        help_text=gettext_lazy("So that somebody who never met you finds it."),
    )

    def __init__(self, *args: Any, occasions: Sequence[Occasion], zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moments = {one.key: one.starts_at for one in occasions}
        choices = [(one.key, said_occasion(one, zone)) for one in occasions]
        self.fields["when"].choices = choices  # type: ignore[attr-defined]  # a field with choices
        self.fields["when"].initial = choices[0][0] if choices else None

    @property
    def starts_at(self) -> datetime:
        """The time chosen."""
        return self.moments[self.cleaned_data["when"]]


def said_occasion(one: Occasion, zone: ZoneInfo) -> str:
    """``Thursday 8 October, 10:30: coffee, Foyer``."""
    what = {"after": _("right after the session"), "end": _("when the event ends")}.get(one.kind, one.title)
    where = f"{what}, {one.room}" if one.room else what
    return f"{say_when(one.starts_at.astimezone(zone), 'MMMMEEEEdHm')}{colon()} {where}"


class HelpForm(Form):
    """Topics somebody can help with, as people write them."""

    topics = TopicsField(
        label=gettext_lazy("Topics"),
        required=False,
        help_text=gettext_lazy("Separate them with commas: Flutter, SQL, accessibility."),
        widget=forms.TextInput(attrs={"list": "all-topics"}),
    )
