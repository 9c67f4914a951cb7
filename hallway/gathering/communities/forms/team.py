"""Inviting helpers and founders, changing roles, deciding foundings."""

from __future__ import annotations

import re
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import TeamRole
from hallway.kit.forms import Form, TextField

from .founding import check_address

LONGEST = 20_000


class InviteForm(Form):
    """Addresses, separated by anything, and one role for all of them."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line, or separated by commas. Each gets a mail with a link that is good for 14 days."),
    )
    role = forms.ChoiceField(label=_("Help as"), choices=TeamRole.Role.choices, initial=TeamRole.Role.HELPER)

    def clean_addresses(self) -> list[str]:
        text = cast(str, self.cleaned_data["addresses"])
        found = dict.fromkeys(word.strip("<>") for word in re.split(r"[\s,;]+", text) if word.strip("<>"))
        for address in found:
            check_address(address)
        once = {address.casefold(): address for address in reversed(found)}
        return list(reversed(once.values()))

    def invited(self) -> list[tuple[str, str]]:
        """Pairs of address and role. Only after cleaning."""
        return [(address, self.cleaned_data["role"]) for address in self.cleaned_data["addresses"]]


class RoleForm(Form):
    """What somebody helps with, and until when."""

    role = forms.ChoiceField(label=_("Helps as"), choices=TeamRole.Role.choices)
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: no end."),
    )


class DeclineForm(Form):
    """Why a founding is declined."""

    reason = TextField(
        label=_("Why not"), max_length=1_000, help_text=_("The founder reads this, and what would change your mind.")
    )


class FounderForm(Form):
    """Whom to invite to found a community."""

    address = forms.EmailField(label=_("E-mail address"), max_length=254)

    def clean_address(self) -> str:
        address = cast(str, self.cleaned_data["address"])
        if not address:
            raise ValidationError(_("Write an address."))
        return address
