"""What somebody types who wants to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.forms import Form, TextField
from hallway.kit.localised import pick
from hallway.kit.templatetags.hallway import say_when

from ..models import Admission, AdmissionQuestion, Registration

Kind = AdmissionQuestion.Kind
BUSY = _("That was a lot of registrations in a short time. Wait a few minutes, then press the button again.")


class AddressForm(Form):
    """The one field somebody fills in who is not signed in. Limits are those of signing in, of its own count."""

    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Type your e-mail address: we write to it where you stand."),
            "invalid": _("This is not an e-mail address we can write to. Look at it once more: name@example.org."),
        },
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.is_busy = False

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip().lower()
        for action, key in (("registration_mail", address), ("registration_mails", "instance")):
            config = settings.REGISTRATION_RATE_LIMITS
            if not ratelimit.consume(self.request, app="hallway.attendance", action=action, config=config, key=key):
                self.is_busy = True
                raise forms.ValidationError(str(BUSY), code="busy")
        return address


class ComingForm(Form):
    """Who comes: a name, guests, on site or online, and what the team has to know.

    ``registration`` is the one that is changed; without it, somebody registers.
    """

    def __init__(
        self,
        *args: Any,
        admission: Admission,
        registration: Registration | None = None,
        answers: dict[int, str] | None = None,
        name: str = "",
        asks_message: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.admission, self.registration = admission, registration
        self.questions = list(admission.questions.all())
        self.fields["name"] = TextField(
            max_length=120,
            label=_("Your name"),
            help_text=_("As the list at the door shows it."),
            initial=registration.name if registration else name,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Say your name: the door finds you by it.")},
        )
        if admission.event.attendance == Event.Attendance.HYBRID and admission.is_event and registration is None:
            self.fields["where"] = _where()
        has_room = admission.event.attendance != Event.Attendance.ONLINE and not (registration and registration.online)
        if admission.guests_most and has_room:
            self.fields["guests"] = _guests(admission.guests_most, registration.guests if registration else 0)
        for question in self.questions:
            field = _field_for(question, admission.event)
            field.initial = (answers or {}).get(question.pk, "")
            self.fields[f"question_{question.pk}"] = field
        if asks_message:
            self.fields["message"] = _message()

    @property
    def said(self) -> dict[str, Any]:
        """What the actions take: name, guests, online and answers."""
        data = self.cleaned_data
        return {
            "name": data.get("name", ""),
            "guests": int(data.get("guests") or 0),
            "online": data.get("where") == "online",
            "answers": {question.pk: data.get(f"question_{question.pk}", "") for question in self.questions},
        }


def _where() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Where do you take part?"),
        choices=(("room", _("In the room")), ("online", _("Online, which takes no seat"))),
        initial="room",
        widget=forms.RadioSelect,
    )


def _guests(most: int, now: int) -> forms.ChoiceField:
    def words(number: int) -> str:
        if not number:
            return gettext("Nobody, I come alone")
        return ngettext("%(n)s guest", "%(n)s guests", number) % {"n": number}

    return forms.ChoiceField(
        label=_("Who comes with you?"),
        help_text=_("Each guest takes a seat of their own."),
        choices=[(number, words(number)) for number in range(max(most, now) + 1)],
        initial=now,
        required=False,
    )


def _message() -> TextField:
    return TextField(
        max_length=500,
        label=_("A sentence to the team"),
        help_text=_("What brings you? The team reads it before it says yes or no."),
        required=False,
    )


def _field_for(question: AdmissionQuestion, event: Event) -> forms.Field:
    about: dict[str, Any] = {
        "label": pick(question.text).text,
        "help_text": _purpose(question, event),
        "required": question.required,
    }
    needed: Any = {"required": _("The team has to know this from everybody. Please answer.")}
    if question.kind in {Kind.PHOTO, Kind.YES_NO}:
        choices: Sequence[tuple[str, Any]] = (("yes", _("Yes")), ("no", _("No")))
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, error_messages=needed, **about)
    if question.kind == Kind.CHOICE:
        options = [(str(choice), str(choice)) for choice in question.choices]
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, error_messages=needed, **about)
    return TextField(max_length=500, error_messages=needed, **about)


def _purpose(question: AdmissionQuestion, event: Event) -> SafeString:
    """What the answer is for and until when it is kept; the team's words are text and never markup."""
    if event.ends_at is not None:
        day = say_when((event.ends_at + timedelta(days=question.kept_days)).astimezone(event.tz), "yMMMMd")
        kept = gettext("The team reads your answer; it is deleted on %(day)s.") % {"day": day}
    else:
        kept = ngettext(
            "The team reads your answer; it is deleted %(n)s day after the event.",
            "The team reads your answer; it is deleted %(n)s days after the event.",
            question.kept_days,
        ) % {"n": question.kept_days}
    return format_html('<span dir="auto">{}</span><br>{}', pick(question.purpose).text, kept)


class ShownForm(Form):
    """Who sees that somebody is going."""

    shown = forms.ChoiceField(
        label=_("Who sees that you are going?"),
        choices=[
            ("nobody", _("Nobody but the team")),
            ("going", _("Those who are going too")),
            ("everybody", _("Everybody, on the event’s page")),
        ],
        widget=forms.RadioSelect,
    )
