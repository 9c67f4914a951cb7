"""Each owner hides and shows what moderation asks for: who may, twice is once, and what readers see then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed
from hallway.kit.reportable import KINDS, seen
from hallway.people.models import Person
from hallway.programme.talks.actions import NewMaterial, add_material
from hallway.programme.talks.models import Material
from hallway.sharing.feedback.actions import answer_cards
from hallway.sharing.feedback.models import CardGroup
from tests.factories import PersonFactory, SessionFactory, TeamRoleFactory
from tests.factories.feedback import CardFactory, MakerFactory
from tests.moderation.matters import Matter, matter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def slides_of(it: Matter) -> Material:
    new = NewMaterial(kind="slides", title="Deck", address="https://bad.example/deck")
    return add_material(talk=it.session.talk, new=new, by=SystemPerson("tests"), at=clock.now())


def answered_at(it: Matter) -> CardGroup:
    card = CardFactory(session=it.session)
    maker = MakerFactory(product=card.product).person
    answer_cards(group=card.group, text="You hold it wrong.", by=maker, at=clock.now())
    return CardGroup.objects.get()


# The kind, what it is of a matter, who may hide it beside administrators, and the fact it leaves.
THINGS: list[tuple[str, Callable[[Matter], Any], bool, str]] = [
    ("person", lambda it: it.speaker, False, "people.page_hidden"),
    ("community", lambda it: it.event.community, False, "communities.community_hidden"),
    ("event", lambda it: it.event, False, "events.event_hidden"),
    ("talk", lambda it: it.session.talk, False, "talks.talk_hidden"),
    ("session", lambda it: it.session, True, "schedule.session_hidden"),
    ("material", slides_of, False, "talks.material_hidden"),
    ("maker_answer", answered_at, False, "feedback.answer_hidden"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "thing_of", "team", "fact"), THINGS, ids=[entry[0] for entry in THINGS])
def test_hide_and_show(kind: str, thing_of: Callable[[Matter], Any], team: bool, fact: str, at: datetime) -> None:
    it, what, administrator = matter(), KINDS[kind], PersonFactory(is_administrator=True)
    thing, by = thing_of(it), it.organiser if team else administrator
    assert what.hide is not None and what.show is not None
    assert what.text(thing) and what.title(thing) and what.address(thing).startswith("/")
    for wrong in (it.speaker, PersonFactory(), TeamRoleFactory().person, *([] if team else [it.organiser])):
        with pytest.raises(NotAllowed):
            what.hide(thing, reason="Why", by=wrong, at=at)
        with pytest.raises(NotAllowed):
            what.show(thing, by=wrong, at=at)
    assert seen(kind, thing.pk, None) is not None
    for _times in range(2):
        what.hide(thing, reason="Why", by=by, at=at)
    there = what.find(thing.pk)
    assert what.is_hidden(there) and seen(kind, thing.pk, None) is None
    for _times in range(2):
        what.show(thing, by=by, at=at)
    assert not what.is_hidden(what.find(thing.pk)) and seen(kind, thing.pk, None) is not None
    assert FactRow.objects.filter(kind=fact).count() == 2


def test_hidden_talk_keeps_title_and_time_in_the_programme(client: Client, at: datetime) -> None:
    it = matter()
    talk, hide = it.session.talk, KINDS["talk"].hide
    talk.subtitle, talk.description = {"en": "A subtitle"}, {"en": "A description"}
    talk.save()
    address = f"/e/{it.event.slug}/sessions/{it.session.pk}-{it.session.slug}/"
    assert "Loops of one event." in client.get(address).content.decode()
    assert hide is not None
    hide(talk, reason="Why", by=PersonFactory(is_administrator=True), at=at)
    said = client.get(address).content.decode()
    assert "Asyncio" in said and "The text of this talk is hidden." in said
    for words in ("Loops of one event.", "A subtitle", "A description"):
        assert words not in said


def test_hidden_session_is_on_no_page(client: Client, at: datetime) -> None:
    it = matter()
    hide = KINDS["session"].hide
    assert hide is not None
    hide(it.session, reason="Why", by=it.organiser, at=at)
    assert client.get(f"/e/{it.event.slug}/sessions/{it.session.pk}-{it.session.slug}/").status_code == 404
    assert "Asyncio" not in client.get(f"/e/{it.event.slug}/schedule/").content.decode()


def test_session_without_a_talk_is_nobodys() -> None:
    session = SessionFactory(talk=None, title={"en": "Registration desk"})
    what = KINDS["session"]
    assert what.authors(session) == [] and what.text(session) == "Registration desk"
    assert what.place(session).event_id == session.event_id


def test_links_of_a_person_are_in_the_copy() -> None:
    person: Person = PersonFactory(name="Piet", links=[{"url": "https://bad.example/", "label": "x"}, "odd"])
    assert KINDS["person"].text(person) == "Piet\n\nhttps://bad.example/"
