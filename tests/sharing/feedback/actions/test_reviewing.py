from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from hallway.sharing.feedback import queries
from hallway.sharing.feedback.actions import give_feedback, refuse_feedback, release_feedback, remind_reviewers
from hallway.sharing.feedback.models import Feedback
from tests.factories import EventFactory, PersonFactory, SpeakingFactory, TeamRoleFactory
from tests.factories.feedback import FeedbackFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db
HALLWAY = SystemPerson("notices")


def held(room: Room, **fields: object) -> Feedback:
    made: Feedback = FeedbackFactory(session=room.session, **fields)
    return made


def release(room: Room, by: Person, at: datetime, *texts: Feedback) -> tuple[list[Feedback], int]:
    return release_feedback(event=room.session.event, as_read=[(one.pk, one.revision) for one in texts], by=by, at=at)


def test_release_lets_the_speaker_read_it_once(room: Room, at: datetime) -> None:
    one, other = held(room), held(room)
    assert not queries.given_to(room.speaker).exists()
    done, again = release(room, room.organiser, at, one, other)
    assert ([row.pk for row in done], again) == ([one.pk, other.pk], 0)
    assert release(room, room.organiser, at + timedelta(hours=1), one, other) == ([], 0)
    row = Feedback.objects.get(pk=one.pk)
    assert (row.state, row.decided_by, row.released_at, row.decided_at) == ("released", room.organiser, at, at)
    assert queries.given_to(room.speaker).count() == 2
    fact = FactRow.objects.get(kind="feedback.feedback_released")
    assert fact.payload["count"] == 2


def test_release_leaves_what_was_changed_since_it_was_read(room: Room, at: datetime) -> None:
    writer = PersonFactory()
    kind = give_feedback(session=room.session, text="Kind.", by=writer, at=at)
    read = (kind.pk, kind.revision)
    give_feedback(session=room.session, text="Hurtful.", by=writer, at=at)
    assert release_feedback(event=room.session.event, as_read=[read], by=room.organiser, at=at) == ([], 1)
    assert Feedback.objects.get().state == "held"
    with pytest.raises(Refusal) as caught:
        refuse_feedback(feedback=kind, revision=read[1], reason="No", by=room.organiser, at=at)
    assert caught.value.code == "feedback.changed"


def test_release_of_another_event_does_nothing(room: Room, at: datetime) -> None:
    elsewhere = FeedbackFactory()
    assert release(room, room.organiser, at, elsewhere) == ([], 0)
    assert release_feedback(event=room.session.event, as_read=[(0, 0)], by=room.organiser, at=at) == ([], 0)


def test_only_the_team_decides(room: Room, at: datetime) -> None:
    one = held(room)
    stranger = PersonFactory()
    helper = TeamRoleFactory(community=room.session.event.community, role="helper").person
    for by in (stranger, helper, room.speaker):
        with pytest.raises(Refusal) as caught:
            release(room, by, at, one)
        assert caught.value.code == "feedback.not_team"
        with pytest.raises(Refusal):
            refuse_feedback(feedback=one, revision=1, reason="No", by=by, at=at)
    assert Feedback.objects.get().state == "held"


@pytest.mark.parametrize("role", ["organiser", "editor", "administrator"])
def test_a_speaker_of_the_team_neither_reads_nor_decides_about_their_own_talk(
    role: str, room: Room, at: datetime
) -> None:
    one = held(room)
    if role == "administrator":
        room.speaker.is_administrator = True
        room.speaker.save()
    else:
        TeamRoleFactory(community=room.session.event.community, person=room.speaker, role=role)
    assert not queries.to_review(room.speaker, room.session.event).exists()
    with pytest.raises(Refusal):
        release(room, room.speaker, at, one)
    with pytest.raises(Refusal):
        refuse_feedback(feedback=one, revision=1, reason="No", by=room.speaker, at=at)
    assert Feedback.objects.get().state == "held"


def test_nobody_decides_about_their_own_words(room: Room, at: datetime) -> None:
    one = held(room, writer=room.organiser)
    assert not queries.to_review(room.organiser, room.session.event).exists()
    with pytest.raises(Refusal):
        release(room, room.organiser, at, one)


def test_refuse_says_why_and_the_writer_tries_again(room: Room, at: datetime) -> None:
    writer = PersonFactory()
    one = give_feedback(session=room.session, text="Idiot.", by=writer, at=at)
    with pytest.raises(Refusal) as caught:
        refuse_feedback(feedback=one, revision=1, reason="", by=room.organiser, at=at)
    assert (caught.value.code, caught.value.field) == ("feedback.no_reason", "reason")
    refuse_feedback(feedback=one, revision=1, reason="No insults", by=room.organiser, at=at)
    refuse_feedback(feedback=one, revision=1, reason="No insults", by=room.organiser, at=at)
    row = Feedback.objects.get()
    assert (row.state, row.reason, row.decided_by) == ("refused", "No insults", room.organiser)
    assert FactRow.objects.filter(kind="feedback.feedback_refused").count() == 1
    assert release(room, room.organiser, at, one) == ([], 0)
    give_feedback(session=room.session, text="Too fast for me.", by=writer, at=at)
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by) == ("held", "", None)


def test_refuse_is_told_once_to_a_writer_with_an_account(room: Room, at: datetime, visitor: Visitor) -> None:
    writer = PersonFactory()
    one = give_feedback(session=room.session, text="Idiot.", by=writer, at=at)
    other = give_feedback(session=room.session, text="Idiot.", by=visitor, at=at)
    for row in (one, one, other):
        refuse_feedback(feedback=row, revision=1, reason="No insults, please", by=room.organiser, at=at)
    mail = OutboxMail.objects.get()
    page = f"/e/{room.session.event.slug}/sessions/{room.session.pk}/feedback/"
    assert mail.to_person == writer and page in mail.text
    # Refused on 8 October in Johannesburg: two weeks more.
    assert "No insults, please" in mail.text and "22 October 2026" in mail.text and "Idiot" not in mail.text
    give_feedback(session=room.session, text="Still an idiot.", by=writer, at=at)
    refuse_feedback(feedback=one, revision=2, reason="Again: no insults", by=room.organiser, at=at)
    assert OutboxMail.objects.count() == 2


def test_refuse_is_not_mailed_to_who_left(room: Room, at: datetime) -> None:
    one = held(room)
    Person.objects.filter(pk=one.writer_id).update(left_at=at)
    refuse_feedback(feedback=held(room, writer=None), revision=1, reason="No", by=room.organiser, at=at)
    refuse_feedback(feedback=Feedback.objects.get(pk=one.pk), revision=1, reason="No", by=room.organiser, at=at)
    assert not OutboxMail.objects.exists()


def test_refuse_comes_too_late_once_it_is_through(room: Room, at: datetime) -> None:
    one = held(room)
    release(room, room.organiser, at, one)
    with pytest.raises(Refusal) as caught:
        refuse_feedback(feedback=one, revision=1, reason="No", by=room.organiser, at=at)
    assert caught.value.code == "feedback.released"


def test_refuse_words_alone_makes_no_sense(room: Room, at: datetime) -> None:
    one = held(room, text="", state="words")
    with pytest.raises(Refusal) as caught:
        refuse_feedback(feedback=one, revision=1, reason="No", by=room.organiser, at=at)
    assert caught.value.code == "feedback.changed"


def test_administrator_may_decide_and_is_named(room: Room, at: datetime) -> None:
    administrator = PersonFactory(is_administrator=True)
    one, other = held(room), held(room)
    release(room, administrator, at, one)
    refuse_feedback(feedback=other, revision=1, reason="No", by=administrator, at=at)
    assert set(Feedback.objects.values_list("decided_by", flat=True)) == {administrator.pk}


def test_remind_writes_to_who_can_decide_once_a_day(room: Room, at: datetime) -> None:
    event = room.session.event
    TeamRoleFactory(community=event.community, person=room.speaker)
    TeamRoleFactory(community=event.community, role="helper")
    editor = TeamRoleFactory(community=event.community, role="editor").person
    PersonFactory(is_administrator=True)
    held(room), held(room, writer=editor)
    assert remind_reviewers(event=event, by=HALLWAY, at=at) == 2
    assert remind_reviewers(event=event, by=HALLWAY, at=at + timedelta(hours=1)) == 0
    mails = {mail.to_person: mail for mail in OutboxMail.objects.all()}
    assert set(mails) == {room.organiser, editor}
    assert "2 texts" in mails[room.organiser].text and "1 text " in mails[editor].text
    assert f"/e/{event.slug}/feedback/" in mails[editor].text
    assert remind_reviewers(event=event, by=HALLWAY, at=at + timedelta(days=1)) == 2


def test_remind_administrators_where_the_whole_team_speaks(room: Room, at: datetime) -> None:
    SpeakingFactory(talk=room.session.talk, person=room.organiser)
    administrator = PersonFactory(is_administrator=True)
    other = PersonFactory(is_administrator=True)
    SpeakingFactory(talk=room.session.talk, person=other)
    held(room)
    assert remind_reviewers(event=room.session.event, by=HALLWAY, at=at) == 1
    assert OutboxMail.objects.get().to_person == administrator


def test_remind_an_administrator_of_the_team_once(room: Room, at: datetime) -> None:
    boss = TeamRoleFactory(community=room.session.event.community, person=PersonFactory(is_administrator=True)).person
    SpeakingFactory(talk=room.session.talk, person=room.organiser)
    held(room, writer=boss)
    assert remind_reviewers(event=room.session.event, by=HALLWAY, at=at) == 0
    held(room)
    assert remind_reviewers(event=room.session.event, by=HALLWAY, at=at) == 1
    assert OutboxMail.objects.get().to_person == boss


def test_remind_hosts_too_and_only_hallway_does(room: Room, at: datetime) -> None:
    event = room.session.event
    guest = TeamRoleFactory()
    event.hosts.create(community=guest.community, invited_at=at, accepted_at=at)
    held(room)
    with pytest.raises(Refusal):
        remind_reviewers(event=event, by=room.organiser, at=at)
    assert remind_reviewers(event=event, by=HALLWAY, at=at) == 2
    assert remind_reviewers(event=EventFactory(), by=HALLWAY, at=at) == 0


def test_who_takes_themselves_out_of_the_talk_decides_no_more_than_before(room: Room, at: datetime) -> None:
    TeamRoleFactory(community=room.session.event.community, person=room.speaker)
    one = give_feedback(session=room.session, text="Honest.", by=PersonFactory(), at=at)
    talk = room.session.talk
    assert talk is not None
    talk.speakings.all().delete()
    assert not queries.to_review(room.speaker, room.session.event).exists()
    with pytest.raises(Refusal):
        release(room, room.speaker, at, one)
    release(room, room.organiser, at, one)
