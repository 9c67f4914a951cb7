from __future__ import annotations

import pytest

from hallway.kit.actors import SystemPerson, Visitor
from hallway.sharing.feedback import policies
from tests.factories import PersonFactory, TeamRoleFactory
from tests.factories.feedback import CardFactory, FeedbackFactory, MakerFactory, ProductFactory

from .conftest import Room

pytestmark = pytest.mark.django_db


def test_review_is_for_the_team_and_the_administration(room: Room) -> None:
    event = room.session.event
    helper = TeamRoleFactory(community=event.community, role="helper").person
    may = {
        room.organiser: True, PersonFactory(is_administrator=True): True, helper: False, room.speaker: False,
        PersonFactory(): False,
    }  # fmt: skip
    for person, allowed in may.items():
        assert policies.can_review_event(person, event) is allowed
    assert not policies.can_review_event(None, event) and not policies.can_review_event(Visitor("x"), event)


def test_nobody_in_particular_takes_nothing_back() -> None:
    feedback = FeedbackFactory(writer=None, writer_key="")
    assert not policies.can_take_back(None, feedback) and not policies.can_take_back(Visitor("x"), feedback)


def test_speakers_are_persons(room: Room) -> None:
    assert policies.is_speaker(room.speaker, room.session)
    assert not policies.is_speaker(Visitor("x"), room.session) and not policies.is_speaker(None, room.session)
    room.session.talk = None
    assert not policies.is_speaker(room.speaker, room.session)


def test_cards_are_taken_from_published_events_alone(room: Room) -> None:
    assert policies.can_write_card(PersonFactory(), room.session)
    assert not policies.can_write_card(None, room.session)


def test_hallway_itself_hides(room: Room) -> None:
    hallway = SystemPerson("moderation")
    assert policies.can_hide(hallway, FeedbackFactory(session=room.session))
    assert policies.can_hide_card(hallway, CardFactory(session=None, talk=None))
    assert policies.can_check_proofs(hallway) and not policies.can_check_proofs(Visitor("x"))


def test_products_are_their_makers() -> None:
    maker = MakerFactory()
    assert policies.can_speak_for(maker.person, maker.product) and policies.can_edit_product(
        maker.person, maker.product
    )
    assert not policies.can_speak_for(Visitor("x"), maker.product)
    unknown = ProductFactory(url="", domain="")
    assert policies.can_say_where(PersonFactory(), unknown) and not policies.can_say_where(Visitor("x"), unknown)
    assert not policies.can_say_where(PersonFactory(), maker.product)
    assert not policies.can_end_maker(Visitor("x"), maker)
