from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hallway.kit.links import token_of
from hallway.sharing.feedback.models import Feedback, FeedbackReader
from hallway.sharing.feedback.tokens import Right
from tests.factories import NOW, PersonFactory, SessionFactory
from tests.factories.feedback import FeedbackFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db
MINE = "/me/feedback/"


def through(room: Room, **fields: object) -> Feedback:
    fields = {"session": room.session, "state": "released", "released_at": NOW, "may_publish": True, **fields}
    made: Feedback = FeedbackFactory(**fields)
    return made


def test_reads_texts_without_names_and_words_from_three_voices_on(room: Room, client: Client) -> None:
    quiet, named = through(room, text="Quiet"), through(room, text="Signed", named=True)
    client.force_login(room.speaker)
    told = client.get(MINE).content.decode()
    assert quiet.writer and quiet.writer.name not in told
    assert named.writer and f"by {named.writer.name}" in told
    assert "chose words" not in told, "two people tapped words, that is too few"
    FeedbackFactory(session=room.session, text="", state="words", words=["joy"])
    told = client.get(MINE).content.decode()
    assert "once 3 people have chosen some" in told and "3 people chose words" in told
    assert "a joy to listen to <b>1</b>" in told and "clear <b>2</b>" in told


def test_reads_nothing_that_is_held_refused_hidden_or_to_others(room: Room, client: Client) -> None:
    FeedbackFactory(session=room.session, text="Held one", words=[])
    FeedbackFactory(session=room.session, text="Refused one", state="refused", reason="x")
    through(room, text="Hidden one", hidden_at=NOW)
    FeedbackFactory(text="Of others", state="released", released_at=NOW)
    client.force_login(room.speaker)
    told = client.get(MINE).content.decode()
    for words in ("Held one", "Refused one", "Hidden one", "Of others"):
        assert words not in told
    assert "Nothing yet" in told


def test_somebody_who_never_spoke_is_told_what_this_is(client: Client) -> None:
    client.force_login(PersonFactory())
    assert "once you gave a talk" in client.get(MINE).content.decode()


def test_the_mailed_link_opens_it_without_signing_in_and_publishes(room: Room, client: Client) -> None:
    piece = through(room, text="Worth showing")
    reader = FeedbackReader.objects.create(person=room.speaker, nonce="n")
    address = f"/feedback/{token_of(Right.SPEAKER, reader.pk, 'n')}/"
    assert "Worth showing" in client.get(address).content.decode()
    assert (
        client.get(address)["Cache-Control"].startswith("private") or "no-store" in client.get(address)["Cache-Control"]
    )
    told = client.post(address, {"piece": piece.pk, "do": "publish"}).content.decode()
    assert "without a name" in told and Feedback.objects.get().published_at is not None
    client.post(address, {"piece": piece.pk, "do": "keep"})
    assert Feedback.objects.get().published_at is None
    assert client.get("/feedback/1.wrong/").status_code == 404
    assert client.get(f"/feedback/{token_of(Right.MAKER, reader.pk, 'n')}/").status_code == 404


@pytest.mark.parametrize("piece", ["", "x", "0", "9" * 30, "-1"])
def test_forged_pieces_are_not_there(piece: str, room: Room, client: Client) -> None:
    client.force_login(room.speaker)
    assert client.post(MINE, {"piece": piece, "do": "publish"}).status_code == 404


def test_others_pieces_and_pieces_without_a_yes_stay(room: Room, client: Client) -> None:
    foreign = FeedbackFactory(state="released", released_at=NOW, may_publish=True)
    silent = through(room, may_publish=False)
    client.force_login(room.speaker)
    assert client.post(MINE, {"piece": foreign.pk, "do": "publish"}).status_code == 404
    assert client.post(MINE, {"piece": silent.pk, "do": "publish"}).status_code == 403
    assert not Feedback.objects.exclude(published_at=None).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_as_often_for_one_talk_given_once_as_thrice(
    rows: int, room: Room, client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        session = SessionFactory(talk=room.session.talk)
        through(room, session=session), through(room, session=session, named=True)
    client.force_login(room.speaker)
    client.get(MINE)
    with django_assert_num_queries(9):
        assert client.get(MINE).status_code == 200
