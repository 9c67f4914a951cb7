"""Products, the cards about them, and who speaks for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from hallway.kit.links import id_in, is_true
from hallway.people.models import Person
from hallway.people.queries import blocked_with
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session

from ..models import Card, CardGroup, Maker, Product
from ..tokens import Right
from .said import VOICES_PUBLIC

CLAIM_HOLDS = timedelta(days=7)
TOLD_WITHIN = timedelta(days=30)
MOST_TEXTS = 5
MOST_NAMED = 40


@dataclass(frozen=True)
class Line:
    """Cards that say the same, as a page shows them. ``said_by`` is None where fewer than five said so."""

    group: CardGroup
    kind: str
    cards: list[Card]
    said_by: int | None
    number: int

    @property
    def title(self) -> str:
        """What the first of them says."""
        return self.cards[0].text if self.cards else ""


def shown_cards(reader: Person | None = None) -> QuerySet[Card]:
    """Cards a reader can read, or everybody; one with a name not where a block stands between reader and writer.

    A card says where it was written, so it is not shown while nobody may open that session.
    """
    open_to_all = Q(session=None) | Q(session__in=schedule.visible_to(None))
    rows = Card.objects.filter(open_to_all, hidden_at=None, product__hidden_at=None).exclude(text="")
    hidden = blocked_with(reader)
    return rows.exclude(named=True, writer__in=hidden) if hidden else rows


def answers_visible_to(reader: Person | None) -> QuerySet[CardGroup]:
    """Groups whose makers' answer a reader can read, beside the cards it answers."""
    rows = CardGroup.objects.filter(answer_hidden_at=None, pk__in=shown_cards(reader).values("group"))
    return rows.exclude(answer="")


def pages_naming(person_id: int) -> list[str]:
    """Tags of the stored pages on which a card stands under this person's name."""
    rows = Card.objects.filter(writer=person_id, named=True).values_list("product_id", "talk_id")
    products, talks = {product for product, _talk in rows}, {talk for _product, talk in rows if talk is not None}
    return [*(f"product:{pk}" for pk in sorted(products)), *(f"feedback:{pk}" for pk in sorted(talks))]


def products_visible_to(person: Person | None) -> QuerySet[Product]:
    """Products with at least one card one can read, or that somebody speaks for; administrators see all."""
    if person is not None and person.is_administrator:
        return Product.objects.all()
    said = Exists(shown_cards().filter(product=OuterRef("pk")))
    claimed = Exists(speaking().filter(product=OuterRef("pk")))
    return Product.objects.filter(said | claimed, hidden_at=None)


def speaking() -> QuerySet[Maker]:
    """Makers who proved it and speak for their product still."""
    return Maker.objects.filter(proved_at__isnull=False, ended_at=None, person__left_at=None, person__isnull=False)


def makers_of(product: Product) -> QuerySet[Maker]:
    return speaking().filter(product=product).select_related("person").order_by("proved_at", "pk")


def spoken_for(person: Person) -> QuerySet[Maker]:
    """The products somebody speaks for."""
    return speaking().filter(person=person, product__hidden_at=None).select_related("product").order_by("product__name")


def named_products(session: Session) -> list[Product]:
    """Tools to choose from: those named at this talk, at this event, then the most frequent ones."""
    rows = products_visible_to(None).annotate(
        here=Count("cards", filter=Q(cards__session=session)),
        near=Count("cards", filter=Q(cards__session__event=session.event_id)),
        far=Count("cards"),
    )
    return list(rows.order_by("-here", "-near", "-far", "name")[:MOST_NAMED])


def lines_of(
    groups: Iterable[CardGroup], *, reader: Person | None = None, most: int = MOST_TEXTS, exact: bool = False
) -> list[Line]:
    """Groups with the texts a reader can read; those without any are left out. Two queries, or three for a reader."""
    cards = shown_cards(reader).select_related("session__event", "session__talk", "writer").order_by("written_at", "pk")
    chosen = list(groups)
    by_group: dict[int, list[Card]] = {}
    for card in cards.filter(group__in=chosen):
        by_group.setdefault(card.group_id, []).append(card)
    return [_line(group, by_group[group.pk], most, exact) for group in chosen if group.pk in by_group]


def _line(group: CardGroup, cards: list[Card], most: int, exact: bool) -> Line:
    number = len(cards)
    said_by = number if exact or number >= VOICES_PUBLIC else None
    return Line(group=group, kind=cards[0].kind, cards=cards[:most], said_by=said_by, number=number)


def groups_of(product: Product) -> QuerySet[CardGroup]:
    """Groups of a product with something to read: what is open first, then what most people say."""
    shown = shown_cards().filter(group=OuterRef("pk"))
    rows = CardGroup.objects.filter(Exists(shown), product=product)
    rows = rows.annotate(
        number=Count("cards", filter=Q(cards__hidden_at=None) & ~Q(cards__text="")),
        open=Exists(CardGroup.objects.filter(pk=OuterRef("pk"), fixed_at=None, answered_at=None)),
    )
    return rows.order_by("-open", "-number", "-pk")


def with_numbers(products: QuerySet[Product]) -> QuerySet[Product]:
    """With how many cards one can read, and how many groups of them are fixed, for a list."""
    shown = Q(cards__hidden_at=None) & ~Q(cards__text="")
    return products.annotate(
        number=Count("cards", filter=shown, distinct=True),
        answered=Count("groups", filter=Q(groups__answered_at__isnull=False), distinct=True),
        fixed=Count("groups", filter=Q(groups__fixed_at__isnull=False), distinct=True),
    ).order_by(F("number").desc(), "name")


def own_claim(person: Person | None, product: Product) -> Maker | None:
    """What somebody asked for last, or what they are."""
    if person is None:
        return None
    return Maker.objects.filter(product=product, person=person, ended_at=None).order_by("-pk").first()


def card_by(token: str) -> Card | None:
    """The card whose writer's link this is."""
    card = Card.objects.filter(pk=id_in(token)).select_related("product", "group", "session__event").first()
    return card if card and is_true(Right.CARD, token, card.pk, card.nonce) else None


def claim_by(token: str) -> Maker | None:
    """What somebody asked for whose mailed link this is, proved or not; nothing once it ended."""
    maker = Maker.objects.filter(pk=id_in(token), ended_at=None).select_related("product", "person").first()
    return maker if maker and is_true(Right.CLAIM, token, maker.pk, maker.nonce) else None


def maker_by(token: str) -> Maker | None:
    """The maker whose page this opens."""
    maker = speaking().filter(pk=id_in(token)).select_related("product", "person").first()
    return maker if maker and is_true(Right.MAKER, token, maker.pk, maker.nonce) else None


def to_check() -> QuerySet[Maker]:
    """Proofs an administrator has to look at, since somebody says that they are there; oldest first."""
    rows = Maker.objects.filter(how=Maker.How.FILE, proved_at=None, declined_at=None, ended_at=None)
    rows = rows.filter(placed_at__isnull=False, person__isnull=False, person__left_at=None)
    return rows.select_related("product", "person").order_by("placed_at", "pk")


def to_be_told(now: datetime) -> list[int]:
    """Cards whose writers have still to hear of an answer or a fix."""
    heard_of = Q(writer__isnull=False, writer__left_at=None) | ~Q(address="")
    answered = Q(answer_told_at=None, group__answer_hidden_at=None, group__answered_at__gt=now - TOLD_WITHIN)
    fixed = Q(fix_told_at=None, group__fixed_at__gt=now - TOLD_WITHIN)
    rows = Card.objects.filter(heard_of, answered | fixed, hidden_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def product_names(ids: set[int]) -> dict[int, str]:
    """Names by id, for the trail."""
    return dict(Product.objects.filter(pk__in=ids).values_list("pk", "name"))


def cards_here(session: Session, reader: Person | None) -> list[Card]:
    """What was said from a session to makers, as a reader can read it, the latest first."""
    rows = shown_cards(reader).filter(session=session).select_related("product", "group", "writer")
    return list(rows.order_by("-written_at", "-pk")[:MOST_TEXTS])
