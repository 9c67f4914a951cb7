from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.programme.talks import policies
from hallway.programme.talks.actions import (
    NewTalk,
    edit_talk,
    publish_talks,
    remove_talks,
    set_speakers,
    share_talk,
    share_talks_in_bulk,
    withdraw_talk,
    write_talk,
    write_talks_in_bulk,
)
from hallway.programme.talks.models import Talk
from hallway.programme.talks.queries import visible_to
from hallway.vocabulary.models import Topic
from tests.factories import EventFactory, PersonFactory, SpeakingFactory, TalkFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("importer")


def test_write_talk_keeps_everything(at: datetime) -> None:
    author, other = PersonFactory(), PersonFactory()
    topic = Topic.objects.create(slug="asyncio-x", name_en="Asyncio", name_fr="Asyncio")
    talk = write_talk(
        title={"en": "Asyncio"}, subtitle={"en": "s"}, abstract={"en": "a"}, description={"fr": "d"},
        languages=["en"], language_raw="English", level="advanced", tags=["x"], links=[{"url": "https://e.org"}],
        topics=[topic, topic], speakers=[other, author, other], by=author, at=at,
    )  # fmt: skip
    talk.refresh_from_db()
    assert list(talk.speakings.values_list("person_id", flat=True)) == [other.pk, author.pk]
    assert list(talk.topics.all()) == [topic]
    assert (talk.public_at, talk.written_by, talk.created_at) == (None, author.actor_key, at)
    assert not visible_to(None).exists()
    assert visible_to(author).get() == visible_to(other).get() == talk
    assert not visible_to(PersonFactory()).exists()
    assert visible_to(PersonFactory(is_administrator=True)).exists()


def test_write_talk_refused_without_title_and_to_visitors(at: datetime) -> None:
    with pytest.raises(Refusal, match=r"talk\.no_title"):
        write_talk(title={"en": ""}, by=SYSTEM, at=at)
    with pytest.raises(NotAllowed, match=r"talk\.cannot_write"):
        write_talk(title={"en": "x"}, by=Visitor("d"), at=at)
    assert not Talk.objects.exists()


def test_write_talks_in_bulk_announces_once(at: datetime) -> None:
    made = write_talks_in_bulk(talks=[NewTalk(title={"en": str(n)}, public=True) for n in range(3)], by=SYSTEM, at=at)
    assert [talk.title["en"] for talk in made] == ["0", "1", "2"]
    assert visible_to(None).count() == 3
    assert FactRow.objects.filter(kind="talks.talks_written").count() == 1
    assert write_talks_in_bulk(talks=[], by=SYSTEM, at=at) == []


def test_edit_talk_changes_only_what_changed(at: datetime) -> None:
    talk = SpeakingFactory().talk
    speaker = talk.speakers.get()
    topic = Topic.objects.create(slug="asyncio-x", name_en="Asyncio", name_fr="Asyncio")
    edit_talk(talk=talk, changes={"title": talk.title, "topics": []}, by=speaker, at=at)
    assert not FactRow.objects.filter(kind="talks.talk_changed").exists()
    edit_talk(talk=talk, changes={"title": {"fr": "Nouveau"}, "topics": [topic]}, by=speaker, at=at)
    talk.refresh_from_db()
    assert talk.title == {"fr": "Nouveau"}
    assert FactRow.objects.get(kind="talks.talk_changed").payload["fields"] == ["title", "topics"]
    with pytest.raises(Refusal, match=r"talk\.no_title"):
        edit_talk(talk=talk, changes={"title": {}}, by=speaker, at=at)
    with pytest.raises(ValueError, match="public_at"):
        edit_talk(talk=talk, changes={"public_at": at}, by=speaker, at=at)


def test_edit_talk_refused_to_strangers(at: datetime) -> None:
    talk = TalkFactory()
    for by in (PersonFactory(), Visitor("d")):
        with pytest.raises(NotAllowed, match=r"talk\.cannot_edit"):
            edit_talk(talk=talk, changes={"title": {"en": "Mine"}}, by=by, at=at)
    edit_talk(talk=talk, changes={"title": {"en": "Put right"}}, by=PersonFactory(is_administrator=True), at=at)


def test_set_speakers_once_in_order(at: datetime) -> None:
    talk, first, second = TalkFactory(), PersonFactory(), PersonFactory()
    for _ in range(2):
        set_speakers(talk=talk, people=[second, first, second], by=SYSTEM, at=at)
    assert list(talk.speakings.values_list("person_id", flat=True)) == [second.pk, first.pk]
    assert FactRow.objects.filter(kind="talks.speakers_set").count() == 1


def test_share_talk_lets_the_team_correct_it(at: datetime) -> None:
    talk, event = TalkFactory(public_at=None), EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    helper = TeamRoleFactory(community=event.community, role="helper").person
    assert not policies.can_edit_talk(editor, talk)
    for _ in range(2):
        share_talk(talk=talk, event=event, by=SYSTEM, at=at)
    assert policies.can_edit_talk(editor, talk)
    assert policies.can_view_talk(editor, talk)
    assert not policies.can_edit_talk(helper, talk)
    assert FactRow.objects.filter(kind="talks.talk_shared").count() == 1
    with pytest.raises(NotAllowed):
        share_talk(talk=TalkFactory(), event=event, by=editor, at=at)


def test_share_talks_in_bulk_leaves_talks_of_others_alone(at: datetime) -> None:
    event = EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    own, other = write_talk(title={"en": "x"}, by=editor, at=at), TalkFactory()
    share_talks_in_bulk(talks=[own, other], event=event, by=editor, at=at)
    assert list(event.talk_grants.values_list("talk_id", flat=True)) == [own.pk]
    with pytest.raises(NotAllowed):
        share_talks_in_bulk(talks=[own], event=event, by=PersonFactory(), at=at)


def test_publish_talks_returns_only_new_ones(at: datetime) -> None:
    hidden, public = TalkFactory(public_at=None), TalkFactory()
    assert publish_talks(talk_ids=[hidden.pk, public.pk], by=SYSTEM, at=at) == [hidden.pk]
    assert publish_talks(talk_ids=[], by=SYSTEM, at=at) == []


def test_withdraw_talk_erases_texts_and_keeps_the_title(at: datetime) -> None:
    talk = SpeakingFactory(talk__links=[{"url": "https://example.org"}]).talk
    speaker = talk.speakers.get()
    for _ in range(2):
        withdraw_talk(talk=talk, by=speaker, at=at)
    talk.refresh_from_db()
    assert (talk.abstract, talk.links, talk.withdrawn_at) == ({}, [], at)
    assert talk.title
    assert FactRow.objects.filter(kind="talks.talk_withdrawn").count() == 1


def test_withdraw_talk_refused_to_the_team_of_a_speaker_with_an_account(at: datetime) -> None:
    event = EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    talk = write_talk(title={"en": "x"}, speakers=[PersonFactory()], by=editor, at=at)
    for by in (editor, Visitor("d")):
        with pytest.raises(NotAllowed, match=r"talk\.cannot_withdraw"):
            withdraw_talk(talk=talk, by=by, at=at)
    set_speakers(talk=talk, people=[PersonFactory(claimed_at=None)], by=editor, at=at)
    withdraw_talk(talk=talk, by=editor, at=at)
    withdraw_talk(talk=TalkFactory(), by=SYSTEM, at=at)


def test_remove_talks_takes_them_out_altogether(at: datetime) -> None:
    talk = SpeakingFactory().talk
    with pytest.raises(NotAllowed):
        remove_talks(talks=[talk], by=PersonFactory(), at=at)
    remove_talks(talks=[talk], by=SYSTEM, at=at)
    remove_talks(talks=[], by=SYSTEM, at=at)
    assert not Talk.objects.exists()
    assert FactRow.objects.filter(kind="talks.talks_removed").count() == 1


def test_edit_talk_with_the_topics_it_has_announces_nothing(at: datetime) -> None:
    talk, topic = TalkFactory(), Topic.objects.order_by("pk")[0]
    for _ in range(2):
        edit_talk(talk=talk, changes={"topics": [topic]}, by=SYSTEM, at=at)
    assert FactRow.objects.filter(kind="talks.talk_changed").count() == 1
