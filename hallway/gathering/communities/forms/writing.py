"""Writing to the team."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.actions.writing import LONGEST
from hallway.kit.forms import Form, TextField
from hallway.kit.text import clean
from hallway.people.models import Person


class WriteForm(Form):
    """A message, and where the team can answer. Whoever is known types neither name nor address."""

    text = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST, "dir": "auto"}),
        error_messages={"required": _("Write a few words first.")},
    )
    name = TextField(
        label=_("Your name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text=_("For the answer. Only the organisers see it. Without it, nobody can answer you."),
        error_messages={
            "invalid": _(
                "This is not an e-mail address the team could write to. Look at it once more: name@example.org."
            )
        },
    )
    answer = forms.BooleanField(
        label=_("The team may answer me by mail"),
        required=False,
        initial=True,
        help_text=_("Then the organisers see your e-mail address. Otherwise they see your name alone."),
    )

    def __init__(self, *args: Any, writer: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.writer = writer
        for name in ("answer",) if writer is None else ("name", "address"):
            del self.fields[name]

    def clean_text(self) -> str:
        text = clean(cast(str, self.cleaned_data["text"]), limit=LONGEST)
        if not text:
            raise forms.ValidationError(_("Write a few words first."), code="required")
        return text

    @property
    def said(self) -> dict[str, str]:
        """What ``write_to_team`` takes. Only after cleaning."""
        given = self.cleaned_data
        if self.writer is None:
            return {"text": given["text"], "name": given["name"], "address": given["address"]}
        return {"text": given["text"], "address": (self.writer.email or "") if given["answer"] else ""}
