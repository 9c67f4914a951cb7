"""The four screens of founding a community."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import TeamRole
from hallway.kit.forms import Form, TextField
from hallway.kit.localised import LocalisedFormField
from hallway.kit.text import clean

from .fields import LanguagesField, PlaceFields, TopicsField
from .series import NOT_YET, RHYTHMS, MeetingFields

MOST_ROWS = 12
HUES = [
    (1, _("violet")),
    (2, _("teal")),
    (3, _("terracotta")),
    (4, _("green")),
    (5, _("pink")),
    (6, _("blue")),
    (7, _("ochre")),
    (8, _("grey")),
]


class NameForm(PlaceFields, Form):
    """Screen 1: what it is called, where, in which languages, about what."""

    name = TextField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    languages = LanguagesField(label=_("Languages"), help_text=_("Those you speak at your meet-ups."))
    topics = TopicsField(
        label=_("Topics"), required=False, help_text=_("As in “Python, accessibility”. People find you by them.")
    )
    field_order = ("name", "place", "place_id", "languages", "topics")


class MeetForm(MeetingFields):
    """Screen 2: how do you meet; "not yet" is an answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = self.fields["every"]
        assert isinstance(every, forms.ChoiceField)  # noqa: S101 - for the type checker
        every.choices = [*RHYTHMS, (NOT_YET, _("We do not know yet"))]
        if self.not_yet:
            for name in self.fields.keys() - {"every", "zone"}:
                self.fields[name].required = False

    @property
    def not_yet(self) -> bool:
        return self.is_bound and self.data.get("every") == NOT_YET

    def clean_starts_on(self) -> Any:
        return None if self.not_yet else super().clean_starts_on()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.not_yet:
            # Hidden questions have no wrong answers.
            for name in set(self.errors) - {"zone"}:
                del self.errors[name]
        return cleaned


class TeamForm(Form):
    """Screen 3: addresses of those who help, each with what they will do."""

    first_rows: ClassVar = 3

    def __init__(self, *args: Any, founder_address: str = "", rows: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.founder_address = founder_address.casefold()
        typed = [name for name in self.data if name.startswith("address_")] if self.is_bound else []
        self.count = min(MOST_ROWS, max(self.first_rows, len(typed), rows))
        for number in range(self.count):
            self.fields[f"address_{number}"] = forms.CharField(
                label=_("E-mail address"),
                required=False,
                max_length=254,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )
            self.fields[f"role_{number}"] = forms.ChoiceField(
                label=_("Helps as"), choices=TeamRole.Role.choices, required=False
            )

    def rows(self) -> list[tuple[Any, Any]]:
        """Pairs of bound fields for the template."""
        return [(self[f"address_{number}"], self[f"role_{number}"]) for number in range(self.count)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        invited: dict[str, tuple[str, str]] = {}
        for number in range(self.count):
            address = cleaned.get(f"address_{number}", "").strip()
            if not address:
                continue
            try:
                check_address(address)
            except ValidationError as error:
                self.add_error(f"address_{number}", error)
                continue
            if address.casefold() == self.founder_address:
                self.add_error(
                    f"address_{number}", ValidationError(_("You are in the team already. Invite others here."))
                )
                continue
            role = cleaned.get(f"role_{number}") or TeamRole.Role.HELPER
            invited.setdefault(address.casefold(), (address, role))
        cleaned["invited"] = list(invited.values())
        return cleaned


def check_address(address: str) -> None:
    """Raise ValidationError naming an address that cannot be right."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError(
            _("“%(address)s” is not an e-mail address. Check how it is written."),
            params={"address": clean(address[:80], limit=400, one_line=True)},
            code="bad_address",
        ) from error


class LookForm(Form):
    """Screen 4: its colour and its words."""

    hue = forms.TypedChoiceField(
        label=_("Colour of the cover"), coerce=int, choices=HUES, initial=1, widget=forms.RadioSelect
    )
    tagline = LocalisedFormField(
        label=_("In one sentence"),
        max_length=200,
        required=False,
        help_text=_("As in “People who make things for phones”."),
    )
    description = LocalisedFormField(
        label=_("Description"),
        max_length=10_000,
        multiline=True,
        required=False,
        help_text=_("Who meets, what happens on an evening, who is welcome."),
    )
    conduct = LocalisedFormField(
        label=_("Code of conduct"),
        max_length=20_000,
        multiline=True,
        required=False,
        help_text=_("This is a good one to begin with. Change what you like."),
    )


def usual_conduct() -> dict[str, str]:
    """The code of conduct new communities begin with, in each language of the pages."""
    return {language: render_to_string(f"communities/conduct.{language}.md").strip() for language in ("en", "fr")}
