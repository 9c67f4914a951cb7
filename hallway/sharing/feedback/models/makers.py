from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Talk


class Product(models.Model):
    """A tool or an SDK that is named in talks. ``domain`` is the one whose mail speaks for its makers."""

    name = models.CharField(_("name"), max_length=80)
    folded = models.CharField(max_length=80, unique=True)
    slug = models.CharField(max_length=60, unique=True)
    url = models.URLField(_("web page"), max_length=300, blank=True)
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    repository = models.URLField(_("repository"), max_length=300, blank=True)
    added_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar = Privacy(
        retention="while there are cards about it",
        public=("id", "name", "slug", "url", "domain", "repository"),
        community=("folded", "added_at", "hidden_at"),
    )

    def __str__(self) -> str:
        return self.name


class CardGroup(models.Model):
    """Cards about a product that say the same, and what its makers answered to all of them at once."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="groups")
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_hidden_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    fixed_in = models.CharField(_("version"), max_length=60, blank=True)
    fixed_url = models.URLField(_("where one can read about it"), max_length=300, blank=True)
    fixed_at = models.DateTimeField(null=True, blank=True)
    fixed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="feedback_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(fixed_at__isnull=False) | Q(fixed_in="", fixed_url=""), name="feedback_fix_whole"
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="with its product",
        public=("id", "product", "answer", "answered_at", "fixed_in", "fixed_url", "fixed_at"),
        community=("answer_hidden_at",),
        private=("answered_by", "fixed_by", "made_at"),
    )


class Card(models.Model):
    """What somebody says to the makers of a product: what they would like to do with it, or what gets in their way.

    Everybody can read the text; an address is for the answer alone and passes to nobody.
    """

    class Kind(models.TextChoices):
        INTEREST = "interest", pgettext_lazy("card", "would use it")
        FRICTION = "friction", pgettext_lazy("card", "gets in the way")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="cards")
    group = models.ForeignKey(CardGroup, on_delete=models.CASCADE, related_name="cards")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(max_length=8, default="en")
    likeness = models.CharField(max_length=200, blank=True)
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards")
    talk = models.ForeignKey(Talk, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards")
    writer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards_written")
    writer_key = models.CharField(max_length=100, blank=True)
    address = models.EmailField(_("e-mail address"), blank=True)
    named = models.BooleanField(_("with my name"), default=False)
    nonce = models.CharField(max_length=32)
    written_at = models.DateTimeField()
    answer_told_at = models.DateTimeField(null=True, blank=True)
    fix_told_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["product", "kind", "likeness"], name="feedback_alike"),
            models.Index(fields=["session"], name="feedback_cards_of_session"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its product; the address until the fix was told, a year at most",
        public=("id", "product", "group", "kind", "text", "language", "session", "talk", "written_at"),
        private=("writer", "address", "named", "answer_told_at", "fix_told_at", "hidden_at"),
        secret=("writer_key", "nonce", "likeness"),
    )


class Maker(models.Model):
    """Somebody who said they make a product: asked, proved, or not any more. A proof is a mail or a file.

    ``placed_at`` is when they said that the file is there: from then on the administration has something to look at.
    """

    class How(models.TextChoices):
        MAIL = "mail", pgettext_lazy("proof", "by mail")
        FILE = "file", pgettext_lazy("proof", "by a file or the name server")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="makers")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="makes")
    how = models.CharField(max_length=4, choices=How.choices)
    domain = models.CharField(max_length=253)
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="en")
    nonce = models.CharField(max_length=32)
    code = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True, blank=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "address"], condition=Q(ended_at=None) & ~Q(address=""), name="feedback_asked_once"
            ),
            models.UniqueConstraint(
                fields=["product", "person"],
                condition=Q(ended_at=None, declined_at=None, proved_at=None, how="file"),
                name="feedback_one_proof_to_check",
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="while they speak for it; what was never proved thirty days, or as long as it waits for a look",
        public=("product", "domain", "proved_at", "how"),
        private=(
            "id", "person", "address", "language", "asked_at", "placed_at", "checked_by", "declined_at", "ended_at",
        ),
        secret=("nonce", "code"),
    )  # fmt: skip

    @property
    def proof(self) -> str:
        """The line that a file or a record holds."""
        return f"hallway-maker={self.code}"
