"""What is forgotten: by the clock, when a person leaves, and when two turn out to be one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.refusal import require

from .. import queries
from ..facts import FeedbackForgotten
from ..models import Card, CardGroup, Feedback, FeedbackReader, Maker

State = Feedback.State
REFUSED_KEPT, DEVICE_KEPT, ADDRESS_KEPT, CLAIM_KEPT = (timedelta(days=days) for days in (30, 60, 365, 30))
# Who decided or answered is not known any more, or is the one who stays.
_NAMED: tuple[tuple[Any, str], ...] = (
    (Feedback, "decided_by"), (CardGroup, "answered_by"), (CardGroup, "fixed_by"), (Maker, "checked_by"),
)  # fmt: skip
_ONLY_HALLWAY = _("Hallway itself does that, by the clock.")


def forget_old_feedback(*, by: SystemPerson, at: datetime) -> int:
    """Erase what nobody needs any more, as each model promises. Returns how many rows lost something."""
    require(isinstance(by, SystemPerson), "feedback.not_hallway", _ONLY_HALLWAY)
    with transaction.atomic():
        refused = Feedback.objects.filter(state=State.REFUSED, decided_at__lt=at - REFUSED_KEPT)
        number = refused.update(text="", reason="", state=State.WORDS, may_publish=False)
        devices = Q(writer=None, changed_at__lt=at - DEVICE_KEPT) & ~Q(writer_key="")
        number += Feedback.objects.filter(devices).update(writer_key="")
        cards = Card.objects.filter(writer=None, written_at__lt=at - DEVICE_KEPT)
        number += cards.exclude(writer_key="").update(writer_key="")
        told = Q(fix_told_at__lt=at - REFUSED_KEPT) | Q(written_at__lt=at - ADDRESS_KEPT)
        number += Card.objects.filter(told).exclude(address="").update(address="")
        # A proof that waits for a look is not forgotten: it lapses, and whoever placed it hears so.
        unproved = Maker.objects.filter(proved_at=None, asked_at__lt=at - CLAIM_KEPT)
        number += unproved.exclude(pk__in=queries.to_check().values("pk")).delete()[0]
        number += Maker.objects.filter(ended_at__lt=at - CLAIM_KEPT).delete()[0]
        if number:
            announce(FeedbackForgotten(number=number), by=by, at=at)
    return number


def forget_person(*, person_id: int, by: SystemPerson, at: datetime) -> None:
    """Erase what somebody said; the words they tapped stay counted. Inside the transaction in which they leave."""
    with transaction.atomic():
        mine = Feedback.objects.filter(writer=person_id)
        cards = Card.objects.filter(writer=person_id)
        talks = {*mine.values_list("talk_id", flat=True), *cards.values_list("talk_id", flat=True)} - {None}
        products = set(cards.values_list("product_id", flat=True))
        products |= set(Maker.objects.filter(person=person_id).values_list("product_id", flat=True))
        number = mine.update(
            text="", reason="", state=State.WORDS, may_publish=False, named=False, published_at=None, writer=None,
            writer_key="",
        )  # fmt: skip
        number += cards.update(text="", likeness="", named=False, address="", writer=None, writer_key="")
        number += Maker.objects.filter(person=person_id).update(address="", ended_at=at, person=None)
        FeedbackReader.objects.filter(person=person_id).delete()
        Feedback.about.through.objects.filter(person=person_id).delete()
        for model, field in _NAMED:
            model._default_manager.filter(**{field: person_id}).update(**{field: None})
        if number:
            announce(FeedbackForgotten(number=number), by=by, at=at)
        store.bump(*(f"feedback:{pk}" for pk in talks), *(f"product:{pk}" for pk in products))


def move_person(*, gone_id: int, person_id: int, by: SystemPerson, at: datetime) -> None:
    """Hand what somebody said and may read to the one who stays. Inside the transaction in which two become one."""
    with transaction.atomic():
        gone_key, key = f"person:{gone_id}", f"person:{person_id}"
        twice = list(Feedback.objects.filter(writer_key=key).values_list("session_id", flat=True))
        doubles = Feedback.objects.filter(writer_key=gone_key, session__in=twice)
        shown = doubles.filter(published_at__isnull=False)
        store.bump(*(f"feedback:{pk}" for pk in shown.values_list("talk_id", flat=True).distinct()))
        doubles.delete()
        number = Feedback.objects.filter(writer=gone_id).update(writer=person_id, writer_key=key)
        number += Card.objects.filter(writer=gone_id).update(writer=person_id, writer_key=key)
        # Where both asked for the same tool, the claim of the one who stays is the one that is looked at.
        asked = Maker.objects.filter(proved_at=None, declined_at=None, ended_at=None, how=Maker.How.FILE)
        theirs = list(asked.filter(person=person_id).values_list("product_id", flat=True))
        asked.filter(person=gone_id, product__in=theirs).delete()
        number += Maker.objects.filter(person=gone_id).update(person=person_id)
        _one_reader(gone_id, person_id)
        about = Feedback.about.through.objects
        both = list(about.filter(person=person_id).values_list("feedback_id", flat=True))
        about.filter(person=gone_id, feedback__in=both).delete()
        about.filter(person=gone_id).update(person=person_id)
        for model, field in _NAMED:
            model._default_manager.filter(**{field: gone_id}).update(**{field: person_id})
        if number:
            announce(FeedbackForgotten(number=number), by=by, at=at)
        store.bump(*queries.pages_naming(person_id))


def _one_reader(gone_id: int, person_id: int) -> None:
    """A mailed link opens the page of the one who stays, if they had none of their own."""
    gone = FeedbackReader.objects.filter(person=gone_id).first()
    if gone is None:
        return
    kept = FeedbackReader.objects.filter(person=person_id).first()
    if kept is None:
        FeedbackReader.objects.filter(pk=gone.pk).update(person=person_id)
        return
    kept.told.add(*gone.told.all())
    gone.delete()
