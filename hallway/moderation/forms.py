"""What people write about reports. Cleans, saves nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.forms import Form
from hallway.kit.localised import pick
from hallway.kit.text import clean

from .actions.deciding import Measures
from .models import Decision, Report
from .queries import Hears

READS = {
    Hears.BY_MAIL: _("Whoever it is about reads this in a mail. Leave it empty if you change nothing."),
    Hears.WHERE_IT_STANDS: _(
        "It does not say whose it is, so there is no mail. Its writer reads this where they find their text again. "
        "Leave it empty if you change nothing."
    ),
    Hears.NOT_AT_ALL: _("It is nobody’s, so those who decide alone read this. Leave it empty if you change nothing."),
}
ANSWERS = {
    Hears.BY_MAIL: _("Whoever appealed reads this in a mail."),
    Hears.WHERE_IT_STANDS: _("Whoever appealed reads this at the address from which they appealed. There is no mail."),
}
STAY = "stay"
DAYS = (("0", _("for good")), ("1", _("for a day")), ("7", _("for a week")), ("30", _("for a month")),
        ("365", _("for a year")))  # fmt: skip


class Words(forms.CharField):
    """Several lines of a person's text, cleaned."""

    def __init__(self, *, limit: int, rows: int = 4, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "maxlength": limit, "dir": "auto"})
        super().__init__(widget=widget, **kwargs)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "", limit=self.limit)


class ReportForm(Form):
    """One tap says what is wrong; words and where it happened may be added."""

    trouble = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Report.Trouble.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with it."), "invalid_choice": _("Choose one of these.")},
    )
    where = forms.ChoiceField(label=_("Where did it happen?"), required=False)
    note = Words(
        label=_("In your words"), required=False, limit=2_000,
        help_text=_("What those who decide should know. Whoever it is about never reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[Event], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(event.pk): event for event in places}
        if not places:
            del self.fields["where"]
            return
        named = [(key, pick(event.title).text) for key, event in self.places.items()]
        self.fields["where"].choices = [("", _("Not at an event")), *named]  # type: ignore[attr-defined]  # a field of choices

    @property
    def event(self) -> Event | None:
        """The event that was chosen, if any."""
        return self.places.get(self.cleaned_data.get("where", ""))


class DecideForm(Form):
    """What is to happen, for how long, and why. Only what is possible can be chosen."""

    hide = forms.BooleanField(label=_("Hide it"), required=False)
    exclusion = forms.TypedChoiceField(
        label=_("Whoever it is about"), initial=STAY, coerce=lambda value: "" if value == STAY else value,
        widget=forms.RadioSelect, error_messages={"required": _("Choose what is to happen.")},
    )  # fmt: skip
    everywhere = forms.BooleanField(required=False)
    days = forms.ChoiceField(label=_("For how long"), choices=DAYS)
    reason = Words(label=_("Reason"), required=False, limit=1_000)

    def __init__(self, *args: Any, can: Measures, hears: Hears, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = READS[hears]
        choices = [(STAY, Decision.Exclusion.NONE.label)]
        choices += [(one.value, one.label) for one in (Decision.Exclusion.MUTE,) if can.mute]
        choices += [(one.value, one.label) for one in (Decision.Exclusion.BAN,) if can.ban]
        self.fields["exclusion"].choices = choices  # type: ignore[attr-defined]  # a field of choices
        if not can.hide:
            del self.fields["hide"]
        if len(choices) < 2:
            del self.fields["exclusion"]
        if not can.ban:
            # Whoever a text does not name is kept from writing by its owner, until that is taken back.
            del self.fields["days"]
        if can.community is None:
            del self.fields["everywhere"]
        else:
            self.fields["everywhere"].label = _("At every event of %(community)s") % {"community": can.community.name}

    def until(self, at: datetime) -> datetime | None:
        """The end that was chosen; None for good."""
        days = int(self.cleaned_data.get("days") or 0)
        return at + timedelta(days=days) if days else None


class AppealForm(Form):
    """Why a decision should be another one."""

    text = Words(
        label=_("Why should the decision be another one?"), limit=3_000, rows=6,
        error_messages={"required": _("Say in a few words why the decision should be another one.")},
    )  # fmt: skip


class AnswerForm(Form):
    """Whether a decision stays, and why."""

    granted = forms.TypedChoiceField(
        label=_("Having looked again"),
        choices=(("no", _("the decision stays")), ("yes", _("the decision is taken back"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the decision stays.")},
    )
    answer = Words(
        label=_("Why"), limit=1_000, error_messages={"required": _("Say why: whoever appealed reads it.")}
    )  # fmt: skip

    def __init__(self, *args: Any, hears: Hears, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = ANSWERS.get(hears, ANSWERS[Hears.WHERE_IT_STANDS])
