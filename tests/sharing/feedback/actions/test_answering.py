from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.notices.models import OutboxMail
from hallway.people.actions import leave_hallway
from hallway.people.models import Person
from hallway.sharing.feedback import queries
from hallway.sharing.feedback.actions import (
    answer_cards,
    answering,
    end_maker,
    hide_answer,
    mark_fixed,
    show_answer,
    take_out_issues,
    tell_card_writer,
)
from hallway.sharing.feedback.models import Card, CardGroup, Maker, Product
from tests.between import just_before
from tests.factories import PersonFactory
from tests.factories.feedback import CardFactory, MakerFactory

pytestmark = pytest.mark.django_db
HALLWAY = SystemPerson("notices")
DAY = timedelta(days=1)


@pytest.fixture
def card() -> Card:
    made: Card = CardFactory(writer=PersonFactory(email="awa@example.org"))
    return made


@pytest.fixture
def maker(card: Card) -> Person:
    person: Person = MakerFactory(product=card.product).person
    return person


def told(at: datetime) -> int:
    return sum(tell_card_writer(card_id=pk, by=HALLWAY, at=at) for pk in queries.to_be_told(at))


def test_hidden_answer_is_told_to_nobody_until_it_is_shown_again(card: Card, maker: Person, at: datetime) -> None:
    group = card.group
    answer_cards(group=group, text="You hold it wrong.", by=maker, at=at)
    hide_answer(group=group, by=HALLWAY, at=at)
    assert queries.to_be_told(at) == [] and not tell_card_writer(card_id=card.pk, by=HALLWAY, at=at)
    assert not queries.answers_visible_to(None).exists()
    answer_cards(group=group, text="Still.", by=maker, at=at)
    assert not queries.answers_visible_to(None).exists(), "another text does not bring it back"
    mark_fixed(group=group, version="2.1", by=maker, at=at)
    assert told(at) == 1 and "Still." not in OutboxMail.objects.get().text
    show_answer(group=group, by=HALLWAY, at=at)
    assert queries.answers_visible_to(None).get() == group and told(at) == 1


def test_answer_is_told_once_however_often_it_changes(card: Card, maker: Person, at: datetime) -> None:
    for _ in range(2):
        answer_cards(group=card.group, text="We know.\nYour card:", by=maker, at=at)
    assert (told(at), told(at)) == (1, 0)
    answer_cards(group=card.group, text="We know, and work on it.", by=maker, at=at + DAY)
    assert told(at + DAY) == 0
    card.group.refresh_from_db()
    assert (card.group.answered_at, card.group.answered_by) == (at, maker)
    mail = OutboxMail.objects.get()
    assert mail.to_address == "awa@example.org" and "> We know.\n> Your card:\n" in mail.text
    assert card.text in mail.text
    assert FactRow.objects.filter(kind="feedback.cards_answered").count() == 2


def test_answer_taken_back_and_given_again_is_told_once(card: Card, maker: Person, at: datetime) -> None:
    answer_cards(group=card.group, text="Yes", by=maker, at=at)
    told(at)
    answer_cards(group=card.group, text="", by=maker, at=at)
    card.group.refresh_from_db()
    assert (card.group.answered_at, card.group.answered_by) == (None, None)
    answer_cards(group=card.group, text="Again", by=maker, at=at)
    assert told(at) == 0 and OutboxMail.objects.count() == 1


def test_fix_is_told_once_and_with_the_answer_in_one_mail(card: Card, maker: Person, at: datetime) -> None:
    answer_cards(group=card.group, text="Yes", by=maker, at=at)
    for _ in range(2):
        mark_fixed(group=card.group, version="2.1", url="https://kiln.example/news", by=maker, at=at)
    assert (told(at), told(at)) == (1, 0)
    mail = OutboxMail.objects.get()
    assert "2.1" in mail.text and "https://kiln.example/news" in mail.text and "Yes" in mail.text
    mark_fixed(group=card.group, fixed=False, by=maker, at=at)
    mark_fixed(group=card.group, version="2.2", by=maker, at=at + DAY)
    assert told(at + DAY) == 0
    assert FactRow.objects.filter(kind="feedback.cards_fixed").count() == 3


def test_answer_and_fix_on_two_days_are_two_mails(card: Card, maker: Person, at: datetime) -> None:
    answer_cards(group=card.group, text="Yes", by=maker, at=at)
    assert told(at) == 1
    mark_fixed(group=card.group, version="2.1", by=maker, at=at + DAY)
    assert told(at + DAY) == 1
    card.refresh_from_db()
    assert (card.answer_told_at, card.fix_told_at) == (at, at + DAY)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({}, "card.no_version"), ({"version": "1", "url": "javascript:alert(1)"}, "card.no_link")],
)
def test_fix_says_where(fields: dict[str, str], code: str, card: Card, maker: Person, at: datetime) -> None:
    with pytest.raises(Refusal) as caught:
        mark_fixed(group=card.group, by=maker, at=at, **fields)
    assert caught.value.code == code


def test_only_makers_of_this_tool_answer(card: Card, maker: Person, at: datetime) -> None:
    ended = MakerFactory(product=card.product, ended_at=at).person
    asked = MakerFactory(product=card.product, proved_at=None).person
    administrator = PersonFactory(is_administrator=True)
    for by in (ended, asked, administrator, MakerFactory().person, card.writer):
        for act in (
            lambda who: answer_cards(group=card.group, text="x", by=who, at=at),
            lambda who: mark_fixed(group=card.group, version="x", by=who, at=at),
            lambda who: take_out_issues(product=card.product, what="table", by=who, at=at),
        ):
            with pytest.raises(Refusal) as caught:
                act(by)
            assert caught.value.code == "card.not_maker"
    end_maker(maker=Maker.objects.get(person=maker), by=maker, at=at)
    with pytest.raises(Refusal):
        answer_cards(group=card.group, text="x", by=maker, at=at)


def test_a_visitors_address_is_told_and_the_makers_never_see_it(card: Card, maker: Person, at: datetime) -> None:
    Card.objects.all().delete()
    visited = CardFactory(
        product=card.product, group=card.group, writer=None, address="visitor@example.org", language="fr"
    )
    answer_cards(group=visited.group, text="Oui.", by=maker, at=at)
    assert told(at) == 1
    mail = OutboxMail.objects.get()
    assert (mail.to_address, mail.language) == ("visitor@example.org", "fr")


def test_an_address_nobody_confirmed_gets_no_text_of_a_stranger(card: Card, maker: Person, at: datetime) -> None:
    Card.objects.all().delete()
    Product.objects.update(name="Spam here")
    CardFactory(
        product=card.product, group=card.group, writer=None, address="victim@example.org", text="Buy at spam.example"
    )
    answer_cards(group=card.group, text="And at more.example", by=maker, at=at)
    mark_fixed(group=card.group, version="v-spam", url="https://fix.example/", by=maker, at=at)
    assert told(at) == 1
    mail = OutboxMail.objects.get()
    text = mail.subject + mail.text
    assert "They answered" in text and "fixed" in text and "/cards/" in text
    assert not [word for word in ("spam", "Spam", "more.example", "fix.example") if word in text]


def test_an_address_that_had_enough_mail_waits(card: Card, maker: Person, at: datetime) -> None:
    Card.objects.all().delete()
    visited = CardFactory(product=card.product, group=card.group, writer=None, address="visitor@example.org")
    for _ in range(3):
        OutboxMail.objects.create(to_address="visitor@example.org", subject="x", text="x", created_at=at, due_at=at)
    answer_cards(group=visited.group, text="Yes.", by=maker, at=at)
    assert told(at) == 0
    assert told(at + DAY) == 1


@pytest.mark.parametrize("why", ["hidden", "no address", "left", "old"])
def test_nobody_is_told(why: str, card: Card, maker: Person, at: datetime) -> None:
    answer_cards(group=card.group, text="Yes", by=maker, at=at - 31 * DAY if why == "old" else at)
    writer = card.writer
    assert writer is not None
    if why == "hidden":
        Card.objects.update(hidden_at=at)
    elif why == "no address":
        Person.objects.filter(pk=writer.pk).update(email=None)
    elif why == "left":
        Person.objects.filter(pk=writer.pk).update(left_at=at)
    assert told(at) == 0
    if why != "old":
        assert not tell_card_writer(card_id=card.pk, by=HALLWAY, at=at)
    assert not OutboxMail.objects.exists()


def test_tell_what_is_gone_or_by_somebody_else(card: Card, at: datetime) -> None:
    assert not tell_card_writer(card_id=0, by=HALLWAY, at=at)
    assert not tell_card_writer(card_id=card.pk, by=HALLWAY, at=at)
    with pytest.raises(Refusal):
        tell_card_writer(card_id=card.pk, by=PersonFactory(), at=at)


def test_taking_issues_out_is_noted(card: Card, maker: Person, at: datetime) -> None:
    take_out_issues(product=card.product, what="markdown", by=maker, at=at)
    assert FactRow.objects.get(kind="feedback.issues_taken").payload["what"] == "markdown"


ACTS = {
    "answer": lambda group, **who: answer_cards(group=group, text="We say so", **who),
    "fix": lambda group, **who: mark_fixed(group=group, version="2.0", **who),
    "take out": lambda group, **who: take_out_issues(product=group.product, what="table", **who),
}


@pytest.mark.parametrize("act", ACTS)
def test_maker_who_ended_it_meanwhile_says_nothing_more(
    act: str, card: Card, maker: Person, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(answering, "stay", lambda: Maker.objects.update(ended_at=at), monkeypatch)
    with pytest.raises(Refusal, match=r"card\.not_maker"):
        ACTS[act](card.group, by=maker, at=at)
    assert not CardGroup.objects.filter(answered_at=at).exists() and not FactRow.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_maker_who_left_meanwhile_says_nothing_more(act: str, card: Card, maker: Person, at: datetime) -> None:
    leave_hallway(person=maker, by=Person.objects.get(pk=maker.pk), at=at)
    with pytest.raises(Refusal, match=r"people\.gone"):
        ACTS[act](card.group, by=maker, at=at)
    group = CardGroup.objects.get()
    assert (group.answer, group.answered_by, group.fixed_by) == ("", None, None)
