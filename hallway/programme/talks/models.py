from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.links import new_nonce
from hallway.kit.localised import LocalisedField
from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.vocabulary.models import Topic


class Talk(models.Model):
    """What somebody has to say. It belongs to its speakers and may be given at many events."""

    class Level(models.TextChoices):
        ANY = "", _("for everybody")
        BEGINNER = "beginner", _("for beginners")
        INTERMEDIATE = "intermediate", _("with some practice")
        ADVANCED = "advanced", _("advanced")

    guid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = LocalisedField(_("title"), max_length=300, blank=False)
    subtitle = LocalisedField(_("subtitle"), max_length=300)
    abstract = LocalisedField(_("abstract"), max_length=20_000, multiline=True)
    description = LocalisedField(_("more about it"), max_length=20_000, multiline=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    language_raw = models.CharField(max_length=120, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="talks", verbose_name=_("topics"))
    tags = models.JSONField(_("tags"), default=list, blank=True)
    links = models.JSONField(_("links"), default=list, blank=True)
    speakers = models.ManyToManyField(Person, through="Speaking", related_name="talks", verbose_name=_("speakers"))
    written_by = models.CharField(max_length=100, blank=True)
    public_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    no_slides_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    privacy: ClassVar = Privacy(
        retention="until its speakers take it out; the programme keeps title and time",
        public=(
            "id", "guid", "title", "subtitle", "abstract", "description", "languages", "level", "topics", "tags",
            "links", "speakers", "no_slides_at", "updated_at",
        ),
        community=("language_raw", "written_by", "public_at", "hidden_at", "withdrawn_at", "created_at"),
    )  # fmt: skip


class Speaking(models.Model):
    """A person speaks in a talk, at a place in the order. ``nonce`` makes the mailed link to the talk's materials."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="speakings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="speakings")
    position = models.PositiveSmallIntegerField(default=0)
    nonce = models.CharField(max_length=22, default=new_nonce)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["talk", "person"], name="talks_speaking_once")]

    privacy: ClassVar = Privacy(
        retention="with the talk", public=("id", "talk", "person", "position"), secret=("nonce",)
    )


class TalkGrant(models.Model):
    """The programme team of an event may correct a talk. Given by somebody who could change the talk already."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="grants")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="talk_grants")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["talk", "event"], name="talks_grant_once")]

    privacy: ClassVar = Privacy(retention="with the talk", community=("id", "talk", "event"))


class Material(models.Model):
    """What belongs to a talk and stays after it: an address or a file. With an ``event``, it is of that occasion only.

    ``file`` is the name below media, ``filename`` what people take it away as.
    """

    class Kind(models.TextChoices):
        SLIDES = "slides", _("slides")
        RECORDING = "recording", _("recording")
        CODE = "code", _("code")
        LINK = "link", _("link")

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="materials")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="materials")
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind.choices, default=Kind.SLIDES)
    title = models.CharField(_("what it is called"), max_length=120, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    file = models.CharField(max_length=120, blank=True)
    filename = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    added_by = models.CharField(max_length=100)
    hidden_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(address="") & ~models.Q(file="") | ~models.Q(address="") & models.Q(file=""),
                name="talks_material_one_thing",
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="until its speakers take it or the talk out",
        public=("id", "talk", "event", "kind", "title", "address", "filename", "size", "created_at", "updated_at"),
        community=("added_by", "hidden_at"),
        secret=("file",),
    )
