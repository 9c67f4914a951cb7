from __future__ import annotations

from typing import ClassVar

from django.db import models

from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.vocabulary.models import Topic


class HelpOffer(models.Model):
    """Somebody can help with a topic: open questions on it are shown to them. Nobody else sees it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="help_offers")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "topic"], name="questions_offer_once")]

    privacy: ClassVar = Privacy(
        retention="until its person takes it back or leaves", private=("id", "person", "topic", "since")
    )
