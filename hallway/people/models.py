from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hallway.kit.localised import LocalisedField
from hallway.kit.privacy import Privacy


class Person(AbstractBaseUser):
    """Somebody: with an account, or known only as a speaker until they claim it."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(max_length=60, unique=True)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    tagline = models.CharField(_("in a few words"), max_length=160, blank=True)
    places = models.JSONField(_("places"), default=list, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    biography = LocalisedField(_("biography"), max_length=5_000, multiline=True)
    links = models.JSONField(_("links"), default=list, blank=True)
    picture = models.CharField(max_length=200, blank=True)
    page_language = models.CharField(_("language of pages and mail"), max_length=8, blank=True)
    public_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # People are made by actions alone: there is nothing here that makes them.
    objects: ClassVar[models.Manager[Person]] = models.Manager()

    privacy: ClassVar = Privacy(
        retention="until the person leaves; a tombstone without text keeps counts",
        public=(
            "id", "name", "slug", "pronouns", "tagline", "places", "languages", "biography", "links", "picture",
            "public_at", "merged_into",
        ),
        private=(
            "email", "zone", "page_language", "claimed_at", "created_at", "left_at", "last_login", "is_administrator",
            "hidden_at",
        ),
        secret=("password", "is_active"),
    )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Addresses are kept in small letters, as in ``EmailAddress``: one mailbox is one person."""
        self.email = self.email.lower() if self.email else None
        super().save(*args, **kwargs)

    @property
    def actor_key(self) -> str:
        return f"person:{self.pk}"

    @property
    def is_staff(self) -> bool:
        """Whether the (read-only) administration opens for them."""
        return self.is_administrator

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Django's admin asks; administrators may look, nobody may change anything there."""
        return self.is_active and self.is_administrator and ".view_" in perm

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_administrator

    def has_usable_password(self) -> bool:
        """An empty password is none; Django alone would take it for one."""
        return bool(self.password) and super().has_usable_password()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for the round picture of somebody without one."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "·"

    @property
    def hue(self) -> int:
        """Which of the eight hues their initials are drawn in, 1 to 8."""
        return (self.pk or 0) % 8 + 1


class PersonClaim(models.Model):
    """An invitation to take over the page of a person without account; a link mailed by an organiser."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    address = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar = Privacy(
        retention="ninety days after it expired",
        community=("id", "person", "invited_by", "created_at", "expires_at", "accepted_at"),
        private=("address",),
        secret=("token_hash",),
    )


class PersonBlock(models.Model):
    """Somebody does not want to meet somebody else here. Nobody but the one who blocked ever learns of it."""

    blocker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="people_blocked_once"),
            models.CheckConstraint(condition=~models.Q(blocker=models.F("blocked")), name="people_blocks_another"),
        ]

    privacy: ClassVar = Privacy(
        retention="until it is taken back, or one of the two leaves", private=("id", "blocker", "blocked", "since")
    )
