"""Cleans what organisers write about events, venues and rooms. An action saves it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.forms.fields import LanguagesField, TopicsField, ZoneField
from hallway.gathering.communities.models import Community
from hallway.gathering.communities.queries import visible_to as visible_communities
from hallway.kit.forms import Form, TextField
from hallway.kit.localised import LocalisedFormField
from hallway.kit.slugs import validate_slug
from hallway.vocabulary.places import country_choices

from .models import Event, Venue
from .provisions import ACCESS, EQUIPMENT
from .wall_time import instant_of

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
# Towns are proposed while one types; the field takes the town alone, its country has a field of its own.
TOWN = {"data-places": reverse_lazy("places"), "data-places-as": "name"}


def _in_years(day: date | None) -> date | None:
    if day is not None and not 1970 <= day.year <= 2199:
        raise forms.ValidationError(_("Choose a year between 1970 and 2199."), code="year")
    return day


class WhenMixin(forms.Form):
    """Days and times on the venue's clock, cleaned to ``starts_at`` and ``ends_at``; ``moved`` names skipped times."""

    starts_on = forms.DateField(label=_("Day"), required=False, widget=DAY)
    starts_time = forms.TimeField(label=_("Starts at"), required=False, widget=CLOCK)
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=DAY, help_text=_("Leave it empty when it ends on the same day.")
    )
    ends_time = forms.TimeField(label=_("Ends at"), required=False, widget=CLOCK)

    moved: list[str]

    def clean_starts_on(self) -> date | None:
        return _in_years(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date | None:
        return _in_years(self.cleaned_data["ends_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.moved = []
        zone = data.get("zone") or self.usual_zone()
        data["starts_at"] = self._moment("starts", data.get("starts_on"), data.get("starts_time"), zone)
        last = data.get("ends_on") or data.get("starts_on")
        data["ends_at"] = None
        if data.get("ends_time") or data.get("ends_on"):
            data["ends_at"] = self._moment("ends", last, data.get("ends_time"), zone)
        self._past_midnight(data)
        return data

    def usual_zone(self) -> str:
        """The zone when the form does not ask for one."""
        raise NotImplementedError

    def _moment(self, name: str, day: date | None, clock: Any, zone: str) -> datetime | None:
        if day is None and clock is None:
            return None
        if {f"{name}_on", f"{name}_time"} & set(self.errors):
            return None
        if day is None:
            self.add_error(f"{name}_on", _("Choose the day as well."))
            return None
        if clock is None:
            self.add_error(f"{name}_time", _("Say at what time."))
            return None
        instant, moved = instant_of(day, clock, zone)
        if moved:
            self.moved.append(name)
        return instant

    def _past_midnight(self, data: dict[str, Any]) -> None:
        """18:30 to 00:30 on one day means the night after."""
        start, end = data["starts_at"], data["ends_at"]
        if start and end and end < start and not data.get("ends_on") and start - end < timedelta(days=1):
            data["ends_at"] = end + timedelta(days=1)

    @staticmethod
    def initial_of(event: Event) -> dict[str, Any]:
        """What the fields show of an event."""
        shown: dict[str, Any] = {}
        for name, moment in (("starts", event.starts_at), ("ends", event.ends_at)):
            if moment is not None:
                local = moment.astimezone(event.tz)
                shown[f"{name}_on"], shown[f"{name}_time"] = local.date(), local.time()
        if shown.get("ends_on") == shown.get("starts_on"):
            shown.pop("ends_on", None)
        return shown


class VenueChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A venue the event may take place at."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.place_name}" if obj.place_name else str(obj.name)


def venues_for(community_ids: list[int]) -> Any:
    return Venue.objects.filter(community_id__in=community_ids).order_by("name", "id")


class NewEventForm(WhenMixin, Form):
    """One screen: what, when, where. The rest comes later."""

    field_order = (
        "title",
        "starts_on",
        "starts_time",
        "ends_time",
        "ends_on",
        "zone",
        "attendance",
        "venue",
        "place",
        "town",
    )
    title = LocalisedFormField(label=_("What is it called"), max_length=200)
    zone = ZoneField(label=_("Time zone of the place"))
    attendance = forms.ChoiceField(label=_("Where"), choices=Event.Attendance.choices, initial="on_site")
    venue = VenueChoice(
        label=_("Venue"), queryset=Venue.objects.none(), required=False, empty_label=_("not settled yet")
    )
    place = TextField(label=_("A new venue"), max_length=160, required=False)
    town = TextField(label=_("Its town"), max_length=120, required=False, widget=forms.TextInput(attrs=dict(TOWN)))

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        self.community = community
        kwargs["initial"] = {"zone": community.zone, "town": community.place_name} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        venues = venues_for([community.pk])
        if venues.exists():
            self.fields["venue"].queryset = venues  # type: ignore[attr-defined]  # this one chooses
        else:
            del self.fields["venue"]

    def usual_zone(self) -> str:
        return self.community.zone


class CopyForm(WhenMixin, Form):
    """When the copy takes place; the rest is as in the original."""

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        self.event = event
        super().__init__(*args, **kwargs)
        del self.fields["ends_on"], self.fields["ends_time"]

    def usual_zone(self) -> str:
        return self.event.zone


class SectionForm(Form):
    """A section of the edit page: shows an event, cleans to the changes of ``edit_event``."""

    names: tuple[str, ...] = ()

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        self.event = event
        kwargs["initial"] = {name: getattr(event, name) for name in self.names if name != "topics"} | self.shown(event)
        super().__init__(*args, **kwargs)

    def shown(self, event: Event) -> dict[str, Any]:
        """More initial values."""
        return {}

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


HUES = (
    _("jacaranda violet"), _("lagoon"), _("brick"), _("leaf"), _("raspberry"), _("sky"), _("olive"), _("slate"),
)  # fmt: skip


class WhatForm(SectionForm):
    names = ("title", "tagline", "languages", "topics", "hue")
    title = LocalisedFormField(label=_("Title"), max_length=200)
    tagline = LocalisedFormField(label=_("In one sentence"), max_length=200, required=False)
    slug = TextField(
        label=_("Address"), max_length=60, validators=[validate_slug],
        help_text=_("The last part of the page’s address. An old one goes on leading here."),
    )  # fmt: skip
    languages = LanguagesField(
        label=_("Spoken languages"), required=False, help_text=_("Write their names, as in “English, French”.")
    )
    topics = TopicsField(label=_("Topics"), required=False, help_text=_("Separated by commas."))
    hue = forms.TypedChoiceField(label=_("Colour"), coerce=int, choices=list(enumerate(HUES, start=1)))

    def shown(self, event: Event) -> dict[str, Any]:
        return {"slug": event.slug, "topics": list(event.topics.all()) if event.pk else []}


class WhenForm(WhenMixin, SectionForm):
    names = ("zone", "starts_at", "ends_at", "day_boundary")
    zone = ZoneField(label=_("Time zone of the place"))
    day_boundary = forms.TimeField(
        label=_("A day ends at"), widget=CLOCK, required=False,
        help_text=_("Talks after midnight belong to the day before until this time. Usually 00:00."),
    )  # fmt: skip

    def shown(self, event: Event) -> dict[str, Any]:
        hour, minute = divmod(event.day_boundary, 60)
        return {**self.initial_of(event), "day_boundary": f"{hour:02}:{minute:02}"}

    def clean_day_boundary(self) -> int:
        given = self.cleaned_data["day_boundary"]
        return given.hour * 60 + given.minute if given else 0

    def usual_zone(self) -> str:
        return self.event.zone


class WhereForm(SectionForm):
    names = ("attendance", "venue", "seats", "url")
    attendance = forms.ChoiceField(label=_("Where"), choices=Event.Attendance.choices, widget=forms.RadioSelect)
    venue = VenueChoice(
        label=_("Venue"), queryset=Venue.objects.none(), required=False, empty_label=_("not settled yet")
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000, required=False)
    url = forms.URLField(label=_("Web page elsewhere"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hosts = self.event.hosts.filter(accepted_at__isnull=False).values_list("community_id", flat=True)
        venues = venues_for([self.event.community_id, *hosts])
        self.fields["venue"].queryset = venues  # type: ignore[attr-defined]  # this one chooses


class WordsForm(SectionForm):
    names = ("description", "credit")
    description = LocalisedFormField(label=_("Description"), max_length=20_000, multiline=True, required=False)
    credit = TextField(
        label=_("Where these facts come from"), max_length=300, required=False,
        help_text=_("Only for programmes taken from somewhere else, with their licence."),
    )  # fmt: skip


class JoiningForm(SectionForm):
    names = ("joining",)
    joining = LocalisedFormField(
        label=_("Joining details"), max_length=3_000, multiline=True, required=False,
        help_text=_("Link, passcode, dial-in. Only the team and those going see them; no page, feed or export does."),
    )  # fmt: skip


SECTIONS: dict[str, type[SectionForm]] = {
    "what": WhatForm, "when": WhenForm, "where": WhereForm, "words": WordsForm, "joining": JoiningForm,
}  # fmt: skip


class PostponeForm(WhenMixin, Form):
    """A new date, or none yet, and why."""

    reason = LocalisedFormField(label=_("Why"), max_length=1_000, required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        self.event = event
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].label = _("New day")
        self.fields["starts_on"].help_text = _("Leave it empty if there is no new date yet.")

    def usual_zone(self) -> str:
        return self.event.zone


class CancelForm(Form):
    reason = LocalisedFormField(
        label=_("Why"), max_length=1_000, required=False, help_text=_("It appears on the page and in the mail.")
    )


class InviteHostForm(Form):
    community = TextField(
        label=_("Community"), max_length=200,
        help_text=_("Its address: the part after /c/, or the whole link to its page."),
    )  # fmt: skip

    def clean_community(self) -> Community:
        slug = self.cleaned_data["community"].partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
        found = visible_communities(None).filter(slug=slug).first()
        if found is None:
            raise forms.ValidationError(_("No public community has this address. Copy the link of its page."))
        return found


class VenueForm(Form):
    name = TextField(label=_("Name"), max_length=160)
    address = TextField(label=_("Street and number"), max_length=300, required=False)
    place_name = TextField(label=_("Town"), max_length=120, required=False, widget=forms.TextInput(attrs=dict(TOWN)))
    country = forms.ChoiceField(
        label=_("Country"), required=False, widget=forms.Select(attrs={"data-country-of-place": True})
    )
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000, required=False)
    access = forms.MultipleChoiceField(
        label=_("What everybody can count on there"), choices=list(ACCESS.items()),
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    directions = LocalisedFormField(label=_("How to find it"), max_length=3_000, multiline=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lands = country_choices(get_language() or "en")
        self.fields["country"].choices = [("", ""), *lands]  # type: ignore[attr-defined]  # this one chooses

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("latitude") is None) != (data.get("longitude") is None) and not self.errors:
            raise forms.ValidationError(_("Give both latitude and longitude, or neither."))
        return data


class RoomForm(Form):
    name = TextField(label=_("Name"), max_length=120)
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000, required=False)
    position = forms.IntegerField(label=_("Place in the order"), min_value=0, max_value=10_000, required=False)
    note = TextField(label=_("How to find it"), max_length=300, required=False)
    equipment = forms.MultipleChoiceField(
        label=_("Equipment"), choices=list(EQUIPMENT.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    access = forms.MultipleChoiceField(
        label=_("Access"), choices=list(ACCESS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )

    def changes(self) -> dict[str, Any]:
        cleaned = dict(self.cleaned_data)
        if cleaned["position"] is None:
            del cleaned["position"]
        return cleaned


class ScopeForm(Form):
    """How far an edit of an edition reaches."""

    scope = forms.ChoiceField(
        label=_("Change"),
        choices=(
            ("this", _("this date only")), ("following", _("this and the following dates")),
            ("all", _("all dates that have not begun")),
        ),
        widget=forms.RadioSelect,
        initial="this",
    )  # fmt: skip
