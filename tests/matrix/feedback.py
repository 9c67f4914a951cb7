"""What was said in the world: a text nobody outside may read, a card whose address passes to nobody, a maker."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hallway.kit.links import token_of
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.feedback.models import FeedbackReader
from hallway.sharing.feedback.tokens import Right
from tests.factories import PersonFactory
from tests.factories.feedback import CardFactory, CardGroupFactory, FeedbackFactory, MakerFactory, ProductFactory

FAR = datetime(2099, 1, 1, tzinfo=UTC)


def make_feedback(session: Session, speaker: Person, word: str, secret: str) -> dict[str, Any]:
    """Texts held, released and refused; a tool with a card; tokens by the beginning of their addresses."""
    FeedbackFactory(session=session, text=f"{secret} held")
    FeedbackFactory(session=session, text=f"{secret} refused", state="refused", reason=f"{secret} why")
    writer = PersonFactory(name=f"{secret} writer", slug=f"writer-{word}", public_at=None)
    FeedbackFactory(
        session=session, text="Kind.", state="released", may_publish=True, published_at=FAR, named=True, writer=writer
    )
    FeedbackFactory(session=session, text=f"{secret} released", state="released", writer=None)
    product = ProductFactory(name=f"Kiln {word}", folded=f"kiln {word}", slug=f"kiln-{word}")
    group = CardGroupFactory(product=product)
    card = CardFactory(product=product, group=group, session=session, writer=None, address=f"{secret}@example.org")
    CardFactory(product=product, group=group, session=session, writer=writer)
    CardFactory(product=product, group=group, session=session, text=f"{secret} hidden", hidden_at=FAR)
    maker = MakerFactory(
        product=product, address=f"{secret}@kiln.example", person=PersonFactory(name=f"{secret} maker", public_at=None)
    )
    claim = MakerFactory(
        product=product, proved_at=None, person=None, address=f"{secret}.asked@kiln.example", asked_at=FAR
    )
    reader = FeedbackReader.objects.create(person=speaker, nonce=f"reader-{word}")
    return {
        "product_slug": product.slug,
        "feedback/": token_of(Right.SPEAKER, reader.pk, reader.nonce),
        "cards/": token_of(Right.CARD, card.pk, card.nonce),
        "makers/confirm/": token_of(Right.CLAIM, claim.pk, claim.nonce),
        "makers/": token_of(Right.MAKER, maker.pk, maker.nonce),
    }
