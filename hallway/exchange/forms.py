"""Cleans what is typed and handed in for an import; saves nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.forms.fields import ZoneField
from hallway.kit.forms import Form, TextField

from .opening import LIMIT_BYTES
from .table import COLUMNS, Preview

ACCEPTED = ".xml,.json,.ics,.csv,.tsv,.txt,application/json,text/calendar,text/csv,text/xml,application/xml"
LABELS = {
    "title": _("Title"),
    "start": _("Start"),
    "end": _("End"),
    "date": _("Date"),
    "end_date": _("Date of the end"),
    "duration": _("Length"),
    "room": _("Room"),
    "speakers": _("Speakers"),
    "abstract": _("Abstract"),
    "description": _("Description"),
    "subtitle": _("Subtitle"),
    "track": _("Track"),
    "type": _("Kind"),
    "level": _("Level"),
    "language": _("Language"),
    "tags": _("Tags"),
    "url": _("Web page"),
    "recording_url": _("Recording"),
    "code": _("Code"),
    "id": _("Identifier"),
    "do_not_record": _("Do not record"),
    "break": _("Is a break"),
}
USUAL = ("title", "date", "start", "end", "duration", "room", "speakers", "abstract")


class UploadForm(Form):
    """A programme's file, and where its times are."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("frab schedule.xml or .json, Sessionize, iCalendar or CSV; 100 MB at most."),
        error_messages={
            "empty": _("The file is empty. Export it again from the other tool."),
            "required": _("Choose a file."),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    zone = ZoneField(label=_("Time zone"), help_text=_("Used only if the file does not name one itself."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMIT_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 100 MB. Split it or leave out attachments, then try again."),
                code="too_large",
            )
        return file


class ColumnsForm(Form):
    """What each column of a table holds, and what the event is called."""

    event_title = TextField(label=_("What the event is called"), max_length=200)

    def __init__(self, *args: Any, preview: Preview, title: str = "", into: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if into:
            del self.fields["event_title"]
        else:
            self.fields["event_title"].initial = title
        choices = [("", _("not in the file")), *((name, name) for name in preview.header)]
        for column in (*USUAL, *(name for name in COLUMNS if name not in USUAL)):
            self.fields[column] = forms.ChoiceField(
                label=LABELS[column],
                choices=choices,
                initial=preview.mapping.get(column, ""),
                required=column == "title",
                error_messages={"required": _("Tell us which column holds the title.")},
            )

    def usual(self) -> list[forms.BoundField]:
        """The event's title and the columns nearly every table has."""
        return [self[name] for name in ("event_title", *USUAL) if name in self.fields]

    def rare(self) -> list[forms.BoundField]:
        """The others."""
        return [self[name] for name in COLUMNS if name not in USUAL]

    def columns(self) -> dict[str, str]:
        """Our names to the file's headers, for those that are in the file."""
        return {name: header for name in COLUMNS if (header := self.cleaned_data.get(name))}


class AgreeForm(Form):
    """Whether everybody sees it at once."""

    def __init__(self, *args: Any, makes_event: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now, later = (
            (_("Everybody, at once"), _("Only the team, until you publish the event"))
            if makes_event
            else (_("Everybody, at once: a new version is released"), _("Only the team, until you release the changes"))
        )
        self.fields["publish"] = forms.ChoiceField(
            label=_("Who sees it"),
            choices=[("now", now), ("later", later)],
            initial="later",
            widget=forms.RadioSelect,
        )
