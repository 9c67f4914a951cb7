from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import pytest

from hallway.gathering.events.actions.exclusions import mute_at_event
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.links import token_of
from hallway.kit.models import FactRow, FactScope, Revision
from hallway.kit.refusal import Refusal
from hallway.sharing.feedback import queries
from hallway.sharing.feedback.actions import (
    cards,
    forget_card_address,
    hide_card,
    show_card,
    take_back_card,
    write_card,
)
from hallway.sharing.feedback.models import Card, CardGroup, Product
from hallway.sharing.feedback.tokens import Right
from tests.between import just_before
from tests.factories import PersonFactory, SessionFactory
from tests.factories.feedback import CardFactory, FeedbackFactory, ProductFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db
LOST = "The tracer loses its names."


def write(room: Room, at: datetime, by: Any, **fields: Any) -> Card:
    return write_card(
        session=room.session, by=by, at=at, **{"tool": "Kiln SDK", "kind": "friction", "text": LOST, **fields}
    )


def refused(room: Room, at: datetime, by: Any, **fields: Any) -> str:
    with pytest.raises(Refusal) as caught:
        write(room, at, by, **fields)
    return caught.value.code


def test_write_by_a_person_adds_the_tool(room: Room, at: datetime) -> None:
    person = PersonFactory()
    card = write(room, at, person, url="https://www.Kiln.example/x", address="x@example.org", named=True, language="fr")
    product = Product.objects.get()
    assert (product.name, product.slug, product.domain) == ("Kiln SDK", "kiln-sdk", "kiln.example")
    assert (card.writer, card.address, card.named, card.language) == (person, "", True, "fr")
    assert (card.session, card.talk, card.group.product) == (room.session, room.session.talk, product)
    fact = FactRow.objects.get(kind="feedback.card_written")
    assert not FactScope.objects.filter(fact=fact).exists()
    tags = set(Revision.objects.values_list("key", flat=True))
    assert {"products", f"product:{product.pk}", f"feedback:{card.talk_id}"} <= tags


def test_write_by_a_device_says_nothing_about_domains_and_keeps_the_address(
    room: Room, at: datetime, visitor: Visitor
) -> None:
    card = write(room, at, visitor, url="https://evil.example/", address=" Awa@Example.org ", named=True)
    assert (card.writer, card.address, card.named) == (None, "awa@example.org", False)
    assert (card.product.url, card.product.domain) == ("", "")


def test_write_the_same_twice_is_one_card(room: Room, at: datetime, visitor: Visitor) -> None:
    assert write(room, at, visitor) == write(room, at, visitor)
    assert Card.objects.count() == 1


def test_cards_of_the_same_words_stand_together_by_kind(room: Room, at: datetime) -> None:
    first = write(room, at, Visitor("1"))
    alike = write(room, at, Visitor("2"), tool="  kiln  sdk", text="Names: the tracer loses its NAME")
    other = write(room, at, Visitor("3"), kind="interest")
    silent = [write(room, at, Visitor(name), text="…?") for name in ("4", "5")]
    assert first.group == alike.group and first.product == other.product
    assert len({first.group, other.group, silent[0].group, silent[1].group}) == 4


def test_what_is_answered_already_is_not_told_again(room: Room, at: datetime) -> None:
    first = write(room, at, Visitor("1"))
    CardGroup.objects.filter(pk=first.group_id).update(answer="Yes.", answered_at=at, fixed_at=at, fixed_in="2.0")
    later = write(room, at, PersonFactory())
    assert (later.answer_told_at, later.fix_told_at) == (at, at)
    assert queries.to_be_told(at) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "praise"}, "card.no_kind"),
        ({"text": ""}, "card.empty"),
        ({"tool": " "}, "product.no_name"),
        ({"tool": "x" * 81}, "product.no_name"),
        ({"tool": "New", "url": "javascript:alert(1)"}, "product.no_address"),
    ],
)
def test_write_what_says_nothing_is_refused(fields: dict[str, str], code: str, room: Room, at: datetime) -> None:
    assert refused(room, at, PersonFactory(), **fields) == code
    assert not Card.objects.exists()


@pytest.mark.parametrize("why", ["break", "cancelled", "hidden", "muted", "system"])
def test_write_where_it_is_not_taken_is_refused(why: str, room: Room, at: datetime) -> None:
    person: Any = PersonFactory()
    if why == "break":
        room.session.kind = "break"
    elif why == "cancelled":
        room.session.event.state = "cancelled"
    elif why == "hidden":
        room.session.hidden_at = at
        room.session.save()
    elif why == "muted":
        mute_at_event(event=room.session.event, who=person, reason="Shouted", by=room.organiser, at=at)
    else:
        person = SystemPerson("demo")
    assert refused(room, at, person) == "card.not_here"


def test_speakers_write_cards_too(room: Room, at: datetime) -> None:
    assert write(room, at, room.speaker).writer == room.speaker


def test_a_hidden_tool_takes_no_cards(room: Room, at: datetime) -> None:
    ProductFactory(name="Kiln SDK", folded="kiln sdk", hidden_at=at)
    assert refused(room, at, PersonFactory()) == "product.hidden"


def test_floods_end(room: Room, at: datetime, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(cards.MOST_A_DAY):
        write(room, at, visitor, text=f"Number {number}")
    assert refused(room, at, visitor, text="once more") == "pace.too_often"
    monkeypatch.setattr(cards, "MOST_VISITORS", cards.MOST_A_DAY)
    assert refused(room, at, Visitor("fresh")) == "card.crowded"
    write(room, at, PersonFactory())


def test_take_back_by_device_link_or_account(room: Room, at: datetime, visitor: Visitor) -> None:
    mine = write(room, at, visitor)
    for other in (PersonFactory(), Visitor("other"), room.organiser):
        with pytest.raises(Refusal) as caught:
            take_back_card(card=mine, by=other, at=at)
        assert caught.value.code == "card.not_yours"
        with pytest.raises(Refusal):
            take_back_card(card=mine, token=f"{mine.pk}.{'A' * 24}", by=other, at=at)
    take_back_card(card=mine, by=visitor, at=at)
    assert not Card.objects.exists() and not CardGroup.objects.exists()
    by_link = write(room, at, visitor)
    token = token_of(Right.CARD, by_link.pk, by_link.nonce)
    take_back_card(card=by_link, token=token, by=Visitor("other"), at=at)
    assert not Card.objects.exists()
    assert queries.card_by(token) is None


def test_take_back_leaves_the_others(room: Room, at: datetime) -> None:
    person = PersonFactory()
    mine, other = write(room, at, person), write(room, at, Visitor("2"))
    take_back_card(card=mine, by=person, at=at)
    assert CardGroup.objects.get().pk == other.group_id


def test_forget_the_address_keeps_the_card(room: Room, at: datetime, visitor: Visitor) -> None:
    mine = write(room, at, visitor, address="awa@example.org")
    with pytest.raises(Refusal):
        forget_card_address(card=mine, by=Visitor("other"), at=at)
    for _ in range(2):
        forget_card_address(card=mine, by=visitor, at=at)
    assert Card.objects.get().address == ""
    assert FactRow.objects.filter(kind="feedback.card_address_forgotten").count() == 1


def test_hide_and_show_by_the_team(room: Room, at: datetime) -> None:
    card = CardFactory(session=room.session)
    for _ in range(2):
        hide_card(card=card, by=room.organiser, at=at)
    assert not queries.shown_cards().exists()
    for _ in range(2):
        show_card(card=card, by=PersonFactory(is_administrator=True), at=at)
    hide_card(card=card, by=SystemPerson("moderation"), at=at)
    assert FactRow.objects.filter(kind="feedback.card_hidden").count() == 3


def test_hide_is_not_for_others(room: Room, at: datetime) -> None:
    own = CardFactory(session=room.session, writer=room.organiser)
    loose = CardFactory(session=None, talk=None)
    pairs = [(own, room.organiser), (loose, room.organiser), (own, PersonFactory()), (own, Visitor("x"))]
    for card, by in pairs:
        with pytest.raises(Refusal) as caught:
            hide_card(card=card, by=by, at=at)
        assert caught.value.code == "card.not_team"


def test_a_card_from_a_session_without_a_talk(at: datetime, room: Room) -> None:
    room.session.talk = None
    session = SessionFactory(event=room.session.event, talk=None, title={"en": "Open slot"})
    card = write_card(session=session, tool="Kiln", kind="interest", text="Maps", by=PersonFactory(), at=at)
    assert card.talk is None


def test_card_and_published_piece_of_a_hidden_event_stand_nowhere(at: datetime) -> None:
    card = CardFactory()
    shown = {"state": "released", "may_publish": True, "published_at": at, "text": "Clear."}
    piece = FeedbackFactory(session=card.session, **shown)
    assert queries.shown_cards().get() == card
    assert queries.published_of(piece.talk) == [piece]
    Event.objects.filter(pk=card.session.event_id).update(hidden_at=at)
    assert not queries.shown_cards().exists()
    assert queries.published_of(piece.talk) == []


def test_writer_muted_while_the_page_was_open_writes_no_card(
    room: Room, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, hallway = PersonFactory(), SystemPerson("tests")
    mute = partial(mute_at_event, event=room.session.event, who=by, reason="x", by=hallway, at=at)
    just_before(cards, "stay", mute, monkeypatch)
    assert refused(room, at, by) == "card.not_here"
    assert not Card.objects.exists() and not Product.objects.exists()
