from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hallway.kit.links import token_of
from hallway.sharing.feedback.models import CardGroup, Maker
from hallway.sharing.feedback.tokens import Right
from tests.factories import NOW
from tests.factories.feedback import CardFactory, CardGroupFactory, MakerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker() -> Maker:
    made: Maker = MakerFactory(product__repository="https://github.com/kiln/kiln")
    return made


def page(maker: Maker) -> str:
    return f"/makers/{token_of(Right.MAKER, maker.pk, maker.nonce)}/"


def card_of(maker: Maker, **fields: Any) -> Any:
    return CardFactory(product=maker.product, group=CardGroupFactory(product=maker.product), **fields)


def test_answer_fix_and_take_back(maker: Maker, client: Client) -> None:
    group = card_of(maker, writer=None, address="secret@example.org").group
    told = client.get(page(maker)).content.decode()
    assert "secret@example.org" not in told and "https://github.com/kiln/kiln/issues/new?" in told
    client.post(page(maker), {"group": group.pk, "do": "answer", "answer": "We know."})
    bad = client.post(page(maker), {"group": group.pk, "do": "fix", "url": "nonsense:"})
    assert bad.status_code == 400 and "nonsense:" in bad.content.decode()
    empty = client.post(page(maker), {"group": group.pk, "do": "fix"}, follow=True)
    assert "Name the version" in empty.content.decode()
    client.post(page(maker), {"group": group.pk, "do": "fix", "version": "2.0"})
    group.refresh_from_db()
    assert (group.answer, group.fixed_in, group.answered_by) == ("We know.", "2.0", maker.person)
    assert "Fixed in 2.0" in client.get(page(maker)).content.decode()
    client.post(page(maker), {"group": group.pk, "do": "not_fixed"})
    long = client.post(page(maker), {"group": group.pk, "do": "answer", "answer": "x" * 2_001})
    assert long.status_code == 400 and "too long" in long.content.decode()
    client.post(page(maker), {"group": group.pk, "do": "nonsense"})
    group.refresh_from_db()
    assert group.fixed_at is None


def test_a_single_card_is_said_once_and_answering_comes_first(maker: Maker, client: Client) -> None:
    card = card_of(maker, text="It stops when the network is away")
    told = client.get(page(maker)).content.decode()
    assert "It stops when the network is away</h2>" in told and "<blockquote" not in told
    assert told.index('<summary class="button primary">') < told.index("It is fixed")
    long = card_of(maker, text="It stops " * 20)
    told = client.get(page(maker)).content.decode()
    assert told.count("<blockquote") == 1, "a title cannot hold it"
    for one in (card, long):
        client.post(page(maker), {"group": one.group.pk, "do": "answer", "answer": "We know."})
    assert '<summary class="button primary">' not in client.get(page(maker)).content.decode()


def test_join_what_is_alike_and_part_it_again(maker: Maker, client: Client) -> None:
    one = card_of(maker, text="The tracer loses its name", likeness="a")
    other = card_of(maker, text="Tracer loses the name", likeness="b")
    assert "Put them together" in client.get(page(maker)).content.decode()
    client.post(page(maker), {"group": one.group.pk, "do": "join", "other": other.group.pk})
    other.refresh_from_db()
    assert other.group == one.group
    assert "Separate it" in client.get(page(maker)).content.decode()
    client.post(page(maker), {"group": one.group.pk, "do": "part", "card": other.pk})
    other.refresh_from_db()
    assert other.group != one.group


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "foreign"])
def test_forged_ids_do_nothing(number: str, maker: Maker, client: Client) -> None:
    mine, foreign = card_of(maker), CardFactory()
    if number == "foreign":
        number = str(foreign.group.pk)
    for data in (
        {"group": number, "do": "answer", "answer": "Mine now"},
        {"group": str(mine.group.pk), "do": "join", "other": number},
        {"group": str(mine.group.pk), "do": "part", "card": number},
    ):
        assert client.post(page(maker), data).status_code == 302
    assert not CardGroup.objects.exclude(answer="").exists() and CardGroup.objects.count() == 2


def test_export_as_markdown_and_table(maker: Maker, client: Client) -> None:
    card_of(maker, text="=1+1 @everybody", named=True)
    where = f"{page(maker)}export/"
    assert client.get(f"{where}markdown/").status_code == 302
    markdown = client.post(f"{where}markdown/").content.decode()
    assert "```text\n=1+1 @everybody\n```" in markdown
    table = client.post(f"{where}table/")
    assert "'=1+1 @everybody" in table.content.decode("utf-8-sig")
    assert "attachment" in table["Content-Disposition"]
    assert client.post(f"{where}nonsense/").status_code == 404


def test_who_no_longer_speaks_for_it_opens_nothing(maker: Maker, client: Client) -> None:
    assert client.post(page(maker), {"do": "end"})["Location"] == "/products/"
    assert client.get(page(maker)).status_code == 404
    assert client.post(f"{page(maker)}export/table/").status_code == 404


def test_empty_desk_says_where_cards_come_from(maker: Maker, client: Client) -> None:
    assert "No cards yet" in client.get(page(maker)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_asks_as_often_for_one_group_as_for_three(
    rows: int, maker: Maker, client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        card_of(maker, named=True, written_at=NOW)
    client.get(page(maker))
    with django_assert_num_queries(5):
        assert client.get(page(maker)).status_code == 200
