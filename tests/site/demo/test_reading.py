"""The written content is whole: everybody named is there, every topic is known, texts are typeset."""

from __future__ import annotations

import re

from hallway.programme.schedule.models import Session
from hallway.site.demo import reading
from hallway.site.demo.people import WHO, WITHOUT_ACCOUNT
from hallway.vocabulary.places import find_place
from hallway.vocabulary.topics import load_topics


def test_everybody_named_is_written_down() -> None:
    known = {person.slug for person in reading.people()}
    named = {slug for community in reading.communities() for slug in community.organisers}
    named |= {slug for talks in reading.meetup_talks().values() for talk in talks for slug in talk.speakers}
    named |= {slug for slot in reading.conference() for slug in slot.talk.speakers}
    assert named | set(WHO.values()) | WITHOUT_ACCOUNT <= known
    assert not WITHOUT_ACCOUNT & set(WHO.values())


def test_communities_stand_on_known_topics_and_places_in_four_zones() -> None:
    written = reading.communities()
    assert len(written) == 5
    assert len({community.zone for community in written}) == 4
    for community in written:
        assert set(community.topics) <= set(load_topics())
        assert find_place(community.place, country=community.country)
        assert set(community.tagline) == set(community.description) == {"en", "fr"}


def test_the_conference_has_four_rooms_two_days_and_known_kinds() -> None:
    written = reading.conference()
    assert {slot.day for slot in written} == {1, 2}
    assert {slot.room for slot in written if slot.room} == {"Main hall", "Ballroom", "Committee room", "Long room"}
    assert {slot.kind for slot in written} <= set(Session.Kind.values)
    assert all(slot.talk.title for slot in written)


def test_nobody_speaks_in_two_rooms_at_once() -> None:
    taken: set[tuple[str, int, int]] = set()
    for slot in reading.conference():
        for slug in slot.talk.speakers:
            for minute in range(slot.talk.minutes):
                moment = (slug, slot.day, slot.at.hour * 60 + slot.at.minute + minute)
                assert moment not in taken
                taken.add(moment)


def test_french_texts_keep_their_signs_with_the_word_before() -> None:
    for name in ("communities", "people", "conference", "meetups"):
        text = (reading.CONTENT / f"{name}.csv").read_text(encoding="utf-8")
        assert not re.search(r" [:?!»]", text)
