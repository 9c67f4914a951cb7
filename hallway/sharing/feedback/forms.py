"""What people type: feedback, cards, answers, proofs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hallway.kit.forms import Form, TextField
from hallway.kit.text import clean

from .models import Card
from .wording import LIKED, WISHED

LONGEST_TEXT = 2_000
WEB = {"inputmode": "url", "placeholder": "https://"}
NO_ADDRESS = {"invalid": _("This is not an e-mail address we can write to. Look at it once more: name@example.org.")}


class LongField(forms.CharField):
    """A longer text of a person, cleaned."""

    def __init__(self, *, rows: int = 4, limit: int = LONGEST_TEXT, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit
        self.widget = forms.Textarea(attrs={"rows": rows, "maxlength": limit, "dir": "auto"})

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "", limit=self.limit)


class FeedbackForm(Form):
    """A few words to tap, a text, and what may become of it."""

    words = forms.MultipleChoiceField(
        label=_("What was it like?"),
        choices=[*LIKED.items(), *WISHED.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to five words. The speaker sees them once three people tapped some."),
    )
    text = LongField(
        label=_("A sentence or two to the speaker"),
        required=False,
        help_text=_("What stayed with you, or what would have helped. The team reads it first."),
    )
    named = forms.BooleanField(label=_("Tell the speaker my name"), required=False)
    may_publish = forms.BooleanField(
        label=_("The speaker may show my text at the talk, without my name"), required=False
    )

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name:
            self.fields["named"].label = _("Tell the speaker my name: %(name)s") % {"name": name}
        else:
            del self.fields["named"]

    @property
    def liked(self) -> list[tuple[str, Any, bool]]:
        return self._chips(LIKED)

    @property
    def wished(self) -> list[tuple[str, Any, bool]]:
        return self._chips(WISHED)

    def _chips(self, words: dict[str, Any]) -> list[tuple[str, Any, bool]]:
        chosen = set(self["words"].value() or ())
        return [(code, label, code in chosen) for code, label in words.items()]


class CardForm(Form):
    """A card for the makers of a tool."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[
            (Card.Kind.INTEREST, _("It interests me: what I would do with it")),
            (Card.Kind.FRICTION, _("It gets in my way: what does not work for me")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it interests you or gets in your way.")},
    )
    tool = TextField(
        label=_("Which tool?"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "tools", "autocomplete": "off"}),
        error_messages={"required": _("Name the tool, as you say it.")},
    )
    text = LongField(
        label=_("Your card"),
        limit=1_000,
        help_text=_("Everybody can read it. The makers of the tool answer here."),
        error_messages={"required": _("Write a sentence: the makers read nothing else.")},
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("For their answer alone: neither the makers nor anybody else gets it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages=NO_ADDRESS,
    )
    url = forms.URLField(
        label=_("Its web page"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("If nobody named the tool here before."),
        widget=forms.URLInput(attrs=WEB),
    )
    named = forms.BooleanField(label=_("With my name"), required=False)

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name:
            self.fields["named"].label = _("With my name: %(name)s") % {"name": name}
            del self.fields["address"]
        else:
            del self.fields["named"], self.fields["url"]


class ReasonForm(Form):
    reason = TextField(
        label=_("Why"),
        max_length=500,
        help_text=_("Its writer reads it, and has two weeks to write it in another way."),
        error_messages={"required": _("Say why in a sentence: its writer reads it.")},
    )


class AnswerForm(Form):
    answer = LongField(label=_("Your answer"), required=False, help_text=_("Everybody can read it."))


class FixForm(Form):
    version = TextField(label=_("Version"), max_length=60, required=False)
    url = forms.URLField(
        label=_("Where one can read about it"), required=False, max_length=300, assume_scheme="https",
        widget=forms.URLInput(attrs=WEB),
    )  # fmt: skip


class ClaimForm(Form):
    address = forms.EmailField(
        label=_("Your e-mail address at this domain"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Type your address at the tool’s domain: the link goes there."), **NO_ADDRESS},
    )


class NameForm(Form):
    name = TextField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Say your name. It stands beside nothing unless you want it to.")},
    )


class WhereForm(Form):
    """Where a tool is found, said by anybody with an account where nobody said it yet."""

    url = forms.URLField(
        label=_("Its web page"), max_length=300, assume_scheme="https", widget=forms.URLInput(attrs=WEB)
    )


class ProductForm(WhereForm):
    name = TextField(label=_("What it is called"), max_length=80)
    repository = forms.URLField(
        label=_("Its repository"), required=False, max_length=300, assume_scheme="https",
        help_text=_("Cards can be opened there as issues."), widget=forms.URLInput(attrs=WEB),
    )  # fmt: skip
    field_order = ("name", "url", "repository")
