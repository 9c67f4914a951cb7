"""What organisers write: how one registers, questions, invitations, the number of seats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.wall_time import instant_of
from hallway.kit.forms import Form, TextField
from hallway.kit.localised import LocalisedFormField
from hallway.kit.refusal import Refusal

from ..models import Admission, AdmissionQuestion

Kind = AdmissionQuestion.Kind
MOST_ADDRESSES = 50
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

# One tap adds these: the question, what its answer is for, how many days after the event it is kept, its choices.
READY_MADE = {
    Kind.DIET: (
        gettext_noop("What do you not eat?"),
        gettext_noop("The kitchen gets the numbers, without names."),
        7,
    ),
    Kind.ACCESS: (
        gettext_noop("What do you need to take part?"),
        gettext_noop("The team prepares room, seat and help. Only organisers read it."),
        7,
    ),
    Kind.PHOTO: (
        gettext_noop("May you be seen in pictures of the event?"),
        gettext_noop("Whoever takes pictures knows whom to leave out. Without an answer it means no."),
        90,
    ),
}


def ready_made(kind: str) -> dict[str, Any] | None:
    """The fields of a question that is ready, in every language of the instance; None for kinds without one."""
    if kind not in READY_MADE:
        return None
    text, purpose, days = READY_MADE[Kind(kind)]
    return {"kind": kind, "text": _everywhere(text), "purpose": _everywhere(purpose), "kept_days": days}


def _everywhere(message: str) -> dict[str, str]:
    said = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            said[code] = gettext(message)
    return said


class SeatsForm(Form):
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=100_000, required=False,
        help_text=_("Leave it empty for any number."),
    )  # fmt: skip


class DeclineForm(Form):
    reason = TextField(
        label=_("Why"), max_length=500, help_text=_("They get it by mail. One friendly sentence is enough.")
    )


class AdmissionForm(Form):
    """How people register for a list. ``changes()`` is what ``change_admission`` takes."""

    times = ("opens_on", "opens_time", "closes_on", "closes_time")

    how = forms.ChoiceField(label=_("Who may register"), choices=Admission.How.choices, widget=forms.RadioSelect)
    reason = LocalisedFormField(
        label=_("Why not everybody, and what you look at"), max_length=1_000, multiline=True, required=False,
        help_text=_("Everybody can read it, before they register."),
    )  # fmt: skip
    rule = forms.ChoiceField(
        label=_("Who is next in line"), choices=Admission.Rule.choices, widget=forms.RadioSelect,
        help_text=_("Everybody in line can read it. A change holds from the next free seat on."),
    )  # fmt: skip
    guests_most = forms.IntegerField(
        label=_("Guests each person may bring"), min_value=0, max_value=10, help_text=_("Each guest takes a seat.")
    )
    opens_on = forms.DateField(label=_("Opens on"), required=False, widget=DAY)
    opens_time = forms.TimeField(label=_("at"), required=False, widget=CLOCK)
    closes_on = forms.DateField(label=_("Closes on"), required=False, widget=DAY)
    closes_time = forms.TimeField(label=_("at"), required=False, widget=CLOCK)
    extra = forms.IntegerField(
        label=_("Seats beyond the chairs"), min_value=0, max_value=10_000,
        help_text=_("This many more may register, because some never come."),
    )  # fmt: skip
    ask_days = forms.CharField(
        label=_("Ask “still coming?” this many days before"), required=False,
        help_text=_("Up to three numbers, as in “7, 1”. Empty: nobody is asked."),
    )  # fmt: skip
    must_answer = forms.BooleanField(label=_("A seat without an answer goes to the next in line"), required=False)
    offer_hours = forms.IntegerField(
        label=_("Hours an offered seat is kept, at most"), min_value=1, max_value=240,
        help_text=_("It is kept for less when the event is near."),
    )  # fmt: skip
    first_come_hours = forms.IntegerField(
        label=_("Last hours in which the first to come gets it"), min_value=0, max_value=72,
        help_text=_("Then nothing is kept for anybody: whoever takes a free seat first has it."),
    )  # fmt: skip

    def __init__(self, *args: Any, admission: Admission, **kwargs: Any) -> None:
        self.admission = admission
        kwargs["initial"] = _shown(admission)
        super().__init__(*args, **kwargs)

    def clean_ask_days(self) -> list[int]:
        given = self.cleaned_data["ask_days"].replace(",", " ").replace(";", " ").split()
        if len(given) > 3 or not all(one.isascii() and one.isdigit() and 1 <= int(one) <= 30 for one in given):
            raise ValidationError(_("Give up to three numbers of days from 1 to 30."), code="days")
        return sorted({int(one) for one in given}, reverse=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("opens", "closes"):
            data[f"{name}_at"] = self._moment(name, data)
        return data

    def _moment(self, name: str, data: dict[str, Any]) -> datetime | None:
        day, clock = data.get(f"{name}_on"), data.get(f"{name}_time")
        if {f"{name}_on", f"{name}_time"} & set(self.errors) or (day is None and clock is None):
            return None
        if day is None or clock is None:
            missing = "on" if day is None else "time"
            self.add_error(f"{name}_{missing}", _("Give both the day and the time, or neither."))
            return None
        if not 1970 <= day.year <= 2199:
            self.add_error(f"{name}_on", _("Choose a year between 1970 and 2199."))
            return None
        before: datetime | None = getattr(self.admission, f"{name}_at")
        there = before.astimezone(self.admission.event.tz) if before else None
        if there and (there.date(), there.time().replace(second=0, microsecond=0)) == (day, clock):
            return before  # closed by a button, to the second: saving something else does not open it again
        return instant_of(day, clock, self.admission.event.zone).instant

    def refuse(self, refusal: Refusal) -> None:
        """What is wrong with the end of registration stands beside its day."""
        field = "closes_on" if refusal.field == "closes_at" else refusal.field
        super().refuse(Refusal(refusal.code, refusal.sentence, field=field))

    def changes(self) -> dict[str, Any]:
        names = (
            "how", "reason", "rule", "guests_most", "opens_at", "closes_at", "extra", "ask_days", "must_answer",
            "offer_hours", "first_come_hours",
        )  # fmt: skip
        return {name: self.cleaned_data[name] for name in names}


def _shown(admission: Admission) -> dict[str, Any]:
    shown: dict[str, Any] = {
        name: getattr(admission, name)
        for name in ("how", "reason", "rule", "guests_most", "extra", "must_answer", "offer_hours", "first_come_hours")
    }
    shown["ask_days"] = ", ".join(str(day) for day in admission.ask_days)
    for name in ("opens", "closes"):
        moment: datetime | None = getattr(admission, f"{name}_at")
        if moment is not None:
            local = moment.astimezone(admission.event.tz)
            shown[f"{name}_on"], shown[f"{name}_time"] = local.date(), local.time()
    return shown


class QuestionForm(Form):
    """A question to those who register, what it is for, how long its answers are kept."""

    kind = forms.ChoiceField(
        label=_("Kind of answer"),
        choices=[(kind.value, kind.label) for kind in (Kind.TEXT, Kind.YES_NO, Kind.CHOICE)],
    )
    text = LocalisedFormField(label=_("Question"), max_length=200)
    purpose = LocalisedFormField(
        label=_("What the answer is for"), max_length=300, help_text=_("Shown beside the question.")
    )
    choices = forms.CharField(
        label=_("Choices"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For “one of several”: one on each line."),
    )  # fmt: skip
    kept_days = forms.IntegerField(
        label=_("Days the answers are kept after the event"), min_value=0, max_value=365, initial=7
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)

    def __init__(self, *args: Any, question: AdmissionQuestion | None = None, **kwargs: Any) -> None:
        if question is not None:
            kwargs["initial"] = {
                "text": question.text, "purpose": question.purpose, "kept_days": question.kept_days,
                "required": question.required, "kind": question.kind, "choices": "\n".join(question.choices),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        if question is not None and question.kind in READY_MADE:
            del self.fields["kind"], self.fields["choices"]

    def clean_choices(self) -> list[str]:
        lines = [" ".join(line.split())[:200] for line in self.cleaned_data["choices"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))[:20]

    def asked(self) -> dict[str, Any]:
        """What ``add_question`` and ``change_question`` take."""
        data = dict(self.cleaned_data)
        if data.get("kind", Kind.CHOICE) != Kind.CHOICE:
            data["choices"] = []
        return data


class InviteForm(Form):
    """Addresses, one on each line. What is no address is kept, to be said of each."""

    addresses = forms.CharField(
        label=_("E-mail addresses"), max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5, "autocapitalize": "off", "spellcheck": "false"}),
        help_text=_("One on each line, 50 at most. Each gets a mail with a link."),
    )  # fmt: skip

    def clean_addresses(self) -> list[tuple[str, bool]]:
        """``(address, whether it is one)``, each once."""
        words = self.cleaned_data["addresses"].replace(",", "\n").replace(";", "\n").split()
        given = list(dict.fromkeys(word.strip("<>").lower() for word in words))
        if len(given) > MOST_ADDRESSES:
            raise ValidationError(_("Invite 50 addresses at most at a time. Send these in parts."), code="many")
        return [(address, _is_address(address)) for address in given]


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
