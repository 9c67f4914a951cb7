from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.kit.instance import Declared, declare
from hallway.kit.localised import LocalisedField
from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.vocabulary.models import Topic

declare(
    Declared(
        "communities.who_may_found",
        _("Who may found a community"),
        "open",
        choices=(
            ("open", _("everybody who signed in")),
            ("approved", _("everybody, once an administrator has approved it")),
            ("invited", _("people whom an administrator invited")),
        ),
    )
)


class Community(models.Model):
    """People who meet around something, again and again."""

    class State(models.TextChoices):
        IDEA = "idea", _("an idea")
        INCUBATING = "incubating", _("starting up")
        ACTIVE = "active", _("active")
        DORMANT = "dormant", _("resting")

    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(_("address"), max_length=60, unique=True)
    tagline = LocalisedField(_("in one sentence"), max_length=200)
    description = LocalisedField(_("description"), max_length=10_000, multiline=True)
    conduct = LocalisedField(_("code of conduct"), max_length=20_000, multiline=True)
    place_name = models.CharField(_("place"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    languages = models.JSONField(_("languages"), default=list, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="communities", verbose_name=_("topics"))
    links = models.JSONField(_("links"), default=list, blank=True)
    contact = models.EmailField(_("public contact address"), blank=True)
    hue = models.PositiveSmallIntegerField(_("colour"), default=1)
    picture = models.CharField(max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.ACTIVE)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="chapters")
    founded_at = models.DateTimeField()
    public_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "communities"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(hue__gte=1, hue__lte=8), name="communities_hue_1_to_8"),
        ]

    privacy: ClassVar = Privacy(
        retention="until the community takes itself out",
        public=(
            "id", "name", "slug", "tagline", "description", "conduct", "place_name", "country", "latitude",
            "longitude", "zone", "languages", "topics", "links", "contact", "hue", "picture", "state", "parent",
            "founded_at",
        ),
        community=("public_at", "hidden_at"),
    )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person follows a community (hears of events) or is a member of it (takes part)."""

    class Kind(models.TextChoices):
        FOLLOWER = "follower", _("follower")
        MEMBER = "member", _("member")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    since = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "person"], name="communities_membership_once"),
        ]

    privacy: ClassVar = Privacy(
        retention="until given up",
        community=("id", "community", "person", "kind", "since", "shown_at"),
    )


class TeamRole(models.Model):
    """A person helps to run a community, until a day."""

    class Role(models.TextChoices):
        ORGANISER = "organiser", _("organiser")
        EDITOR = "editor", _("programme editor")
        HELPER = "helper", _("helper")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="team_roles")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="team_roles")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    since = models.DateTimeField()
    ends_on = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "person"],
                condition=Q(ended_at=None),
                name="communities_one_role_at_a_time",
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="for ever, it is the history of the team",
        public=("id", "community", "person", "role", "since"),
        community=("ends_on", "ended_at"),
    )


class TeamInvitation(models.Model):
    """An address was asked to help run a community."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="invitations")
    address = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=TeamRole.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    accepted = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar = Privacy(
        retention="ninety days after it expired",
        community=(
            "id", "community", "address", "role", "invited_by", "created_at", "expires_at", "answered_at",
            "answered_by", "accepted", "withdrawn_at",
        ),
        secret=("token_hash",),
    )  # fmt: skip


class Series(models.Model):
    """A living rule: "third Wednesday 18:30". It keeps the next three dates made."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="series")
    title = LocalisedField(_("title"), max_length=200, blank=False)
    slug = models.CharField(max_length=60, unique=True)
    rule = models.CharField(_("rule"), max_length=200)
    starts_on = models.DateField(_("from"))
    local_time = models.TimeField(_("time"))
    minutes = models.PositiveIntegerField(_("length in minutes"), default=150)
    zone = models.CharField(_("time zone"), max_length=64)
    venue_note = models.CharField(_("usual place"), max_length=200, blank=True)
    venue_id = models.BigIntegerField(null=True, blank=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "series"

    privacy: ClassVar = Privacy(
        retention="until the community takes itself out",
        public=(
            "id", "community", "title", "slug", "rule", "starts_on", "local_time", "minutes", "zone", "venue_note",
            "venue_id", "seats",
        ),
        community=("paused_at", "ended_at"),
    )  # fmt: skip


class NetworkRequest(models.Model):
    """A community asked another one to be its parent network."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="network_requests")
    parent = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="asked_to_be_parent")
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community"], name="communities_one_network_request"),
        ]

    privacy: ClassVar = Privacy(
        retention="until it is answered", community=("id", "community", "parent", "asked_by", "asked_at")
    )


class Founding(models.Model):
    """What somebody has written so far on the four screens of founding a community; theirs alone."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="founding")
    answers = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    privacy: ClassVar = Privacy(
        retention="ninety days after the last change", private=("id", "person", "answers", "updated_at")
    )


class FoundingRequest(models.Model):
    """A new community waits for an administrator, where the instance asks for approval."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="founding_request")
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=1_000, blank=True)

    privacy: ClassVar = Privacy(
        retention="with its community",
        community=("id", "community", "asked_by", "asked_at", "decided_at", "approved", "reason"),
    )


class FounderInvitation(models.Model):
    """An administrator invited an address to found a community, where only invited people may."""

    address = models.EmailField(_("e-mail address"))
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    privacy: ClassVar = Privacy(
        retention="ninety days after it expired",
        secret=("id", "address", "invited_by", "created_at", "expires_at", "used_at", "used_by"),
    )


class Exclusion(models.Model):
    """Somebody writes nothing, or takes no part at all, until an instant or for good: a person, or a device."""

    class Kind(models.TextChoices):
        MUTE = "mute", _("muted")
        BAN = "ban", _("banned")

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=36, blank=True)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=1_000)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    since = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        abstract = True

    def holds(self, at: datetime) -> bool:
        """Whether it was neither lifted nor is over."""
        return self.lifted_at is None and (self.until is None or self.until > at)


def once_each(place: str, name: str) -> list[models.BaseConstraint]:
    """The constraints of exclusions in one kind of place: of a person or a device, and each once at a time."""
    there = Q(lifted_at=None)
    return [
        models.CheckConstraint(
            condition=Q(person__isnull=False, device="") | (Q(person=None) & ~Q(device="")), name=f"{name}_of_one"
        ),
        models.UniqueConstraint(
            fields=[place, "person", "kind"],
            condition=there & Q(person__isnull=False),
            name=f"{name}_person_once",
        ),
        models.UniqueConstraint(
            fields=[place, "device", "kind"], condition=there & Q(person=None), name=f"{name}_device_once"
        ),
    ]


EXCLUSION_FIELDS = ("id", "person", "kind", "reason", "until", "since", "decided_by", "lifted_at", "lifted_by")


class CommunityExclusion(Exclusion):
    """Somebody is muted in, or banned from, everything of a community."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="exclusions")

    class Meta:
        constraints: ClassVar = once_each("community", "communities_excluded")

    privacy: ClassVar = Privacy(
        retention="until the person leaves, or the community takes itself out",
        community=("community", *EXCLUSION_FIELDS),
        secret=("device",),
    )


class TeamMessage(models.Model):
    """What somebody wrote to the team from a page: a person, or whoever uses a device.

    Its organisers get it as a mail and can read it again for a while. ``about`` names what it is about and ``path``
    leads there; ``is_confirmed`` says whether the address was known to be the writer's.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="messages")
    about = models.CharField(max_length=300, blank=True)
    path = models.CharField(max_length=200, blank=True)
    writer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=36, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    address = models.EmailField(_("e-mail address"), blank=True)
    is_confirmed = models.BooleanField(default=False)
    text = models.TextField(_("message"))
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(writer__isnull=False, device="") | (Q(writer=None) & ~Q(device="")),
                name="communities_message_of_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-at"], name="communities_messages_of"),
            models.Index(fields=["address", "-at"], condition=~Q(address=""), name="communities_messages_from"),
        ]

    privacy: ClassVar = Privacy(
        retention="ninety days, or until its writer leaves",
        community=("id", "community", "about", "path", "writer", "name", "address", "is_confirmed", "text", "at"),
        secret=("device",),
    )
