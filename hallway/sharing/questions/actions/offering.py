"""What somebody can help with, so that open questions find them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.vocabulary.models import Topic

from .. import policies
from ..facts import HelpOffered
from ..models import HelpOffer

MOST_TOPICS = 30


def offer_help(*, topics: Iterable[Topic], by: Person, at: datetime) -> list[HelpOffer]:
    """Say which topics one can help with, all of them: those left out are taken back. The same again changes nothing.

    Thirty at most, so that what is proposed stays what one knows best.
    """
    require(policies.can_offer_help(by), "questions.not_offering", _("Sign in to say what you can help with."))
    wanted = {topic.pk for topic in topics}
    if len(wanted) > MOST_TOPICS:
        sentence = _("Choose at most thirty topics: those you know best.")
        raise Refusal("questions.topics_enough", sentence, status=400, field="topics")
    with transaction.atomic():
        person = stay(by)
        there = set(HelpOffer.objects.filter(person=person).values_list("topic_id", flat=True))
        if there != wanted:
            HelpOffer.objects.filter(person=person).exclude(topic__in=wanted).delete()
            new = (HelpOffer(person=person, topic_id=pk, since=at) for pk in sorted(wanted - there))
            HelpOffer.objects.bulk_create(new)
            announce(HelpOffered(topics=len(wanted)), by=by, at=at)
    return list(HelpOffer.objects.filter(person=person).select_related("topic").order_by("topic__slug"))
