"""What a reader has to say about a file: doubts, losses and refusals, as stable codes with translatable
sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext


def _(text: str) -> str:
    """Marks a sentence for the translators without needing settings, as Django's own marker would."""
    return text


SENTENCES: dict[str, str] = {
    # The whole file is refused.
    "too-large": _("The file is larger than %(limit)s MB. Split it or leave out attachments, then try again."),
    "empty-file": _("The file is empty. Export it again from the other tool."),
    "wrong-encoding": _("The file is not readable as text in %(encoding)s. Save it as UTF-8 and try again."),
    "forbidden-character": _(
        "The file contains characters that no text may have (%(character)s). Export it again from the other tool."
    ),
    "not-well-formed": _("The file is damaged: %(detail)s. Export it again from the other tool."),
    "dangerous-xml": _("The file defines its own entities, which we do not open. Export it without a document type."),
    "too-deep": _("The file is nested too deeply to be a programme. Check that you chose the right file."),
    "unknown-dialect": _(
        "We do not recognise this file as %(format)s. Choose another format, or export it again from the other tool."
    ),
    "unknown-format": _(
        "We do not recognise this file. You can import frab XML or JSON, Sessionize, iCalendar, "
        "hoverboard, OpenPlanner or, from any other tool, a table saved as CSV."
    ),
    "no-title-column": _("The table has no column for titles. Tell us which column holds the title."),
    "too-many-columns": _(
        "The table has more than %(limit)s columns. Remove those that say nothing of the programme, then try again."
    ),
    "too-many": _("The file holds more than %(limit)s sessions. Split it and import the parts."),
    # Something was left out.
    "time-out-of-range": _(
        "“%(title)s” is dated %(value)s. We keep dates from 1970 to 2199 only, so its slot was left out."
    ),
    "time-unreadable": _("We could not read the time “%(value)s” of “%(title)s”, so its slot was left out."),
    "duration-unreadable": _(
        "We could not read the length “%(value)s” of “%(title)s”. It is kept with no length; correct it."
    ),
    "repeated-entry": _("“%(title)s” is in the file twice at the same time in the same room. It was kept once."),
    "no-title": _("Sessions without a title are shown as “…”; give them one. Sessions: %(count)s."),
    "not-an-entry": _("An entry is not in the shape of a session (%(value)s) and was left out."),
    "people-without-sessions": _("People who speak in no session of this event were left out. People: %(count)s."),
    "recurring": _("“%(title)s” repeats by a rule. Only its first date was kept; add the others as slots."),
    # Something is doubtful.
    "zone-assumed": _(
        "The file names no time zone. Its times are read as %(zone)s; choose another zone if that is wrong."
    ),
    "zone-guessed": _("The file names no time zone, only offsets. We show times in %(zone)s; choose the event’s zone."),
    "zone-unknown": _("The file names the time zone “%(value)s”, which we do not know. Times are read as %(zone)s."),
    "false-utc": _(
        "The times are marked as UTC but look like local times. The first session would start at "
        "%(as_read)s; "
        "read as local time it would start at %(as_local)s. Choose which one is right."
    ),
    "clock-disagrees": _(
        "Start and date disagree in some entries; the date with its offset was taken. Entries: %(count)s."
    ),
    "clock-change": _("“%(title)s” is at %(value)s, which the change of the clocks skips. Check its time."),
    "end-before-start": _("“%(title)s” ends before it starts. It is kept with no length; correct it."),
    "end-missing": _("“%(title)s” has no end. It is kept with no length; correct it."),
    "all-day": _("“%(title)s” is a whole day without times. It is kept from the start of that day to its end."),
    "unscheduled": _("“%(title)s” has no time. It is kept without a slot."),
    "repeated-id": _(
        "The identifier “%(value)s” is used by several different sessions. We tell them apart by title, start and room."
    ),
    "repeated-person-id": _("The identifier “%(value)s” is used by several people. We tell them apart by name."),
    "repeated-room-id": _("Several rooms share the identifier “%(value)s”. “%(name)s” is kept as its own room."),
    "repeated-room-name": _("Several rooms are called “%(name)s”. One of them is kept as “%(value)s”; rename it."),
    "same-name": _(
        "“%(name)s” appears under several identifiers. They are kept apart; merge them if they are one person."
    ),
    "person-without-name": _("A person in “%(title)s” has no name and was left out."),
    "unknown-person": _("“%(title)s” names a person the file does not describe (%(value)s). That person was left out."),
    "unknown-room": _("“%(title)s” is in a room the file does not describe (%(value)s). It is kept without a room."),
    "id-not-a-number": _(
        "The identifier “%(value)s” of “%(title)s” is not written as a positive number. It gets a new one in exports."
    ),
    "language-unknown": _(
        "We do not know the language “%(value)s”. The word is kept; choose the language. Sessions: %(count)s."
    ),
    "contact-dropped": _(
        "Contact details of “%(name)s” were left out. Speakers enter their own when they accept an invitation."
    ),
    "contact-in-text": _("An e-mail address or telephone number in the text about “%(name)s” was left out."),
    "joining-details": _(
        "“%(title)s” seemed to contain details for joining online. They were moved to the field that only attendees "
        "see; check both texts."
    ),
    "joining-kept-back": _("The live address of “%(title)s” is kept for attendees only."),
    "private-labels": _(
        "“%(value)s” says something about the person rather than the session. It was left out, so that nobody "
        "reads it here."
    ),
    "unsafe-link": _("A link in “%(title)s” is not a web address and was left out (%(value)s)."),
    "answers-dropped": _("Answers to the other tool’s own questions were left out. Entries: %(count)s."),
    "unknown-field": _("The field “%(value)s” is not known to us and was left out. Entries: %(count)s."),
    "encoding-guessed": _("The file is not UTF-8. We read it as %(encoding)s; check the accents in the preview."),
    "column-ignored": _("The column “%(value)s” was not used."),
    "no-sessions": _("The file holds no sessions, only people. What it says of those who are known here was read."),
    "slot-cancelled": _("“%(title)s” is cancelled in the file, so its slot was left out."),
    "text-cut": _("A text of “%(title)s” is longer than the %(limit)s characters we keep. It was cut; shorten it."),
    "address-too-long": _(
        "An address of “%(title)s” is longer than the %(limit)s characters we keep. It was left out."
    ),
    "links-cut": _("“%(title)s” has more links than the %(limit)s we keep. The first ones were kept."),
    "pictures-left": _(
        "Pictures of people were not fetched; speakers add their own when they accept an invitation. People: %(count)s."
    ),
    "session-pictures-left": _("Pictures of sessions were not fetched. Sessions: %(count)s."),
    "licences-left": _("Licences of recordings were left out; they stand where the recording is. Sessions: %(count)s."),
    "look-left": _("The file’s own colours and logo were left out. Tracks get colours of ours, which you can change."),
    "place-left": _("The place “%(value)s” was not made a venue. Choose the venue in the event’s settings."),
    "roles-left": _("Hosts and moderators are listed as speakers. People: %(count)s."),
    "event-cancelled": _("The file says that the whole event is cancelled."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of an import's report. `code` is stable; `where` is a session's or person's key, a line, or
    empty.
    """

    code: str
    message_params: tuple[tuple[str, str | int], ...] = ()
    where: str = ""


def found(code: str, /, where: str = "", **params: str | int) -> Finding:
    """A finding; `code` must be one of SENTENCES (KeyError) and long values are cut to 120 characters."""
    SENTENCES[code]
    cut = (
        (name, value[:119] + "…" if isinstance(value, str) and len(value) > 120 else value)
        for name, value in params.items()
    )
    return Finding(code, tuple(sorted(cut)), where)


def sentence(finding: Finding) -> str:
    """The finding in the reader's language, saying what to do."""
    return gettext(SENTENCES[finding.code]) % dict(finding.message_params)


class Unreadable(Exception):  # noqa: N818 - it says what the file is, not what broke
    """The whole file is refused and nothing of it is kept; `code` is stable, `sentence` is in the reader's
    language.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code, dict(finding.message_params))
        self.finding = finding

    @property
    def code(self) -> str:
        """The stable code of the refusal."""
        return self.finding.code

    @property
    def sentence(self) -> str:
        """The refusal in the reader's language."""
        return sentence(self.finding)
