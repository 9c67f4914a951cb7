from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import Community, CommunityExclusion
from hallway.gathering.events.models import Event, EventExclusion
from hallway.kit.privacy import Privacy
from hallway.kit.reportable import KINDS, Reportable
from hallway.people.models import Person


class ConductCase(models.Model):
    """The reports of one thing, decided together by people who are neither its subject nor among those who reported.

    ``event`` or ``community`` is where it belongs; neither is for the administrators.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=300, blank=True)
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.CASCADE, related_name="conduct_cases")
    community = models.ForeignKey(
        Community, null=True, blank=True, on_delete=models.CASCADE, related_name="conduct_cases"
    )
    subjects = models.ManyToManyField(Person, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "event"],
                condition=Q(decided_at=None, event__isnull=False),
                name="moderation_one_open_case_at_an_event",
            ),
            models.UniqueConstraint(
                fields=["kind", "object_id", "community"],
                condition=Q(decided_at=None, event=None, community__isnull=False),
                name="moderation_one_open_case_in_a_community",
            ),
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                condition=Q(decided_at=None, event=None, community=None),
                name="moderation_one_open_case",
            ),
            models.CheckConstraint(condition=Q(event=None) | Q(community=None), name="moderation_case_in_one_place"),
        ]
        indexes: ClassVar = [models.Index(fields=["opened_at"], condition=Q(told_at=None), name="moderation_untold")]

    privacy: ClassVar = Privacy(
        retention="180 days after it was decided",
        community=(
            "id", "kind", "object_id", "title", "event", "community", "subjects", "opened_at", "told_at", "decided_at",
        ),
    )  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.decided_at is None

    @property
    def reportable(self) -> Reportable | None:
        """Its kind, while some package knows it."""
        return KINDS.get(self.kind)

    @property
    def thing(self) -> Any:
        """What was reported, hidden or not; None when it is gone. Looked up once for each row object."""
        if "thing" not in self.__dict__:
            self.__dict__["thing"] = self.reportable.find(self.object_id) if self.reportable else None
        return self.__dict__["thing"]


class Report(models.Model):
    """Somebody says that a text or a person is a problem. Whoever it is about never learns who.

    ``text`` is what the thing said at that moment.
    """

    class Trouble(models.TextChoices):
        HURTFUL = "hurtful", _("It insults, threatens or harasses somebody")
        DEMEANING = "demeaning", _("It demeans people for who they are")
        PRIVATE = "private", _("It gives away something private")
        UNWANTED = "unwanted", _("It is advertising, or has nothing to do with this")
        FALSE = "false", _("Somebody pretends to be somebody else")
        CONDUCT = "conduct", _("Somebody behaved badly at an event")
        OTHER = "other", _("Something else")

    case = models.ForeignKey(ConductCase, on_delete=models.CASCADE, related_name="reports")
    trouble = models.CharField(_("what is wrong"), max_length=9, choices=Trouble.choices)
    note = models.TextField(_("in your words"), blank=True)
    text = models.TextField(blank=True)
    reporter = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reporter_key = models.CharField(max_length=60)
    language = models.CharField(max_length=8, default="en")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "reporter_key"], name="moderation_reported_once"),
        ]

    privacy: ClassVar = Privacy(
        retention="180 days after its case was decided",
        community=("id", "case", "trouble", "note", "text", "at"),
        private=("language",),
        secret=("reporter", "reporter_key"),
    )


class Decision(models.Model):
    """What was done about a case, and the reason its subject reads.

    ``nonce`` makes the link to appeal. Nothing hidden and nobody kept out is a decision too. ``taken_back_at`` says
    since when nothing of it holds.
    """

    class Exclusion(models.TextChoices):
        NONE = "", _("They stay as they are")
        MUTE = "mute", _("They read, and write nothing")
        BAN = "ban", _("They take no part")

    case = models.OneToOneField(ConductCase, on_delete=models.CASCADE, related_name="decision")
    hidden = models.BooleanField(default=False)
    exclusion = models.CharField(max_length=4, choices=Exclusion.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=1_000, blank=True)
    event_exclusion = models.ForeignKey(
        EventExclusion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    community_exclusion = models.ForeignKey(
        CommunityExclusion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    nonce = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hidden=False, exclusion="") | ~Q(reason=""), name="moderation_measures_have_a_reason"
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="180 days, or as long as its appeal waits",
        community=(
            "id", "case", "hidden", "exclusion", "reason", "event_exclusion", "community_exclusion", "by", "at",
            "taken_back_by", "taken_back_at",
        ),
        secret=("nonce",),
    )  # fmt: skip

    @property
    def did_something(self) -> bool:
        return self.hidden or bool(self.exclusion)

    @property
    def holds(self) -> bool:
        """Whether something was done and was not taken back."""
        return self.did_something and self.taken_back_at is None


class Appeal(models.Model):
    """Whoever a decision is about asks, once, that somebody else looks at it again."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(_("why"))
    language = models.CharField(max_length=8, default="en")
    at = models.DateTimeField()
    granted = models.BooleanField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=1_000, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at=None, granted=None) | Q(answered_at__isnull=False, granted__isnull=False),
                name="moderation_appeal_answered",
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="with its decision",
        community=("id", "decision", "text", "at", "granted", "answer", "answered_by", "answered_at"),
        private=("language",),
    )
