"""Input of those who write: cleans, saves nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hallway.kit.forms import Form

from .actions.shared import LONGEST as LONGEST_PAGE
from .actions.showing import LONGEST


class TakeawayForm(Form):
    """What one takes home, as others will read it. Its length is the action's to judge."""

    text = forms.CharField(
        label=_("What you take home"),
        help_text=_("A thought, a trick, what you will do on Monday. Markdown works."),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST, "dir": "auto"}),
    )
    signed = forms.ChoiceField(label=_("Under which name"), choices=[], widget=forms.RadioSelect, initial="name")
    language = forms.ChoiceField(label=_("Language of the text"), choices=[], required=False)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signed, language = self.fields["signed"], self.fields["language"]
        if isinstance(signed, forms.ChoiceField) and isinstance(language, forms.ChoiceField):
            signed.choices = [("name", name), ("attendee", _("An attendee"))]
            language.choices = [*settings.LANGUAGES, ("", _("Another one"))]

    @property
    def is_named(self) -> bool:
        return bool(self.cleaned_data["signed"] == "name")


class SharedNotesForm(Form):
    """The whole page as its writer leaves it."""

    text = forms.CharField(
        label=_("The page"),
        help_text=_("Markdown works: ## headings, lists, **bold**, links."),
        widget=forms.Textarea(attrs={"rows": 18, "maxlength": LONGEST_PAGE, "dir": "auto"}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**8, initial=0)
