"""Input of the programme's team: cleans, saves nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event, Room
from hallway.gathering.events.wall_time import instant_of
from hallway.kit import uploads
from hallway.kit.forms import Form, TextField
from hallway.kit.localised import LocalisedFormField, pick
from hallway.kit.refusal import Refusal
from hallway.kit.templatetags.hallway import say_when
from hallway.kit.text import clean
from hallway.people.models import Person
from hallway.programme.talks.actions import NewMaterial
from hallway.programme.talks.actions.materials import LONGEST_TITLE
from hallway.programme.talks.models import Material, Talk
from hallway.programme.talks.policies import can_edit_talk
from hallway.vocabulary.models import Topic

from .actions import Plan
from .actions.seats import MOST_SEATS
from .filters import language_name
from .models import Session, Slot, Track

MOST_SPEAKERS = 20
LONGEST_NAME = 120
# What a session has from its talk; a team that may not change the talk can only give the session its own texts.
OF_TALK = ("description", "subtitle", "keep", "names", "languages", "level", "topics")
COMMON_LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "nl", "ar", "sw", "zu", "zh", "ja")


class PlaceForm(Form):
    """Room, day, time and length of a slot. ``folded`` names the fields that most people leave alone."""

    folded: tuple[str, ...] = ()

    room = forms.ModelChoiceField(
        queryset=Room.objects.none(), label=_("Room"), required=False, empty_label=_("Not settled")
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label=_("Starts"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=3 * 24 * 60, initial=45)

    def __init__(self, *args: Any, event: Event, slot: Slot | None = None, **kwargs: Any) -> None:
        self.event = event
        kwargs["initial"] = place_of(event, slot) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        room = self.fields["room"]
        if isinstance(room, forms.ModelChoiceField):
            room.queryset = event.rooms.all()

    def main_fields(self) -> list[forms.BoundField]:
        """What stands open on the page."""
        return [self[name] for name in self.fields if name not in self.folded]

    def folded_fields(self) -> list[forms.BoundField]:
        """What stands in the fold below."""
        return [self[name] for name in self.fields if name in self.folded]

    def fold_is_open(self) -> bool:
        """Nobody has to look for what is wrong."""
        return any(name in self.errors for name in self.folded)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, start, minutes = data.get("day"), data.get("start"), data.get("minutes")
        data["starts_at"] = data["ends_at"] = None
        if day and start and minutes is not None:
            try:
                data["starts_at"] = instant_of(day, start, self.event.zone).instant
            except ValueError:
                self.add_error("day", forms.ValidationError(_("Choose a date between 1970 and 2199."), code="far"))
            else:
                data["ends_at"] = data["starts_at"] + timedelta(minutes=minutes)
        return data


def place_of(event: Event, slot: Slot | None) -> dict[str, Any]:
    """The place form's first values: the slot's, or the event's first day."""
    tz = ZoneInfo(event.zone)
    if slot is None:
        return {"day": event.starts_at.astimezone(tz).date()} if event.starts_at else {}
    starts = slot.starts_at.astimezone(tz)
    return {
        "room": slot.room_id,
        "day": starts.date(),
        "start": starts.time(),
        "minutes": int((slot.ends_at - slot.starts_at).total_seconds() // 60),
    }


class BreakForm(PlaceForm):
    """Coffee, lunch: in one room, or in all of them when none is chosen."""

    title = LocalisedFormField(label=_("What it is"), max_length=300)

    field_order = ("title", "day", "start", "minutes", "room")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room = self.fields["room"]
        if isinstance(room, forms.ModelChoiceField):
            room.empty_label = str(_("All rooms"))
        self.fields["minutes"].initial = 30

    def plan(self) -> Plan:
        """What the form says, for the action."""
        data = self.cleaned_data
        return Plan(
            kind=Session.Kind.BREAK, title=data["title"], room=data["room"], starts_at=data["starts_at"],
            ends_at=data["ends_at"],
        )  # fmt: skip


class SessionForm(PlaceForm):
    """A session with its talk and speakers. Without a time it stays unplaced."""

    title = LocalisedFormField(label=_("Title"), max_length=300)
    abstract = LocalisedFormField(label=_("What it is about"), max_length=20_000, multiline=True, required=False)
    description = LocalisedFormField(label=_("More about it"), max_length=20_000, multiline=True, required=False)
    subtitle = LocalisedFormField(label=_("Subtitle"), max_length=300, required=False)
    keep = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), label=_("Speakers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    names = forms.CharField(
        label=_("Add speakers"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One name on each line. They need no account; you can invite them later."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[choice for choice in Session.Kind.choices if choice[0] != Session.Kind.BREAK]
    )
    track = forms.ModelChoiceField(
        queryset=Track.objects.none(), label=_("Track"), required=False, empty_label=_("No track")
    )
    languages = forms.MultipleChoiceField(label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple)
    level = forms.ChoiceField(label=_("Level"), choices=Talk.Level.choices, required=False)
    topics = forms.ModelMultipleChoiceField(
        queryset=Topic.objects.none(), label=_("Topics"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    recording_url = forms.URLField(label=_("Recording"), required=False, max_length=500, assume_scheme="https")
    plenum = forms.BooleanField(label=_("For everybody, across all rooms"), required=False)
    do_not_record = forms.BooleanField(label=_("Do not record"), required=False)
    do_not_stream = forms.BooleanField(label=_("Do not stream"), required=False)

    field_order = (
        "title", "abstract", "description", "keep", "names", "kind", "track", "day", "start", "minutes", "room",
        "subtitle", "languages", "level", "topics", "recording_url", "plenum", "do_not_record", "do_not_stream",
    )  # fmt: skip
    folded: tuple[str, ...] = (
        "description", "subtitle", "languages", "level", "topics", "recording_url", "plenum", "do_not_record",
        "do_not_stream",
    )  # fmt: skip

    def __init__(self, *args: Any, event: Event, by: Person, session: Session | None = None, **kwargs: Any) -> None:
        super().__init__(*args, event=event, **kwargs)
        self.fields["start"].required = False
        if self.initial.get("description"):
            self.folded = self.folded[1:]
        self._offer(event, session)
        if session and session.talk and not can_edit_talk(by, session.talk):
            for name in OF_TALK:
                self.fields.pop(name, None)

    def _offer(self, event: Event, session: Session | None) -> None:
        """Only what this event has: its tracks, the speakers of this talk, topics and likely languages."""
        speakers = session.talk.speakers.order_by("speakings__position") if session and session.talk else None
        choices: dict[str, Any] = {"track": event.tracks.all(), "topics": Topic.objects.all(), "keep": speakers}
        for name, rows in choices.items():
            field = self.fields[name]
            if rows is None:
                del self.fields[name]
            elif isinstance(field, forms.ModelChoiceField):
                field.queryset = rows
        known = session.talk.languages if session and session.talk else []
        codes = dict.fromkeys(
            [*known, *(code for code, _name in settings.LANGUAGES), *event.languages, *COMMON_LANGUAGES]
        )
        languages = self.fields["languages"]
        if isinstance(languages, forms.MultipleChoiceField):
            languages.choices = [(code, language_name(code)) for code in codes]

    def clean_names(self) -> list[str]:
        """Names one a line, cleaned, each once."""
        lines = self.cleaned_data["names"].splitlines()
        names = [clean(line, limit=LONGEST_NAME, one_line=True) for line in lines]
        names = list(dict.fromkeys(name for name in names if name))
        if len(names) > MOST_SPEAKERS:
            raise forms.ValidationError(_("Name at most 20 speakers."), code="too_many")
        return names

    def plan(self, new: list[Person | str]) -> Plan:
        """What the form says, with the added speakers as found or as names."""
        data = self.cleaned_data
        return Plan(
            kind=data["kind"], title=data["title"], subtitle=data.get("subtitle", {}), abstract=data["abstract"],
            description=data.get("description", {}), speakers=[*data.get("keep", ()), *new], track=data["track"],
            languages=data.get("languages", ()), level=data.get("level", ""),
            topics=list(data.get("topics", ())), plenum=data["plenum"],
            recording_url=data["recording_url"], do_not_record=data["do_not_record"],
            do_not_stream=data["do_not_stream"], room=data["room"], starts_at=data["starts_at"],
            ends_at=data["ends_at"],
        )  # fmt: skip


class TrackForm(Form):
    """A track's name and colour."""

    name = TextField(label=_("Name"), max_length=120)
    hue = forms.TypedChoiceField(
        label=_("Colour"),
        coerce=int,
        choices=[
            (1, _("violet")), (2, _("teal")), (3, _("orange")), (4, _("green")), (5, _("pink")), (6, _("blue")),
            (7, _("ochre")), (8, _("grey")),
        ],
    )  # fmt: skip


class SeatsForm(Form):
    """How many people can register for a session."""

    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=MOST_SEATS,
        help_text=_("With more, those in line are offered one. With fewer, nobody loses the seat they have."),
    )  # fmt: skip


class ReleaseForm(Form):
    """The version's name, and what to say about it."""

    version = TextField(label=_("Version"), max_length=60, required=False)
    note = LocalisedFormField(
        label=_("What to say about it"), max_length=1_000, multiline=True, required=False,
        help_text=_("Readers see it above the list of changes."),
    )  # fmt: skip


def place_or_refuse(form: PlaceForm) -> tuple[datetime, datetime]:
    """The two instants of a valid place form."""
    starts, ends = form.cleaned_data["starts_at"], form.cleaned_data["ends_at"]
    if starts is None or ends is None:
        raise Refusal("schedule.no_time", _("Say when it starts."), field="start")
    return starts, ends


class MaterialForm(Form):
    """Slides, a recording, code or a link of a talk. A file that is there already stays the file it is."""

    one_of = ("file", "address")
    kind = forms.ChoiceField(label=_("What is it?"), choices=[])
    file = forms.FileField(
        label=_("A file from this device"),
        help_text=_("PDF, PowerPoint, OpenDocument, Keynote or ZIP, up to 50 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in uploads.DOCUMENTS)}),
        required=False,
    )
    address = forms.CharField(
        label=_("Or its address"),
        widget=forms.URLInput(attrs={"placeholder": "https://", "maxlength": 500}),
        required=False,
    )
    title = TextField(label=_("What it is called"), max_length=LONGEST_TITLE, required=False)
    event = forms.ChoiceField(label=_("For which occasion"), choices=[], required=False)

    def __init__(self, *args: Any, occasions: list[Event], material: Material | None = None, **kwargs: Any) -> None:
        if material is not None:
            names = ("kind", "address", "title")
            kwargs["initial"] = {name: getattr(material, name) for name in names} | {"event": material.event_id or ""}
        super().__init__(*args, **kwargs)
        self.occasions = {str(event.pk): event for event in occasions}
        kind, event = self.fields["kind"], self.fields["event"]
        if isinstance(kind, forms.ChoiceField) and isinstance(event, forms.ChoiceField):
            kind.choices = [(value, str(label).capitalize()) for value, label in Material.Kind.choices]
            event.choices = [
                ("", _("All of them")),
                *((pk, _called(one)) for pk, one in self.occasions.items()),
            ]
        if len(occasions) < 2:
            del self.fields["event"]
        if material is not None:
            del self.fields["file"]
            if material.file:
                del self.fields["address"]

    def occasion(self) -> Event | None:
        """The one event it is for, or None for all of them."""
        return self.occasions.get(self.cleaned_data.get("event", ""))

    def material(self) -> NewMaterial:
        """What is to be added. Raises Refusal for a file we do not take."""
        data, file = self.cleaned_data, self.cleaned_data.get("file")
        document = uploads.document_from(file) if file else None
        return NewMaterial(
            kind=data["kind"], title=data["title"], address=data["address"], document=document,
            filename=file.name if file else "",
        )  # fmt: skip

    def changes(self) -> dict[str, Any]:
        """What is to be different, by the names of ``change_material``."""
        data = self.cleaned_data
        address = data.get("address", "")
        return {"kind": data["kind"], "title": data["title"], "address": address, "event": self.occasion()}


def _called(event: Event) -> str:
    """An occasion with its day: evenings of a community may have the same title."""
    title = pick(event.title).text
    return f"{title} · {say_when(event.starts_at.astimezone(event.tz), 'yMMMMd')}" if event.starts_at else title


class SlidesForm(Form):
    """Where to be told that the slides are there, for whom has no account."""

    address = forms.CharField(
        label=_("Your e-mail address"),
        help_text=_("For one mail when the slides are there; then we forget it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254}),
        max_length=254,
        required=False,
    )
