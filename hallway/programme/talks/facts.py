"""What happened to talks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class TalkWritten(Fact):
    """A talk was written down."""

    kind = "talks.talk_written"
    sentence = gettext_noop("%(by)s wrote “%(talk)s”")
    talk_id: int


@dataclass(frozen=True)
class TalksWritten(Fact):
    """Many talks were written down at once, by an import."""

    kind = "talks.talks_written"
    sentence = gettext_noop("%(by)s added talks (%(count)s)")
    talk_ids: list[int]
    count: int


@dataclass(frozen=True)
class TalkChanged(Fact):
    """Some of a talk's fields changed; ``fields`` names them."""

    kind = "talks.talk_changed"
    sentence = gettext_noop("%(by)s changed “%(talk)s”")
    talk_id: int
    fields: list[str]


@dataclass(frozen=True)
class SpeakersSet(Fact):
    """Who speaks in a talk changed. ``person_ids`` are those before and after."""

    kind = "talks.speakers_set"
    sentence = gettext_noop("%(by)s changed who speaks in “%(talk)s”")
    talk_id: int
    person_ids: list[int]


@dataclass(frozen=True)
class TalkShared(Fact):
    """The programme team of an event may correct a talk."""

    kind = "talks.talk_shared"
    sentence = gettext_noop("“%(talk)s” may be corrected by the team of %(event)s")
    talk_id: int
    event_id: int


@dataclass(frozen=True)
class TalksPublished(Fact):
    """Talks became public, since a released schedule shows them."""

    kind = "talks.talks_published"
    sentence = gettext_noop("Talks became public (%(count)s)")
    talk_ids: list[int]
    count: int


@dataclass(frozen=True)
class TalkWithdrawn(Fact):
    """A talk's texts were erased; programmes keep its title and time."""

    kind = "talks.talk_withdrawn"
    sentence = gettext_noop("%(by)s withdrew “%(talk)s”")
    talk_id: int


@dataclass(frozen=True)
class TalksRemoved(Fact):
    """Talks that no programme holds any more were removed altogether."""

    kind = "talks.talks_removed"
    sentence = gettext_noop("%(by)s removed talks (%(count)s)")
    talk_ids: list[int]
    count: int


@dataclass(frozen=True)
class MaterialAdded(Fact):
    """Slides, a recording, code or a link (``what``) were added to a talk."""

    kind = "talks.material_added"
    sentence = gettext_noop("%(by)s added something to “%(talk)s”")
    talk_id: int
    material_id: int
    what: str


@dataclass(frozen=True)
class MaterialChanged(Fact):
    """Something that belongs to a talk has another name, address or occasion."""

    kind = "talks.material_changed"
    sentence = gettext_noop("%(by)s changed what belongs to “%(talk)s”")
    talk_id: int
    material_id: int


@dataclass(frozen=True)
class MaterialHidden(Fact):
    """An administrator hid something that belongs to a talk, or shows it again."""

    kind = "talks.material_hidden"
    sentence = gettext_noop("%(by)s changed whether something that belongs to “%(talk)s” is hidden")
    talk_id: int
    material_id: int
    hidden: bool


@dataclass(frozen=True)
class MaterialRemoved(Fact):
    """Something that belonged to a talk is gone, and its file."""

    kind = "talks.material_removed"
    sentence = gettext_noop("%(by)s took something away from “%(talk)s”")
    talk_id: int
    material_id: int


@dataclass(frozen=True)
class NoSlidesSaid(Fact):
    """A talk has no slides and will have none."""

    kind = "talks.no_slides_said"
    sentence = gettext_noop("%(by)s said that “%(talk)s” has no slides")
    talk_id: int


@dataclass(frozen=True)
class TalkHidden(Fact):
    """An administrator hid the texts of a talk, or showed them again. Programmes keep its title and time."""

    kind = "talks.talk_hidden"
    sentence = gettext_noop("%(by)s changed whether “%(talk)s” is hidden")
    talk_id: int
    hidden: bool
