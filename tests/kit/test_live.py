from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.template import engines
from django.test import RequestFactory

from hallway.kit import live
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import INSIDE, Fact, announce
from hallway.kit.models import FactRow
from tests.factories import PersonFactory

HERE = SystemPerson("tests")
NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class DoorOpened(Fact):
    kind = "tests.door_opened"
    sentence = ""
    event_id: int


@dataclass(frozen=True)
class VoteCounted(Fact):
    kind = "tests.vote_counted"
    sentence = ""
    event_id: int
    question: int
    votes: int


@dataclass(frozen=True)
class HelperSeated(Fact):
    kind = "tests.helper_seated"
    sentence = ""
    event_id: int
    person: int


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """What a test registers is gone afterwards."""
    kept = dict(live.RENDERERS), dict(live.RULES), list(live.HIDDEN), list(live._signer), list(live._again)
    yield
    for place, was in zip((live.RENDERERS, live.RULES), kept[:2], strict=True):
        place.clear()
        place.update(was)
    live.HIDDEN[:], live._signer[:], live._again[:] = kept[2:]
    for kind in (DoorOpened, VoteCounted, HelperSeated):
        INSIDE.pop(kind, None)


@pytest.fixture
def sent() -> Iterator[list[tuple[str, live.Told]]]:
    heard: list[tuple[str, live.Told]] = []
    live.renders(DoorOpened)(lambda fact, row: f"door of {fact.event_id}")
    before = list(live._publisher)
    live.use(lambda channel, told: heard.append((channel, told)))
    yield heard
    live._publisher[:] = before


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_sent_after_its_commit_and_not_before(at: datetime, sent: list[tuple[str, live.Told]]) -> None:
    with transaction.atomic():
        row = announce(DoorOpened(event_id=7), by=HERE, at=at)
        assert sent == []
    assert sent == [("public/event:7", live.Told(row.pk, "door_opened", "door of 7"))]


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_is_rolled_back_is_never_sent(at: datetime, sent: list[tuple[str, live.Told]]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(DoorOpened(event_id=7), by=HERE, at=at)
        _ = 1 / 0
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_catch_up_gives_what_was_missed_in_order(at: datetime, sent: list[tuple[str, live.Told]]) -> None:
    rows: list[FactRow] = []
    for event in (7, 8, 7, 7):
        with transaction.atomic():
            rows.append(announce(DoorOpened(event_id=event), by=HERE, at=at))
    newest, [(missed, ends_at)] = live.missed([("public/event:7", rows[0].pk, NONE)])
    assert missed == [live.Told(row.pk, "door_opened", "door of 7") for row in rows[2:]]
    assert (newest, ends_at) == (rows[3].pk, None)


def say(fact: Fact, at: datetime) -> FactRow:
    with transaction.atomic():
        return announce(fact, by=HERE, at=at)


@pytest.mark.django_db(transaction=True)
def test_an_event_names_the_one_its_channel_told_of_before(at: datetime, sent: list[tuple[str, live.Told]]) -> None:
    first = say(DoorOpened(event_id=7), at)
    say(DoorOpened(event_id=8), at)
    say(VoteCounted(event_id=7, question=1, votes=1), at)  # nobody tells listeners of it
    say(DoorOpened(event_id=7), at)
    assert [told.previous for _channel, told in sent] == [0, 0, first.pk]


@pytest.mark.django_db(transaction=True)
def test_a_renderer_names_an_author_or_says_nothing(at: datetime, sent: list[tuple[str, live.Told]]) -> None:
    live.renders(VoteCounted)(lambda fact, row: live.Message("five", author=3) if fact.votes else None)
    row = say(VoteCounted(event_id=7, question=1, votes=5), at)
    say(VoteCounted(event_id=7, question=1, votes=0), at)
    told = live.Told(row.pk, "vote_counted", "five", 3)
    assert sent == [("public/event:7", told)]
    assert live.missed([("public/event:7", 0, NONE)])[1] == [([told], None)]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_shown_stops_neither_the_action_nor_the_others(
    at: datetime, sent: list[tuple[str, live.Told]]
) -> None:
    live.renders(VoteCounted)(lambda fact, row: str(1 // fact.votes))
    say(VoteCounted(event_id=7, question=1, votes=0), at)
    row = say(DoorOpened(event_id=7), at)
    assert [told.id for _channel, told in sent] == [row.pk]
    assert [told.id for told in live.missed([("public/event:7", 0, NONE)])[1][0][0]] == [row.pk]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_not_taken_for_an_event_that_cannot_be_shown(at: datetime) -> None:
    @live.renders(VoteCounted)
    def fails(_fact: VoteCounted, _row: FactRow) -> str:
        raise DatabaseError("planted")

    say(VoteCounted(event_id=7, question=1, votes=0), at)
    with pytest.raises(DatabaseError):
        live.missed([("public/event:7", 0, NONE)])


@pytest.mark.django_db(transaction=True)
def test_what_a_later_version_no_longer_knows_is_passed_over(at: datetime, sent: list[tuple[str, live.Told]]) -> None:
    FactRow.objects.filter(pk=say(DoorOpened(event_id=7), at).pk).update(payload={})
    assert live.missed([("public/event:7", 0, NONE)])[1] == [([], None)]


@pytest.mark.django_db(transaction=True)
def test_of_a_state_only_the_newest_is_caught_up_with(at: datetime, sent: list[tuple[str, live.Told]]) -> None:
    live.renders(VoteCounted, latest=lambda fact: str(fact.question))(lambda fact, row: f"{fact.votes} votes")
    say(VoteCounted(event_id=7, question=1, votes=1), at)
    say(VoteCounted(event_id=7, question=2, votes=1), at)
    say(DoorOpened(event_id=7), at)
    say(VoteCounted(event_id=7, question=1, votes=2), at)
    assert [told.key for _channel, told in sent] == [
        "tests.vote_counted 1", "tests.vote_counted 2", "", "tests.vote_counted 1",
    ]  # fmt: skip
    events, ends_at = live.missed([("public/event:7", 0, NONE)])[1][0]
    assert ([told.data for told in events], ends_at) == (["1 votes", "door of 7", "2 votes"], None)
    assert [told.id for told in events] == sorted(told.id for told in events)


@pytest.mark.django_db(transaction=True)
def test_what_is_known_is_neither_given_nor_rendered_again(
    at: datetime, sent: list[tuple[str, live.Told]], caplog: pytest.LogCaptureFixture
) -> None:
    live.renders(VoteCounted)(lambda fact, row: str(1 // fact.votes))
    known = say(VoteCounted(event_id=7, question=1, votes=1), at)
    FactRow.objects.filter(pk=known.pk).update(payload={"event_id": 7, "question": 1, "votes": 0})  # fails if rendered
    row = say(DoorOpened(event_id=7), at)
    assert [told.id for told in live.missed([("public/event:7", 0, frozenset({known.pk}))])[1][0][0]] == [row.pk]
    assert "cannot be shown" not in caplog.text
    live.missed([("public/event:7", 0, NONE)])
    assert "cannot be shown" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_what_is_private_never_reaches_the_public_channel(at: datetime, sent: list[tuple[str, live.Told]]) -> None:
    live.renders(HelperSeated, private=True)(lambda fact, row: f"who: {fact.person}")
    live.renders(HelperSeated)(lambda fact, row: "somebody")
    row = say(HelperSeated(event_id=7, person=3), at)
    assert [(channel, told.data) for channel, told in sent] == [
        ("event:7", "who: 3"), ("public/event:7", "somebody"),
    ]  # fmt: skip
    answers = live.missed([("event:7", 0, NONE), ("public/event:7", 0, NONE), ("event:7", row.pk, NONE)])[1]
    assert [[told.data for told in events] for events, _ends_at in answers] == [["who: 3"], ["somebody"], []]
    with pytest.raises(TypeError, match="two things"):
        live.renders(HelperSeated)(lambda fact, row: "")


@pytest.mark.django_db(transaction=True)
def test_more_than_one_page_full_is_given_in_parts(
    at: datetime, sent: list[tuple[str, live.Told]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_MISSED", 2)
    rows = [say(DoorOpened(event_id=7), at) for _number in range(4)]
    asked = [("public/event:7", last, NONE) for last in (0, rows[0].pk, rows[1].pk, rows[2].pk, rows[3].pk)]
    answers = [([told.id for told in events], ends_at) for events, ends_at in live.missed(asked)[1]]
    ids = [row.pk for row in rows]
    assert answers == [
        (ids[:2], ids[1]), (ids[1:3], ids[2]), (ids[2:], None), (ids[3:], None), ([], None),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_what_many_ask_for_is_rendered_once_and_shares_what_it_has_in_common(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[int] = []
    looked_up: list[int] = []

    @live.renders(VoteCounted)
    def counted(fact: VoteCounted, row: FactRow) -> str:
        rendered.append(row.pk)
        return live.once(fact.question, lambda: looked_up.append(fact.question) or f"question {fact.question}")

    rows = [say(VoteCounted(event_id=7, question=1 + number % 2, votes=number), at) for number in range(6)]
    rendered.clear()
    looked_up.clear()
    monkeypatch.setattr(live, "MOST_MISSED", 4)
    answers = live.missed([("public/event:7", last, NONE) for last in (0, rows[0].pk, rows[1].pk)])[1]
    assert [[told.data[-1] for told in events] for events, _ends_at in answers] == [
        ["1", "2", "1", "2"], ["2", "1", "2", "1"], ["1", "2", "1", "2"],
    ]  # fmt: skip
    assert rendered == [row.pk for row in rows]
    assert looked_up == [1, 2, 1, 2]  # for the two that came later looked up anew, never taken from before
    assert live.once(1, lambda: "alone") == "alone"


@pytest.mark.django_db
def test_public_channels_are_open_to_all_and_private_ones_to_nobody_without_a_rule() -> None:
    asked = [("public/tests:7", None), ("public/tests:7", 3), ("tests:7", 3), ("tests:7", None)]
    assert live.admit(asked) == [frozenset(), frozenset(), None, None]


@pytest.mark.django_db
def test_a_rule_says_who_may_listen_to_channels_that_begin_so() -> None:
    live.admits("tests:")(lambda rest, viewers: {viewer for viewer in viewers if viewer == int(rest)})
    live.admits("public/tests:")(lambda rest, viewers: viewers - {None})
    live.admits("tests:all:")(lambda rest, viewers: viewers)
    asked = [
        ("tests:7", 7), ("tests:7", 8), ("tests:x", 7), ("public/tests:7", None), ("public/tests:7", 7),
        ("tests:all:", 8), ("other:7", 7),
    ]  # fmt: skip
    assert [found is not None for found in live.admit(asked)] == [True, False, False, False, True, True, False]
    with pytest.raises(TypeError, match="two rules"):
        live.admits("tests:")(lambda rest, viewers: viewers)


def test_rules_name_whose_words_are_left_out_for_whom() -> None:
    live.HIDDEN.clear()
    live.hides(lambda viewers: {3: {9}})
    live.hides(lambda viewers: {3: {8}, 4: {7}})
    assert live.admit([("public/x", 3), ("public/x", 5), ("public/x", None), ("x", 4)]) == [
        {8, 9}, frozenset(), frozenset(), None,
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_fact_has_every_process_look_again_after_its_commit(at: datetime) -> None:
    heard: list[object] = []
    live._again[:] = [lambda persons, channels: heard.append((persons, channels))]
    live.looks_again(DoorOpened)(lambda fact: live.Again(persons=(fact.event_id, 3), channels=["x"]))
    with transaction.atomic():
        announce(DoorOpened(event_id=7), by=HERE, at=at)
        live.look_again()
        assert heard == []
    assert heard == [([3, 7], ["x"])]


@pytest.mark.django_db
def test_live_address_says_who_listens_and_nothing_of_who_did_not_sign_in() -> None:
    live.sign_with(lambda channel, person: f"{channel}-{person}")
    person, request = PersonFactory(), RequestFactory().get("/")
    template = engines["django"].from_string("{% load hallway %}{% live_address channel %}")
    for user, address in (
        (AnonymousUser(), "/live/public/x:1"),
        (person, f"/live/public/x:1?token=public/x:1-{person.pk}"),
    ):
        request.user = user
        assert template.render({"channel": "public/x:1"}, request) == address
    live._signer.clear()
    assert live.address_of("public/x:1", 3) == "/live/public/x:1"
