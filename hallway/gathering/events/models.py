from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import EXCLUSION_FIELDS, Community, Exclusion, Series, once_each
from hallway.kit.localised import LocalisedField
from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.vocabulary.models import Topic


class Venue(models.Model):
    """A place a community meets at."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="venues")
    name = models.CharField(_("name"), max_length=160)
    address = models.CharField(_("address"), max_length=300, blank=True)
    place_name = models.CharField(_("town"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    access = models.JSONField(_("access"), default=list, blank=True)
    directions = LocalisedField(_("how to find it"), max_length=3_000, multiline=True)

    privacy: ClassVar = Privacy(
        retention="until the community takes itself out",
        public=(
            "id", "community", "name", "address", "place_name", "country", "latitude", "longitude", "capacity",
            "access", "directions",
        ),
    )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """A meet-up or a conference: the same thing; the page shows fewer controls for one room."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        DATE_OPEN = "date_open", _("date not settled")
        PUBLISHED = "published", _("published")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    class Attendance(models.TextChoices):
        ON_SITE = "on_site", _("on site")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("on site and online")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="events")
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="editions")
    occurrence_on = models.DateField(null=True, blank=True)
    overridden = models.JSONField(default=list, blank=True)
    title = LocalisedField(_("title"), max_length=200, blank=False)
    slug = models.CharField(_("address"), max_length=60, unique=True)
    tagline = LocalisedField(_("in one sentence"), max_length=200)
    description = LocalisedField(_("description"), max_length=20_000, multiline=True)
    zone = models.CharField(_("time zone"), max_length=64)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    day_boundary = models.PositiveSmallIntegerField(_("a day ends at, in minutes after midnight"), default=0)
    attendance = models.CharField(_("where"), max_length=8, choices=Attendance.choices, default=Attendance.ON_SITE)
    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    joining = LocalisedField(_("joining details, only for those going"), max_length=3_000, multiline=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="events", verbose_name=_("topics"))
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    url = models.URLField(_("web page elsewhere"), max_length=500, blank=True)
    credit = models.CharField(_("where these facts come from"), max_length=300, blank=True)
    hue = models.PositiveSmallIntegerField(_("colour"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = LocalisedField(_("reason"), max_length=1_000)
    previous_starts_at = models.DateTimeField(null=True, blank=True)
    public_at = models.DateTimeField(null=True, blank=True)
    first_public_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="events_end_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(starts_at__isnull=False),
                name="events_published_has_a_date",
            ),
            models.CheckConstraint(condition=Q(hue__gte=1, hue__lte=8), name="events_hue_1_to_8"),
            models.CheckConstraint(condition=Q(day_boundary__lt=1440), name="events_day_boundary_in_a_day"),
            models.UniqueConstraint(
                fields=["series", "occurrence_on"],
                condition=Q(series__isnull=False),
                name="events_one_edition_a_date",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["starts_at"], name="events_starts_at")]

    privacy: ClassVar = Privacy(
        retention="until the community takes itself out",
        public=(
            "id", "community", "series", "occurrence_on", "title", "slug", "tagline", "description", "zone",
            "starts_at", "ends_at", "day_boundary", "attendance", "venue", "languages", "topics", "seats", "url",
            "credit", "hue", "state", "reason", "previous_starts_at", "revision", "updated_at",
        ),
        event=("joining",),
        community=("overridden", "public_at", "first_public_at", "hidden_at", "created_at"),
    )  # fmt: skip

    def __str__(self) -> str:
        return self.slug

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def day_of(self, instant: datetime) -> str:
        """The event day an instant belongs to, as an ISO date: days end at ``day_boundary``, not at midnight."""
        return (instant.astimezone(self.tz) - timedelta(minutes=self.day_boundary)).date().isoformat()

    @property
    def is_one_day(self) -> bool:
        """Whether it begins and ends on one day of its own."""
        return bool(self.starts_at and self.ends_at and self.day_of(self.starts_at) == self.day_of(self.ends_at))

    def is_running(self, at: datetime) -> bool:
        """Whether it is on now. Over and running are computed, never stored."""
        return bool(
            self.state == self.State.PUBLISHED
            and self.starts_at
            and self.starts_at <= at < (self.ends_at or self.starts_at)
        )

    def is_over(self, at: datetime) -> bool:
        end = self.ends_at or self.starts_at
        return bool(end and end <= at)


class Host(models.Model):
    """A community that co-hosts an event, once it agreed."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="hosts")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="hosted")
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "community"], name="events_host_once")]

    privacy: ClassVar = Privacy(
        retention="with its event",
        public=("id", "event", "community", "accepted_at"),
        community=("invited_by", "invited_at", "declined_at"),
    )


class Room(models.Model):
    """A room of an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=120)
    guid = models.UUIDField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    equipment = models.JSONField(_("equipment"), default=list, blank=True)
    access = models.JSONField(_("access"), default=list, blank=True)
    note = models.CharField(_("how to find it"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    privacy: ClassVar = Privacy(
        retention="with its event",
        public=("id", "event", "name", "guid", "position", "capacity", "equipment", "access", "note"),
    )

    def __str__(self) -> str:
        return self.name


class EventExclusion(Exclusion):
    """Somebody is muted at, or banned from, one event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="exclusions")

    class Meta:
        constraints: ClassVar = once_each("event", "events_excluded")

    privacy: ClassVar = Privacy(
        retention="until the person leaves; with its event",
        community=("event", *EXCLUSION_FIELDS),
        secret=("device",),
    )
