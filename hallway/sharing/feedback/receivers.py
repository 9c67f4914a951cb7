"""What feedback does when something happened: leaving and merging, exports, names in trails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit import export, store, trail
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import inside
from hallway.kit.models import FactRow
from hallway.kit.reportable import Place, Reportable, reportable
from hallway.people.facts import PageHidden, PersonChanged, PersonLeft, PersonsMerged
from hallway.people.models import Person

from . import policies, queries
from .actions import (
    forget_person,
    hide_answer,
    hide_card,
    hide_feedback,
    hide_product,
    move_person,
    show_answer,
    show_card,
    show_feedback,
    show_product,
)
from .models import Card, CardGroup, Feedback, Product

KEEPER = SystemPerson("feedback")

export.contributes("feedback", queries.own_data)
trail.name_of("product", queries.product_names)


@inside(PersonChanged, PageHidden)
def names_on_cards_are_old(fact: Any, row: FactRow) -> None:
    """A card with a name says it as it is now, and leads to the person's page while there is one."""
    store.bump(*queries.pages_naming(fact.person_id))


@inside(PersonLeft)
def words_of_who_left_are_erased(fact: PersonLeft, row: FactRow) -> None:
    """Texts go, and who wrote; the words stay counted."""
    forget_person(person_id=fact.person_id, by=KEEPER, at=row.at)


@inside(PersonsMerged)
def words_follow_the_person(fact: PersonsMerged, row: FactRow) -> None:
    """What the entry that is gone said and may read is the other's."""
    move_person(gone_id=fact.gone_id, person_id=fact.person_id, by=KEEPER, at=row.at)


def _hide_feedback(thing: Feedback, *, reason: str, by: Actor, at: datetime) -> None:
    hide_feedback(feedback=thing, by=by, at=at)


def _show_feedback(thing: Feedback, *, by: Actor, at: datetime) -> None:
    show_feedback(feedback=thing, by=by, at=at)


def _hide_card(thing: Card, *, reason: str, by: Actor, at: datetime) -> None:
    hide_card(card=thing, by=by, at=at)


def _show_card(thing: Card, *, by: Actor, at: datetime) -> None:
    show_card(card=thing, by=by, at=at)


def _hide_product(thing: Product, *, reason: str, by: Actor, at: datetime) -> None:
    hide_product(product=thing, by=by, at=at)


def _show_product(thing: Product, *, by: Actor, at: datetime) -> None:
    show_product(product=thing, by=by, at=at)


def _writer(thing: Feedback | Card) -> list[Person]:
    """Only whom the text names: a report says of nobody else who they are."""
    return [thing.writer] if thing.named and thing.writer is not None else []


reportable(
    Reportable(
        kind="feedback",
        label=_("feedback"),
        find=lambda pk: Feedback.objects.select_related("session__event__community", "writer").filter(pk=pk).first(),
        can_view=policies.can_read,
        title=lambda thing: queries.title_of_said(thing.session),
        text=lambda thing: thing.text,
        address=lambda thing: reverse("talk", args=[thing.talk_id]),
        authors=_writer,
        wrote=lambda thing, person: policies.can_take_back(person, thing),
        # A report keeps a copy: a speaker in the team must not read there what waits, or was kept from them.
        has_part=lambda thing, person: not policies.can_review(person, thing),
        place=lambda thing: Place(event_id=thing.session.event_id),
        hide=_hide_feedback,
        show=_show_feedback,
        writer_finds_it=True,
    )
)
reportable(
    Reportable(
        kind="card",
        label=_("card for makers"),
        find=lambda pk: (
            Card.objects.select_related("product", "session__event__community", "writer").filter(pk=pk).first()
        ),
        can_view=lambda reader, thing: queries.shown_cards(reader).filter(pk=thing.pk).exists(),
        title=lambda thing: thing.product.name,
        text=lambda thing: thing.text,
        address=lambda thing: f"{reverse('feedback:product', args=[thing.product.slug])}#cards-{thing.group_id}",
        authors=_writer,
        wrote=lambda thing, person: policies.can_take_back(person, thing),
        place=lambda thing: Place(event_id=thing.session.event_id if thing.session else None),
        hide=_hide_card,
        show=_show_card,
        writer_finds_it=True,
    )
)
reportable(
    Reportable(
        kind="maker_answer",
        label=_("answer of makers"),
        find=lambda pk: CardGroup.objects.select_related("product").filter(pk=pk).exclude(answer="").first(),
        can_view=lambda reader, thing: queries.answers_visible_to(reader).filter(pk=thing.pk).exists(),
        title=lambda thing: thing.product.name,
        text=lambda thing: thing.answer,
        address=lambda thing: f"{reverse('feedback:product', args=[thing.product.slug])}#cards-{thing.pk}",
        # They answer as the makers, without a name; none of them decides about it. It stays when one of them leaves.
        authors=lambda thing: [],
        has_part=lambda thing, person: policies.can_speak_for(person, thing.product),
        place=lambda thing: Place(),
        hide=lambda thing, *, reason, by, at: hide_answer(group=thing, by=by, at=at),
        show=lambda thing, *, by, at: show_answer(group=thing, by=by, at=at),
        is_hidden=lambda thing: thing.answer_hidden_at is not None,
        writer_finds_it=True,
    )
)
reportable(
    Reportable(
        kind="product",
        label=_("tool"),
        find=lambda pk: Product.objects.filter(pk=pk).first(),
        can_view=lambda reader, thing: queries.products_visible_to(reader).filter(pk=thing.pk).exists(),
        title=lambda thing: thing.name,
        text=lambda thing: f"{thing.name} {thing.url}".strip(),
        address=lambda thing: reverse("feedback:product", args=[thing.slug]),
        authors=lambda thing: [],
        place=lambda thing: Place(),
        hide=_hide_product,
        show=_show_product,
    )
)
