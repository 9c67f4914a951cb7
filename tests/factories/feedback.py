"""Rows of feedback: what was said to speakers, tools, cards about them, their makers."""

from __future__ import annotations

import factory

from hallway.kit.links import new_nonce
from hallway.sharing.feedback.models import Card, CardGroup, Feedback, Maker, Product

from . import NOW, PersonFactory, SessionFactory


class FeedbackFactory(factory.django.DjangoModelFactory):
    """A text that waits for the team."""

    class Meta:
        model = Feedback

    session = factory.SubFactory(SessionFactory)
    talk = factory.SelfAttribute("session.talk")
    writer = factory.SubFactory(PersonFactory)
    writer_key = factory.LazyAttribute(lambda row: row.writer.actor_key if row.writer else f"visitor:{new_nonce()}")
    words = ["clear"]
    text = "The kettle example stayed with me."
    state = Feedback.State.HELD
    written_at = NOW
    changed_at = NOW


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    name = factory.Sequence(lambda n: f"Kiln SDK {n}")
    folded = factory.LazyAttribute(lambda row: row.name.casefold())
    slug = factory.Sequence(lambda n: f"kiln-sdk-{n}")
    url = "https://kiln.example/"
    domain = "kiln.example"
    added_at = NOW


class CardGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CardGroup

    product = factory.SubFactory(ProductFactory)
    made_at = NOW


class CardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Card

    product = factory.SubFactory(ProductFactory)
    group = factory.SubFactory(CardGroupFactory, product=factory.SelfAttribute("..product"))
    kind = Card.Kind.FRICTION
    text = factory.Sequence(lambda n: f"The tracer loses its name {n}")
    session = factory.SubFactory(SessionFactory)
    talk = factory.SelfAttribute("session.talk")
    writer = factory.SubFactory(PersonFactory)
    writer_key = factory.LazyAttribute(lambda row: row.writer.actor_key if row.writer else f"visitor:{new_nonce()}")
    nonce = factory.LazyFunction(new_nonce)
    written_at = NOW


class MakerFactory(factory.django.DjangoModelFactory):
    """Somebody who proved by mail that they make a product."""

    class Meta:
        model = Maker

    product = factory.SubFactory(ProductFactory)
    person = factory.SubFactory(PersonFactory)
    how = Maker.How.MAIL
    domain = "kiln.example"
    address = factory.Sequence(lambda n: f"maker{n}@kiln.example")
    nonce = factory.LazyFunction(new_nonce)
    asked_at = NOW
    proved_at = NOW
