from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hallway.kit.privacy import Privacy
from hallway.people.models import Person

from .floors import Floor

EDITABLE_FOR = timedelta(minutes=5)


class Question(models.Model):
    """What somebody wants to know of a session. An unnamed one does not say whose it is, to nobody.

    ``asker_key`` is a one-way trace of the person or device, by which they know it again; ``asker`` is set only
    where they gave their name with an account. What stands under a name carries another trace than what does not.
    ``taken_by`` is the speaker who said they answer it in the room. ``put_into`` is the question a moderator put this
    one into; ``merged_into`` is where it stands now, which is another one once that was put into a third.
    """

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("question", "waits to be shown")
        SHOWN = "shown", pgettext_lazy("question", "shown")
        REFUSED = "refused", pgettext_lazy("question", "not shown")
        WITHDRAWN = "withdrawn", pgettext_lazy("question", "withdrawn")
        MERGED = "merged", pgettext_lazy("question", "asked already")

    class Place(models.TextChoices):
        ROOM = "room", _("in the room")
        REMOTE = "remote", _("from elsewhere")
        LATER = "later", _("after the session")

    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField(_("question"), blank=True)
    language = models.CharField(_("language"), max_length=8)
    asker = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions")
    asker_key = models.CharField(max_length=43)
    name = models.CharField(_("name"), max_length=120, blank=True)
    place = models.CharField(max_length=6, choices=Place.choices, default=Place.ROOM)
    first_time = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="doubles")
    put_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    merged_at = models.DateTimeField(null=True, blank=True)
    votes = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)
    on_stage_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_live_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(_("what was said"), max_length=1_000, blank=True)
    said_language = models.CharField(max_length=8, blank=True)
    answered_later_at = models.DateTimeField(null=True, blank=True)
    accepted = models.ForeignKey("Answer", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hidden_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["floor", "state"], name="questions_of_a_floor"),
            models.Index(fields=["asker_key", "asked_at"], name="questions_of_an_asker"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["floor"], condition=Q(on_stage_at__isnull=False), name="questions_one_on_stage"
            ),
            models.CheckConstraint(condition=Q(merged_into=None) | Q(state="merged"), name="questions_merged_into_one"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="questions_not_into_itself"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its session; text and name until its asker leaves or withdraws it",
        public=(
            "id", "floor", "text", "language", "asker", "name", "state", "merged_into", "put_into", "votes",
            "asked_at", "edited_at", "shown_at", "on_stage_at", "taken_by", "answered_live_at", "said", "said_language",
            "answered_later_at", "accepted", "erased_at",
        ),
        community=("place", "first_time", "merged_at", "hidden_at"),
        private=("reason",),
        secret=("asker_key",),
    )  # fmt: skip

    @property
    def address(self) -> str:
        """Its own page, with what was answered. Needs ``floor`` loaded."""
        return f"{self.floor.address}{self.pk}/"

    @property
    def is_answered(self) -> bool:
        """Whether somebody answered it, in the room or in writing."""
        return self.answered_live_at is not None or self.answered_later_at is not None

    @property
    def is_named(self) -> bool:
        return bool(self.name)


class Vote(models.Model):
    """Somebody wants a question answered, or no longer (``is_wanted``). One each; ``taps`` ends playing with it.

    Where doubles are put together each person counts once: a vote that came along says where it ``came_from``, one
    too many stays where it was, ``is_aside``. So either counts again when the two are separated.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="vote_rows")
    voter_key = models.CharField(max_length=43)
    is_wanted = models.BooleanField(default=True)
    came_from = models.ForeignKey(Question, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_aside = models.BooleanField(default=False)
    taps = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "voter_key"], name="questions_vote_once"),
            models.CheckConstraint(condition=Q(is_wanted=False) | Q(is_aside=False), name="questions_vote_counts_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["voter_key", "at"], name="questions_votes_of_one")]

    privacy: ClassVar = Privacy(
        retention="with its question",
        private=("id", "question", "is_wanted", "came_from", "is_aside", "taps", "at"),
        secret=("voter_key",),
    )


class Case(models.Model):
    """Somebody has the same question, and says how it is with them. One each. ``came_from`` is as with votes."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="cases")
    came_from = models.ForeignKey(Question, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(_("your case"), max_length=1_000, blank=True)
    language = models.CharField(max_length=8)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases")
    author_key = models.CharField(max_length=43)
    name = models.CharField(_("name"), max_length=120, blank=True)
    told_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["question", "author_key"], name="questions_case_once")]
        ordering: ClassVar = ["told_at", "id"]

    privacy: ClassVar = Privacy(
        retention="with its question; text and name until its writer leaves or withdraws it",
        public=("id", "question", "text", "language", "author", "name", "told_at", "withdrawn_at"),
        community=("came_from", "hidden_at"),
        secret=("author_key",),
    )


class Follow(models.Model):
    """Somebody wants to hear of the answers to a question: an account, or an address that nobody else sees.

    Who follows is most often who asked. So the row does not say it: ``recipient`` is sealed, ``follower_key`` finds
    it again in this question alone, and no instant is kept, only the last answer there was (``after``).
    ``came_from`` is as with votes. ``nonce`` makes the links of their mails. All of it is forgotten a year after the
    session.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="follows")
    came_from = models.ForeignKey(Question, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    recipient = models.CharField(max_length=600)
    follower_key = models.CharField(max_length=43)
    by_address = models.BooleanField()
    language = models.CharField(max_length=8)
    nonce = models.CharField(max_length=32)
    after = models.PositiveBigIntegerField(default=0)
    heard_live = models.BooleanField(default=False)
    is_over = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "follower_key"], name="questions_follow_once"),
        ]

    privacy: ClassVar = Privacy(
        retention="a year after the session",
        private=("id", "question", "came_from", "by_address", "language", "after", "heard_live", "is_over"),
        secret=("recipient", "follower_key", "nonce"),
    )


class Told(models.Model):
    """Somebody was told of an answer: never twice."""

    follow = models.ForeignKey(Follow, on_delete=models.CASCADE, related_name="told")
    answer = models.ForeignKey("Answer", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["follow", "answer"], name="questions_told_once")]

    privacy: ClassVar = Privacy(retention="a year after the session", private=("id", "follow", "answer", "at"))
