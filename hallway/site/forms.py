"""Forms of the instance: its settings, as the packages declare them, and its first start."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from hallway.kit import instance
from hallway.kit.forms import Form, TextField
from hallway.kit.instance import DECLARED, Declared
from hallway.kit.localised import LocalisedFormField

# How groups of settings are called; a package that is not named here goes by its own name.
TITLES = {
    "site": _("This instance"),
    "communities": _("Communities"),
    "notices": _("Mail"),
    "pages": _("Legal pages"),
}


def groups() -> dict[str, list[Declared]]:
    """Declared settings by the package that owns them; long texts of the instance stand apart as ``pages``."""
    found: dict[str, list[Declared]] = {"site": []}
    for setting in DECLARED.values():
        package = setting.key.partition(".")[0]
        group = "pages" if package == "site" and setting.localised else package
        found.setdefault(group, []).append(setting)
    last = ("notices", "pages")
    return {name: found[name] for name in (*(n for n in found if n not in last), *(n for n in last if n in found))}


class SettingsForm(Form):
    """One group of settings. A secret left empty stays as it is and is never shown."""

    def __init__(self, data: Any = None, *, group: str, present: dict[str, Any]) -> None:
        super().__init__(data)
        self.declared = groups()[group]
        for setting in self.declared:
            field = _field_for(setting, present[setting.key])
            if not setting.secret:
                field.initial = present[setting.key]
            self.fields[_name(setting)] = field

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        sender = found.get("notices-mail_from")
        if sender:
            try:
                validate_email(parseaddr(sender)[1])
            except ValidationError:
                self.add_error("notices-mail_from", _("Write an address, as in “Highveld Makers <hello@example.org>”."))
        return found

    def changes(self) -> dict[str, Any]:
        """Cleaned values by key, without secrets nobody typed."""
        return {
            setting.key: self.cleaned_data[_name(setting)]
            for setting in self.declared
            if not (setting.secret and not self.cleaned_data[_name(setting)])
        }


def _name(setting: Declared) -> str:
    return setting.key.replace(".", "-")


def _field_for(setting: Declared, present: Any) -> forms.Field:
    known: dict[str, Any] = {"label": setting.label, "help_text": setting.help, "required": False}
    if setting.localised:
        return LocalisedFormField(multiline=True, max_length=50_000, **known)
    if setting.choices:
        known["required"] = all(value for value, _label in setting.choices)
        return forms.ChoiceField(choices=setting.choices, widget=forms.RadioSelect, **known)
    if isinstance(setting.default, bool):
        return forms.BooleanField(**known)
    if isinstance(setting.default, int):
        return forms.IntegerField(min_value=0, max_value=2_000_000_000, **{**known, "required": True})
    if setting.secret:
        if present:
            known["help_text"] = _("One is stored. Leave this empty to keep it.")
        return forms.CharField(
            max_length=500, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), **known
        )
    known["required"] = bool(setting.default)
    return TextField(max_length=200, **known)


def settings_form(group: str, data: Any = None) -> SettingsForm:
    """The form of a group over the present values. Raises ``KeyError`` when there is no such group."""
    present = instance.values(*(setting.key for setting in groups()[group]))
    return SettingsForm(data, group=group, present=present)


class AdministratorForm(Form):
    """Whom to name administrator."""

    address = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        help_text=_("The one they sign in with."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class FirstStartForm(Form):
    """Who becomes the first administrator."""

    token = forms.CharField(max_length=100, label=_("Word from the console"), help_text=_("The server printed it."))
    name = TextField(max_length=120, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it from now on."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
