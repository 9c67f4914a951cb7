"""How a community meets: a rule in the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.actions import SeriesTerms
from hallway.gathering.communities.models import Series
from hallway.gathering.communities.recurrence import LAST, Rule, occurrences, read_rule
from hallway.kit import clock
from hallway.kit.forms import Form, TextField
from hallway.kit.localised import LocalisedFormField
from hallway.kit.templatetags.hallway import minutes_long

from .fields import ZoneField

NOT_YET = "no"
_EVERY = {"month": 1, "2months": 2, "3months": 3, "6months": 6, "week": 1, "2weeks": 2, "3weeks": 3, "4weeks": 4}
RHYTHMS = [
    ("month", _("Every month")),
    ("2months", _("Every two months")),
    ("3months", _("Every three months")),
    ("6months", _("Twice a year")),
    ("week", _("Every week")),
    ("2weeks", _("Every two weeks")),
    ("3weeks", _("Every three weeks")),
    ("4weeks", _("Every four weeks")),
]
_LENGTHS = (30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 210, 240, 300, 360, 420, 480, 600, 720)


def _weekdays() -> Iterator[tuple[str, str]]:
    names = get_day_names("wide", locale=(get_language() or "en").replace("-", "_"))
    return ((str(number), str(names[number])) for number in range(7))


def _lengths() -> Iterator[tuple[str, str]]:
    return ((str(minutes), minutes_long(minutes)) for minutes in _LENGTHS)


class MeetingFields(Form):
    """Ordinal, weekday, rhythm, time, length, place, seats, zone, first day."""

    every = forms.ChoiceField(
        label=_("How often"),
        initial="month",
        choices=RHYTHMS,
    )
    ordinal = forms.TypedChoiceField(
        label=pgettext_lazy("of a month", "Which"),
        coerce=int,
        initial=3,
        choices=[(1, _("first")), (2, _("second")), (3, _("third")), (4, _("fourth")), (LAST, _("last"))],
    )
    weekday = forms.TypedChoiceField(label=_("Day"), coerce=int, initial=2, choices=_weekdays)
    local_time = forms.TimeField(
        label=_("Time"), initial="18:30", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    minutes = forms.TypedChoiceField(label=_("Length"), coerce=int, initial=150, choices=_lengths)
    starts_on = forms.DateField(
        label=_("First date from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    zone = ZoneField(label=_("Time zone"))
    venue_note = TextField(
        label=_("Usual place"),
        max_length=200,
        required=False,
        help_text=_("As in “The Kiln, 12 Oak Street, second floor”. Only if you have one."),
    )
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=100_000, required=False, help_text=_("Empty: no limit.")
    )

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if not 2000 <= day.year <= 2199:
            raise ValidationError(_("Choose a day from the year 2000 on, within this century or the next."))
        return day

    def rule(self) -> str:
        """The rule that was chosen. Only after cleaning."""
        every = self.cleaned_data["every"]
        ordinal = self.cleaned_data["ordinal"] if every.endswith(("month", "months")) else None
        return str(Rule(self.cleaned_data["weekday"], ordinal, _EVERY[every]))

    def terms(self, title: dict[str, str]) -> SeriesTerms:
        """What was chosen, for the actions. Only after cleaning."""
        cleaned = self.cleaned_data
        return SeriesTerms(
            title=title,
            rule=self.rule(),
            starts_on=cleaned["starts_on"],
            local_time=cleaned["local_time"],
            minutes=cleaned["minutes"],
            zone=cleaned["zone"],
            venue_note=cleaned["venue_note"],
            seats=cleaned["seats"],
        )

    def dates(self, count: int = 3) -> list[datetime]:
        """The next dates of what was chosen; none while something is missing."""
        needed = ("every", "ordinal", "weekday", "local_time", "starts_on", "zone")
        if not self.is_bound or any(name in self.errors or name not in self.cleaned_data for name in needed):
            return []
        cleaned = self.cleaned_data
        if cleaned["every"] == NOT_YET:
            return []
        return occurrences(
            self.rule(), cleaned["starts_on"], cleaned["local_time"], cleaned["zone"], clock.now(), count
        )


def initial_of(series: Series) -> dict[str, Any]:
    """What a form over a series begins with."""
    rule = read_rule(series.rule)
    unit = "week" if rule.ordinal is None else "month"
    every = next((key for key, interval in _EVERY.items() if unit in key and interval == rule.interval), unit)
    return {
        "title": series.title,
        "every": every,
        "ordinal": rule.ordinal or 1,
        "weekday": rule.weekday,
        "local_time": series.local_time,
        "minutes": series.minutes,
        "starts_on": series.starts_on,
        "zone": series.zone,
        "venue_note": series.venue_note,
        "seats": series.seats,
    }


class SeriesForm(MeetingFields):
    """A series with its title."""

    title = LocalisedFormField(label=_("Title"), max_length=200)
    field_order = ("title",)


def usual_title(every: str, languages: list[str]) -> dict[str, str]:
    """What meet-ups are called until somebody says otherwise, in each language of the pages."""
    titles = {}
    for language in languages:
        with translation.override(language):
            titles[language] = str(_("Monthly meet-up")) if every == "month" else str(_("Meet-up"))
    return titles
