from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit import reportable, trail
from hallway.kit.actors import SystemPerson
from hallway.kit.export import CONTRIBUTORS
from hallway.kit.models import Revision
from hallway.kit.refusal import Refusal
from hallway.moderation.actions import appeal_decision, decide_case, report_thing
from hallway.moderation.policies import can_answer_appeal, can_decide
from hallway.people.actions import change_profile, merge_persons
from hallway.sharing.feedback.models import Feedback
from tests.factories import PersonFactory, TeamRoleFactory
from tests.factories.feedback import CardFactory, FeedbackFactory, MakerFactory, ProductFactory

from .conftest import Room

pytestmark = pytest.mark.django_db
MODERATION = SystemPerson("moderation")


def test_export_has_what_one_said_and_heard(room: Room, at: datetime) -> None:
    writer = PersonFactory()
    FeedbackFactory(session=room.session, writer=writer, text="Mine", state="released", released_at=at)
    CardFactory(writer=writer, text="My card")
    MakerFactory(person=writer)
    told = CONTRIBUTORS["feedback"](writer)
    assert told["feedback_you_gave"][0]["text"] == "Mine" and told["cards"][0]["text"] == "My card"
    assert told["products_you_speak_for"][0]["domain"] == "kiln.example"
    assert "nonce" not in str(told) and "writer_key" not in str(told)
    heard = CONTRIBUTORS["feedback"](room.speaker)
    assert heard["feedback_to_you"][0]["text"] == "Mine" and writer.name not in str(heard)
    from hallway.sharing.feedback.actions import tell_speaker

    tell_speaker(person=room.speaker, by=SystemPerson("notices"), at=at)
    assert CONTRIBUTORS["feedback"](room.speaker)["last_mail_about_feedback"] == at
    assert CONTRIBUTORS["feedback"](PersonFactory()) == {}


def test_trail_names_products() -> None:
    product = ProductFactory()
    assert trail.NAMES["product"]({product.pk}) == {product.pk: product.name}


@pytest.mark.parametrize("how", ["renamed", "merged"])
def test_pages_with_a_named_card_say_the_name_as_it_is(how: str, room: Room, at: datetime) -> None:
    writer, gone = PersonFactory(), PersonFactory()
    card = CardFactory(writer=gone if how == "merged" else writer, named=True, talk=room.session.talk)
    unnamed = CardFactory(writer=writer)
    if how == "merged":
        merge_persons(keep=writer, gone=gone, by=PersonFactory(is_administrator=True), at=at)
    else:
        change_profile(person=writer, changes={"name": "Zanele"}, by=writer, at=at)
    old = set(Revision.objects.values_list("key", flat=True))
    assert {f"product:{card.product_id}", f"feedback:{card.talk_id}"} <= old
    assert f"product:{unnamed.product_id}" not in old


def test_a_reported_text_is_hidden_by_its_owner(room: Room, at: datetime) -> None:
    kind = reportable.KINDS["feedback"]
    piece = FeedbackFactory(session=room.session, state="released", may_publish=True, released_at=at, named=True)
    unnamed = FeedbackFactory(session=room.session)
    assert kind.find(piece.pk) == piece and kind.find(0) is None
    assert (kind.can_view(None, piece), kind.can_view(room.speaker, piece)) == (False, True)
    assert kind.can_view(room.organiser, unnamed) and not kind.can_view(room.speaker, unnamed)
    Feedback.objects.filter(pk=piece.pk).update(published_at=at)
    piece.refresh_from_db()
    assert kind.can_view(None, piece)
    assert (kind.text(piece), kind.title(piece)) == (piece.text, room.session.talk.title["en"])
    assert kind.address(piece) == f"/talks/{piece.talk_id}/"
    assert (kind.authors(piece), kind.authors(unnamed)) == ([piece.writer], [])
    assert kind.place(piece).event_id == room.session.event_id
    assert kind.hide and kind.show
    kind.hide(piece, reason="x", by=MODERATION, at=at)
    piece.refresh_from_db()
    assert kind.is_hidden(piece) and not kind.can_view(None, piece)
    kind.show(piece, by=MODERATION, at=at)
    with pytest.raises(Refusal):
        kind.hide(piece, reason="x", by=room.speaker, at=at)


def test_a_report_shows_no_speaker_of_the_team_what_they_must_not_read(room: Room, at: datetime) -> None:
    piece = FeedbackFactory(session=room.session, state="held", text="Nobody understood it.")
    TeamRoleFactory(community=room.session.event.community, person=room.speaker)
    kind = reportable.KINDS["feedback"]
    assert kind.has_part(piece, room.speaker) and kind.has_part(piece, piece.writer)
    assert not kind.has_part(piece, room.organiser)
    assert kind.wrote(piece, piece.writer) and not kind.wrote(piece, room.speaker)
    case = report_thing(what=kind, thing=piece, trouble="hurtful", by=PersonFactory(), at=at).case
    assert can_decide(room.organiser, case, at) and not can_decide(room.speaker, case, at)
    decision = decide_case(case=case, hide=True, reason="Hurtful.", by=room.organiser, at=at)
    appeal = appeal_decision(decision=decision, text="No.", by=MODERATION, at=at)
    assert not can_answer_appeal(room.speaker, appeal)


def test_cards_and_tools_too(room: Room, at: datetime) -> None:
    card = CardFactory(session=room.session, text="It stops")
    loose = CardFactory(session=None, talk=None)
    kind = reportable.KINDS["card"]
    assert kind.find(card.pk) == card and kind.can_view(None, card)
    assert (kind.text(card), kind.title(card), kind.authors(card)) == ("It stops", card.product.name, [])
    assert kind.address(card) == f"/products/{card.product.slug}/#cards-{card.group_id}"
    assert (kind.place(card).event_id, kind.place(loose).event_id) == (room.session.event_id, None)
    assert kind.hide and kind.show
    kind.hide(card, reason="x", by=MODERATION, at=at)
    assert not kind.can_view(None, card)
    kind.show(card, by=MODERATION, at=at)
    tool = reportable.KINDS["product"]
    product = card.product
    assert tool.find(product.pk) == product and tool.can_view(None, product) and tool.authors(product) == []
    assert tool.text(product) == f"{product.name} https://kiln.example/" and tool.title(product) == product.name
    assert tool.address(product) == f"/products/{product.slug}/" and tool.place(product).event_id is None
    assert tool.hide and tool.show
    administrator = PersonFactory(is_administrator=True)
    tool.hide(product, reason="x", by=administrator, at=at)
    assert not tool.can_view(None, product)
    tool.show(product, by=administrator, at=at)
    assert tool.can_view(None, product)
