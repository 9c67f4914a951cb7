from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.people.actions import leave_hallway
from hallway.people.models import Person
from hallway.sharing.feedback.actions import grouping, join_cards, part_card
from hallway.sharing.feedback.models import Card, CardGroup, Maker
from tests.between import just_before
from tests.factories import PersonFactory, TeamRoleFactory
from tests.factories.feedback import CardFactory, CardGroupFactory, MakerFactory, ProductFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db


def two(room: Room) -> tuple[Card, Card]:
    product = ProductFactory()
    one = CardFactory(product=product, session=room.session, likeness="a")
    return one, CardFactory(product=product, session=room.session, likeness="b")


def test_join_by_makers_administrators_and_the_team(room: Room, at: datetime) -> None:
    for who in ("maker", "administrator", "organiser"):
        one, other = two(room)
        by = {
            "maker": MakerFactory(product=one.product).person,
            "administrator": PersonFactory(is_administrator=True),
            "organiser": room.organiser,
        }[who]
        kept = join_cards(group=one.group, other=other.group, by=by, at=at)
        assert kept == one.group and set(kept.cards.all()) == {one, other}
        assert not CardGroup.objects.filter(pk=other.group_id).exists()
    assert FactRow.objects.filter(kind="feedback.cards_joined").count() == 3


def test_join_keeps_the_answer_whichever_way_round(room: Room, at: datetime) -> None:
    one, other = two(room)
    CardGroup.objects.filter(pk=other.group_id).update(answer="Yes.", answered_at=at)
    kept = join_cards(group=one.group, other=other.group, by=room.organiser, at=at)
    assert (kept.pk, kept.answer) == (other.group_id, "Yes.")
    assert kept.cards.count() == 2


@pytest.mark.parametrize("how", ["answer", "fix"])
def test_join_two_answers_is_refused(how: str, room: Room, at: datetime) -> None:
    one, other = two(room)
    fields = {"answer": "Yes.", "answered_at": at} if how == "answer" else {"fixed_at": at}
    CardGroup.objects.update(**fields)
    with pytest.raises(Refusal) as caught:
        join_cards(group=one.group, other=other.group, by=room.organiser, at=at)
    assert caught.value.code == "card.both_answered"


def test_join_of_two_tools_or_with_itself_is_refused(room: Room, at: datetime) -> None:
    one, elsewhere = two(room)[0], CardFactory(session=room.session)
    for other in (elsewhere.group, one.group):
        with pytest.raises(Refusal) as caught:
            join_cards(group=one.group, other=other, by=PersonFactory(is_administrator=True), at=at)
        assert caught.value.code == "card.not_alike"


def test_join_is_not_for_others(room: Room, at: datetime) -> None:
    one, other = two(room)
    loose = CardFactory(product=one.product, session=None, talk=None)
    empty = CardGroupFactory(product=one.product)
    elsewhere = TeamRoleFactory().person
    for group, by in ((other.group, elsewhere), (loose.group, room.organiser), (empty, room.organiser)):
        with pytest.raises(Refusal) as caught:
            join_cards(group=one.group, other=group, by=by, at=at)
        assert caught.value.code == "card.not_maker"
    with pytest.raises(Refusal):
        join_cards(group=one.group, other=other.group, by=MakerFactory().person, at=at)


def test_join_what_somebody_joined_meanwhile(room: Room, at: datetime) -> None:
    one, other = two(room)
    gone = other.group
    join_cards(group=one.group, other=CardGroup.objects.get(pk=gone.pk), by=room.organiser, at=at)
    with pytest.raises(Refusal) as caught:
        join_cards(group=one.group, other=gone, by=PersonFactory(is_administrator=True), at=at)
    assert caught.value.code == "card.gone"


def test_part_takes_those_of_the_same_words_along(room: Room, at: datetime) -> None:
    one, other = two(room)
    join_cards(group=one.group, other=other.group, by=room.organiser, at=at)
    twin = CardFactory(product=one.product, group=one.group, session=room.session, likeness="b")
    wordless = CardFactory(product=one.product, group=one.group, session=room.session, likeness="")
    other.refresh_from_db()
    made = part_card(card=other, by=room.organiser, at=at)
    assert set(made.cards.all()) == {other, twin}
    alone = part_card(card=wordless, by=room.organiser, at=at)
    assert set(alone.cards.all()) == {wordless}
    assert FactRow.objects.filter(kind="feedback.card_parted").count() == 2


def test_part_what_stands_alone_changes_nothing(room: Room, at: datetime) -> None:
    one = two(room)[0]
    assert part_card(card=one, by=room.organiser, at=at) == one.group
    with pytest.raises(Refusal):
        part_card(card=one, by=PersonFactory(), at=at)
    assert not FactRow.objects.filter(kind="feedback.card_parted").exists()


@pytest.mark.parametrize("act", ["join", "part"])
@pytest.mark.parametrize(("how", "code"), [("ended", "card.not_maker"), ("left", "people.gone")])
def test_maker_no_more_meanwhile_puts_nothing_together_or_apart(
    how: str, code: str, act: str, room: Room, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two(room)
    maker = MakerFactory(product=one.product).person
    if how == "left":
        leave_hallway(person=maker, by=Person.objects.get(pk=maker.pk), at=at)
    else:
        just_before(grouping, "stay", lambda: Maker.objects.update(ended_at=at), monkeypatch)
    with pytest.raises(Refusal) as caught:
        if act == "join":
            join_cards(group=one.group, other=other.group, by=maker, at=at)
        else:
            part_card(card=one, by=maker, at=at)
    assert caught.value.code == code
    assert CardGroup.objects.count() == 2
