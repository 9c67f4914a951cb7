from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hallway.kit.instance import Declared, declare
from hallway.kit.privacy import Privacy
from hallway.people.models import Person

# Each takes its place from the environment while the name of the server is empty.
declare(Declared("notices.smtp_host", _("Mail server"), "", help=_("Empty: the environment decides.")))
declare(Declared("notices.smtp_port", _("Port"), 587))
declare(Declared("notices.smtp_user", _("User name"), ""))
declare(Declared("notices.smtp_password", _("Password"), "", secret=True))
declare(
    Declared(
        "notices.smtp_tls",
        _("Encryption"),
        "starttls",
        choices=(
            ("starttls", _("STARTTLS (usual, port 587)")),
            ("tls", _("TLS (port 465)")),
            ("none", pgettext_lazy("encryption", "None")),
        ),
    )
)
declare(Declared("notices.mail_from", _("Sender"), "", help=_("As in “Highveld Makers &lt;hello@example.org&gt;”.")))


class OutboxMail(models.Model):
    """A mail not yet sent, or kept a while after. Written in the transaction that caused it, sent by a sweep."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in"
        NOTICE = "notice"

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NOTICE)
    to_person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    to_address = models.EmailField()
    language = models.CharField(max_length=8, default="en")
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    attachments = models.JSONField(default=list, blank=True)
    dedupe_key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(sent_at=None, failed_at=None), name="notices_mail_due"),
            models.Index(fields=["created_at"], name="notices_mail_written"),
        ]

    privacy: ClassVar = Privacy(
        retention="thirty days after it was sent; sign-in mails one day",
        private=("id", "kind", "to_person", "to_address", "language", "subject", "created_at", "due_at", "sent_at"),
        secret=(
            "text", "html", "headers", "attachments", "dedupe_key", "claimed_until", "attempts", "failed_at", "error",
        ),
    )  # fmt: skip
