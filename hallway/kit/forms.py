"""How forms look and behave: one field template, errors beside their field, what was typed is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_noop, ngettext_lazy

from .refusal import Refusal
from .text import clean

# Sentences of Django's own fields. Named here, they are in our catalogue, where French says them in our words and with
# what to do; Django looks them up there first.
DJANGO_SAYS = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Enter a valid URL."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("“%(pk)s” is not a valid value."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)


class HallwayRenderer(TemplatesSetting):
    """Label, help, field, error; a summary of errors on top."""

    form_template_name = "kit/forms/form.html"
    field_template_name = "kit/forms/field.html"


class TextField(forms.CharField):
    """One line of a person's text, cleaned by ``kit.text.clean``."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = max_length
        self.widget.attrs.setdefault("maxlength", max_length)

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "", limit=self.limit, one_line=True)


class Form(forms.Form):
    """Base of the house's forms."""

    required_css_class = "required"
    # Fields of which one is needed, whichever: none of them is called optional.
    one_of: tuple[str, ...] = ()

    def refuse(self, refusal: Refusal) -> None:
        """Show an action's refusal on the form: beside its field when it names one."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, forms.ValidationError(str(refusal.sentence), code=refusal.code))
