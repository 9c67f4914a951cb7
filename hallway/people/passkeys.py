"""The form a passkey is added with; apart from the other forms, since allauth's own needs the models loaded."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Every key is a passkey: it opens the door alone. The hidden tick is what allauth's script looks at."""

    name = forms.CharField(label=_("Name of this key"), required=False, max_length=100)
    passwordless = forms.BooleanField(
        required=False, initial=True, widget=forms.CheckboxInput(attrs={"hidden": True}), label=""
    )
