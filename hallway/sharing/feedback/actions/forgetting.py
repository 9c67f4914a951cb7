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
        shown = _said_once(gone_key, key, at)
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
        # What a speaker said of their own talk, while nobody knew that it was theirs, counts nothing.
        own = Feedback.objects.filter(writer=person_id, about=person_id)
        shown |= set(own.filter(published_at__isnull=False).values_list("talk_id", flat=True))
        own.delete()
        for model, field in _NAMED:
            model._default_manager.filter(**{field: gone_id}).update(**{field: person_id})
        if number:
            announce(FeedbackForgotten(number=number), by=by, at=at)
        store.bump(*queries.pages_naming(person_id), *(f"feedback:{pk}" for pk in shown))


def _said_once(gone_key: str, key: str, at: datetime) -> set[int]:
    """Where both spoke to the same session they did so once, and no text of either is lost.

    Returns the talks at which something was shown that may be no more.
    """
    mine = {one.session_id: one for one in Feedback.objects.select_for_update(no_key=True).filter(writer_key=key)}
    theirs = Feedback.objects.select_for_update(no_key=True).filter(writer_key=gone_key, session__in=mine)
    shown = set()
    for gone in theirs.order_by("pk"):
        kept = mine[gone.session_id]
        if kept.published_at or gone.published_at:
            shown.add(gone.talk_id)
        stays, goes = (kept, gone) if kept.text or not gone.text else (gone, kept)
        stays.words = kept.words or gone.words
        if goes.text and goes.text != stays.text:
            _append(stays, goes, at)
        goes.delete()
        stays.save()
    return shown


def _append(stays: Feedback, goes: Feedback, at: datetime) -> None:
    """Both texts in one. It is shown as far as both were; what the team has not read all of waits for it again."""
    stays.text = f"{stays.text}\n\n{goes.text}"
    stays.named, stays.may_publish = stays.named and goes.named, stays.may_publish and goes.may_publish
    stays.hidden_at = stays.hidden_at or goes.hidden_at
    if goes.published_at is None:
        stays.published_at = None
    if stays.state != goes.state:
        stays.state, stays.reason, stays.decided_at, stays.decided_by = State.HELD, "", None, None
        stays.released_at = stays.published_at = None
    stays.revision += 1
    stays.changed_at = at


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
