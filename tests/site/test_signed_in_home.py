"""Your hallway: what comes next, what changed, what a community one runs needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hallway.gathering.communities.models import TeamRole
from hallway.gathering.events.actions import cancel_event, postpone_event
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.people.models import Person
from hallway.programme.schedule.actions import release_schedule
from hallway.sharing.questions.actions import answer_question, offer_help
from hallway.site import signed_in_home
from tests.factories import (
    CommunityFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    SessionFactory,
    SlotFactory,
    SpeakingFactory,
    TeamRoleFactory,
)
from tests.sharing.questions.evening_before import make_stage, topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return clock.now()


def organiser_of(community: Any) -> Person:
    role: TeamRole = TeamRoleFactory(community=community)
    return role.person


def upcoming(now: datetime, **fields: Any) -> Event:
    starts = now + timedelta(days=5)
    return EventFactory(starts_at=starts, ends_at=starts + timedelta(hours=2), **fields)


def test_next_for_you_are_events_of_communities_one_is_in(now: datetime) -> None:
    membership = MembershipFactory()
    mine = upcoming(now, community=membership.community)
    upcoming(now)
    upcoming(now, community=membership.community, state=Event.State.DRAFT, public_at=None)
    assert [event.pk for event in signed_in_home.of(membership.person, now)["coming"]] == [mine.pk]


def test_you_speak_shows_slots_to_come(now: datetime) -> None:
    slot = SlotFactory(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    speaking = SpeakingFactory(talk=slot.session.talk)
    SlotFactory(session=slot.session, starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    assert [found.pk for found in signed_in_home.of(speaking.person, now)["speaking"]] == [slot.pk]


def test_what_changed_tells_the_newest_thing_of_each_event(now: datetime) -> None:
    membership = MembershipFactory()
    organiser = organiser_of(membership.community)
    moved = upcoming(now, community=membership.community, title={"en": "Evening"})
    postpone_event(event=moved, starts_at=None, reason={"en": "Rain"}, by=organiser, at=now)
    dated = upcoming(now, community=membership.community, title={"en": "Morning"})
    SlotFactory(
        session=SessionFactory(event=dated, public_at=None), starts_at=now, public_starts_at=None, public_ends_at=None,
        public_room=None, public_at=None, ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    release_schedule(event=dated, by=organiser, at=now)
    off = upcoming(now, community=membership.community, title={"en": "Night"})
    cancel_event(event=off, reason={"en": "Rain"}, by=organiser, at=now)
    upcoming(now, community=membership.community)
    sentences = {change.sentence for change in signed_in_home.of(membership.person, now)["changes"]}
    assert sentences == {
        "Evening is postponed. Its new date is not settled yet.",
        "The programme of Morning is public.",
        "Night does not take place.",
    }


def test_what_changed_forgets_after_a_month(now: datetime) -> None:
    membership = MembershipFactory()
    event = upcoming(now, community=membership.community)
    cancel_event(event=event, reason={}, by=organiser_of(event.community), at=now - timedelta(days=31))
    assert signed_in_home.of(membership.person, now)["changes"] == []


@pytest.mark.parametrize(
    ("fields", "said", "label"),
    [
        (None, "No date is set", "Set a date"),
        ({"state": Event.State.DRAFT, "public_at": None}, "is still a draft", "Open the draft"),
        ({}, "has no programme yet", "Write the programme"),
        ({"state": Event.State.POSTPONED, "starts_at": None, "ends_at": None}, "has no date yet", "Settle the date"),
        ({"starts_at": -1}, "is on now", "Open the programme"),
    ],
)
def test_each_community_one_runs_says_its_next_step(
    now: datetime, fields: dict[str, Any] | None, said: str, label: str
) -> None:
    community = CommunityFactory()
    person = organiser_of(community)
    if fields is not None:
        if fields.get("starts_at") == -1:
            fields = {"starts_at": now - timedelta(hours=1)}
        EventFactory(
            **{
                "starts_at": now + timedelta(days=3),
                "ends_at": now + timedelta(days=4),
                "community": community,
                **fields,
            }
        )
    [step] = signed_in_home.of(person, now)["steps"]
    assert said in step.words
    assert step.label == label


def test_a_community_nobody_sees_yet_is_to_be_published(now: datetime) -> None:
    community = CommunityFactory(public_at=None)
    [step] = signed_in_home.of(organiser_of(community), now)["steps"]
    assert "Only the team sees it" in step.words


def test_helpers_get_no_steps(now: datetime) -> None:
    role = TeamRoleFactory(role=TeamRole.Role.HELPER)
    assert signed_in_home.of(role.person, now)["steps"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_your_hallway_asks_the_same_few_queries(
    client: Client, now: datetime, count: int, django_assert_num_queries: Any
) -> None:
    person = PersonFactory()
    for _number in range(count):
        community = CommunityFactory()
        MembershipFactory(community=community, person=person)
        TeamRoleFactory(community=community, person=person)
        upcoming(now, community=community)
    with django_assert_num_queries(19):
        context = signed_in_home.of(person, now)
        assert len(context["steps"]) == count


def test_your_hallway_speaks_french(client: Client, now: datetime) -> None:
    membership = MembershipFactory()
    client.force_login(membership.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Votre couloir" in client.get("/?lang=fr").content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_organiser_finds_everything_they_run_on_the_first_page(client: Client, now: datetime, language: str) -> None:
    community = CommunityFactory()
    event = upcoming(now, community=community)
    client.force_login(organiser_of(community))
    page = client.get("/", HTTP_ACCEPT_LANGUAGE=language).content.decode()
    for address in (
        f"/c/{community.slug}/events/new/", f"/c/{community.slug}/import/", f"/c/{community.slug}/team/",
        f"/c/{community.slug}/series/", f"/e/{event.slug}/edit/programme/",
    ):  # fmt: skip
        assert f'href="{address}"' in page, address
        assert client.get(address).status_code == 200


def test_editor_finds_the_programme_and_nothing_they_may_not_do(client: Client, now: datetime) -> None:
    role = TeamRoleFactory(role=TeamRole.Role.EDITOR)
    event = upcoming(now, community=role.community)
    client.force_login(role.person)
    page = client.get("/").content.decode()
    assert f'href="/e/{event.slug}/edit/programme/"' in page
    for part in ("events/new/", "import/", "team/"):
        assert f"/c/{role.community.slug}/{part}" not in page


@pytest.mark.parametrize("communities", [1, 3])
def test_account_page_lists_what_one_runs_and_follows(
    client: Client, communities: int, django_assert_num_queries: Any
) -> None:
    person = PersonFactory()
    roles = [TeamRoleFactory(person=person) for _ in range(communities)]
    followed = [MembershipFactory(person=person, kind="follower").community for _ in range(communities)]
    MembershipFactory(person=person, community=roles[0].community)
    client.force_login(person)
    client.get("/me/")
    with django_assert_num_queries(22):
        page = client.get("/me/").content.decode()
    for role in roles:
        assert f'href="/c/{role.community.slug}/"' in page
    for community in followed:
        assert f'href="/c/{community.slug}/membership/"' in page
    assert page.count("You follow") == communities
    assert "You are organiser" in page
    assert "You are a member" not in page


def test_what_changed_names_answers_and_marks_what_is_new_since_the_last_look(client: Client, now: datetime) -> None:
    stage = make_stage(now)
    client.force_login(stage.asker, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Nothing yet. Answers to what you ask" in client.get("/").content.decode()
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        answer_question(question=stage.question, text="Yes.", language="en", by=stage.speaker, at=clock.now())
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        page = client.get("/").content.decode()
        assert "Peter Odongo answered your question: Is there a recording?" in page
        assert f'href="{stage.question.address}#answer-' in page
        assert '<span class="badge">new</span>' in page
        assert '<span class="badge">new</span>' in client.get("/").content.decode(), "the same look"
    with time_machine.travel(now + timedelta(hours=4), tick=False):
        page = client.get("/").content.decode()
        assert "Peter Odongo answered your question" in page
        assert '<span class="badge">new</span>' not in page


def test_questions_one_could_answer_stand_on_the_first_page_with_the_reason(client: Client, now: datetime) -> None:
    stage, person = make_stage(now), PersonFactory()
    assert stage.floor.session.talk is not None
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/").content.decode()
    assert "Open questions come here on topics of your talks" in page
    assert 'href="/me/help/"' in page
    stage.floor.session.talk.topics.add(topic())
    offer_help(topics=[topic()], by=person, at=now)
    page = client.get("/").content.decode()
    assert "Because you can help with Radio." in page
    assert f'href="{stage.question.address}#answering"' in page
