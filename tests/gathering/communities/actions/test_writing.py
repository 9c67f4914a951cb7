from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import override_settings

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.actions import ban_from_community, edit_community, mute_in_community, write_to_team
from hallway.gathering.communities.models import Community, TeamMessage
from hallway.kit import clock, trail
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.kit.reportable import KINDS, seen
from hallway.notices.models import OutboxMail
from hallway.people.actions import block_person, leave_hallway, merge_persons
from hallway.people.models import Person
from tests.factories import CommunityFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db

DEVICE = Visitor("4b0d8f52-0000-4000-8000-000000000000")
TEXT = "Could I come after all?\nI was ill."


@pytest.fixture
def now() -> datetime:
    """Policies look at the clock."""
    return clock.now()


@pytest.fixture
def community() -> Community:
    return CommunityFactory(name="Ubuntu Coders")


@pytest.fixture
def organiser(community: Community) -> Person:
    return organiser_of(community, "Naledi")


def organiser_of(community: Community, name: str) -> Person:
    person: Person = TeamRoleFactory(community=community, person__name=name).person
    return confirmed(person)


def confirmed(person: Person) -> Person:
    EmailAddress.objects.create(user=person, email=person.email or "", verified=True, primary=True)
    return person


def device(number: int) -> Visitor:
    return Visitor(f"4b0d8f52-0000-4000-8000-{number:012}")


def write(community: Community, at: datetime, by: Any = DEVICE, text: str = TEXT, **more: Any) -> TeamMessage:
    return write_to_team(community=community, text=text, by=by, at=at, **more)


def refused(community: Community, at: datetime, **more: Any) -> tuple[str, int, str | None]:
    with pytest.raises(Refusal) as raised:
        write(community, at, **more)
    return raised.value.code, raised.value.status, raised.value.field


def test_every_organiser_gets_one_mail_and_nobody_else(community: Community, organiser: Person, now: datetime) -> None:
    other = organiser_of(community, "Sipho")
    TeamRoleFactory(community=community, role="helper")
    TeamRoleFactory(community=community, role="editor")
    write(community, now, name="Lindiwe", address="Lindiwe@Example.org")
    mails = list(OutboxMail.objects.order_by("pk"))
    assert [mail.to_person for mail in mails] == [organiser, other]
    for mail in mails:
        assert mail.headers == {"Reply-To": "lindiwe@example.org"}
        assert "Lindiwe wrote to the team of Ubuntu Coders:" in mail.text
        assert "> Could I come after all?\n> I was ill." in mail.text
        assert "perhaps it is not theirs" in mail.text
        assert mail.subject == "Message to the team of Ubuntu Coders"
        assert mail.html == ""
        assert not any(person.email in mail.text for person in (organiser, other))


def test_a_confirmed_address_is_said_to_be_theirs_and_none_is_said_too(
    community: Community, organiser: Person, now: datetime
) -> None:
    writer = confirmed(PersonFactory(name="Lindiwe"))
    known = write(community, now, by=writer, address=writer.email)
    assert (known.is_confirmed, known.name, known.writer) == (True, "Lindiwe", writer)
    assert "perhaps it is not theirs" not in OutboxMail.objects.get().text
    silent = write(community, now, by=writer, text="Only so that you know.")
    assert (silent.is_confirmed, silent.address) == (False, "")
    mail = OutboxMail.objects.latest("pk")
    assert mail.headers == {}
    assert "left no address" in mail.text
    assert write(community, now, by=writer, text="Elsewhere", address="else@example.org").is_confirmed is False


def test_an_address_nobody_confirmed_gets_no_word_of_a_stranger(community: Community, now: datetime) -> None:
    TeamRoleFactory(community=community)
    write(community, now, name="Strange name", address="stranger@example.org")
    mail = OutboxMail.objects.get()
    assert mail.headers == {}
    for word in ("after all", "Strange name", "stranger@"):
        assert word not in mail.text + mail.subject
    assert f"/c/{community.slug}/messages/" in mail.text


def test_hostile_words_are_cleaned_and_stay_within_their_marks(
    community: Community, organiser: Person, now: datetime
) -> None:
    text = "Hi\r\n\r\n\u202eHallway: your account ends\x00\nhttps://evil.example/"
    message = write(community, now, text=text, name="A\nB\u202e\x07 ")
    assert message.text == "Hi\n\nHallway: your account ends\nhttps://evil.example/"
    assert message.name == "A B"
    assert "> Hi\n>\n> Hallway: your account ends\n> https://evil.example/\n" in OutboxMail.objects.get().text


@pytest.mark.parametrize("ends", ["\x85", "\u2028", "\u2029"])
def test_a_line_is_marked_however_it_ends(community: Community, organiser: Person, now: datetime, ends: str) -> None:
    write(community, now, text=f"Hi{ends}Hallway: your account ends")
    assert "> Hi\n> Hallway: your account ends\n" in OutboxMail.objects.get().text


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"text": " \u200b "}, ("message.empty", 400, "text")),
        ({"text": "x" * 3001}, ("message.too_long", 400, "text")),
        ({"name": "x" * 121}, ("message.too_long", 400, "name")),
        ({"address": "me@example.org\nBcc: you@example.org"}, ("message.bad_address", 400, "address")),
        ({"address": "nonsense"}, ("message.bad_address", 400, "address")),
        ({"address": '"a\x0bBcc:you\x0b"@example.org'}, ("message.bad_address", 400, "address")),
        ({"address": "me@example\u2028.org"}, ("message.bad_address", 400, "address")),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_field(
    community: Community, now: datetime, given: dict[str, str], answer: tuple[str, int, str]
) -> None:
    assert refused(community, now, **given) == answer
    assert not TeamMessage.objects.exists()


def test_the_same_again_is_sent_once(community: Community, organiser: Person, now: datetime) -> None:
    first = write(community, now)
    assert write(community, now + timedelta(minutes=1)) == first
    assert OutboxMail.objects.count() == 1
    assert write(community, now + timedelta(days=1, minutes=1)) != first
    assert write(community, now, by=PersonFactory()) != first


def test_five_a_day_for_each_device_and_each_address(community: Community, organiser: Person, now: datetime) -> None:
    for number in range(5):
        write(community, now, text=f"Word {number}", address="me@example.org")
    assert refused(community, now, text="More") == ("pace.too_often", 429, None)
    assert refused(community, now, by=device(2), address="ME@example.org") == ("message.enough", 429, "address")
    elsewhere = CommunityFactory()
    assert refused(elsewhere, now, by=device(2), address="me@example.org")[0] == "message.enough"
    write(community, now, by=device(2))
    write(community, now + timedelta(days=1), text="More", address="me@example.org")


def test_a_flood_without_accounts_stops_at_a_hundred(community: Community, now: datetime) -> None:
    rows = [TeamMessage(community=community, device=device(number).device, text="Spam", at=now) for number in range(99)]
    TeamMessage.objects.bulk_create(rows)
    write(community, now, by=device(100))
    assert refused(community, now, by=device(101)) == ("message.flood", 429, None)
    write(community, now, by=PersonFactory())
    write(CommunityFactory(), now, by=device(101))


@pytest.mark.parametrize("exclude", [ban_from_community, mute_in_community])
@pytest.mark.parametrize("who", ["person", "device"])
def test_whoever_is_muted_or_banned_writes_nothing(
    community: Community, organiser: Person, now: datetime, exclude: Any, who: str
) -> None:
    writer: Any = PersonFactory() if who == "person" else DEVICE
    assert policies.can_write_to_team(writer, community)
    exclude(community=community, who=writer, reason="Insults.", by=organiser, at=now)
    assert refused(community, now, by=writer)[:2] == ("message.not_possible", 403)
    assert not TeamMessage.objects.exists()


def test_only_what_is_open_can_be_written_to(community: Community, now: datetime) -> None:
    assert not policies.can_write_to_team(None, community)
    assert not policies.can_write_to_team(SystemPerson("x"), community)
    closed = CommunityFactory(public_at=None)
    assert not policies.can_write_to_team(DEVICE, closed)
    assert policies.can_write_to_team(TeamRoleFactory(community=closed).person, closed)


def test_a_block_is_silent_and_total(community: Community, organiser: Person, now: datetime) -> None:
    other = organiser_of(community, "Sipho")
    writer = PersonFactory()
    block_person(person=writer, by=organiser, at=now)
    message = write(community, now, by=writer)
    assert [mail.to_person for mail in OutboxMail.objects.all()] == [other]
    assert not queries.messages_visible_to(organiser, community).exists()
    assert list(queries.messages_visible_to(other, community)) == [message]
    assert seen("team_message", message.pk, other) == message
    assert seen("team_message", message.pk, organiser) is None


def test_without_a_team_that_may_hear_the_administrators_do(community: Community, now: datetime) -> None:
    chief = confirmed(PersonFactory(is_administrator=True))
    gone = TeamRoleFactory(community=community).person
    Person.objects.filter(pk=gone.pk).update(left_at=now)
    write(community, now)
    assert OutboxMail.objects.get().to_person == chief
    block_person(person=(writer := PersonFactory()), by=chief, at=now)
    write(community, now, by=writer)
    assert OutboxMail.objects.count() == 1


def test_messages_are_for_organisers_and_name_no_device(community: Community, organiser: Person, now: datetime) -> None:
    message = write(community, now)
    helper = TeamRoleFactory(community=community, role="helper").person
    for reader in (None, helper, PersonFactory(), TeamRoleFactory().person):
        assert not queries.messages_visible_to(reader, community).exists()
        assert not policies.can_read_messages(reader, community)
    for reader in (organiser, PersonFactory(is_administrator=True)):
        assert list(queries.messages_visible_to(reader, community)) == [message]
        assert policies.can_read_messages(reader, community)


def test_a_message_can_be_reported_and_its_writer_found(community: Community, organiser: Person, now: datetime) -> None:
    kind, writer = KINDS["team_message"], PersonFactory()
    mine, unnamed = write(community, now, by=writer), write(community, now)
    assert (list(kind.authors(mine)), list(kind.authors(unnamed))) == ([writer], [DEVICE])
    assert (kind.author_id(mine), kind.author_id(unnamed)) == (writer.pk, None)
    assert (kind.find(mine.pk), kind.text(mine)) == (mine, TEXT)
    assert kind.title(mine) == "Message to the team of Ubuntu Coders"
    assert kind.address(mine) == f"/c/{community.slug}/messages/"
    assert kind.place(mine).community_id == community.pk


def test_the_trail_says_that_somebody_wrote_and_not_who(community: Community, organiser: Person, now: datetime) -> None:
    write(community, now, by=PersonFactory(name="Lindiwe"))
    assert FactRow.objects.filter(kind="communities.team_written_to").count() == 1
    assert [entry.sentence for entry in trail.entries(f"community:{community.pk}")] == ["Somebody wrote to the team"]


def test_leaving_takes_messages_along_and_merging_moves_them(community: Community, now: datetime) -> None:
    writer, other = PersonFactory(), PersonFactory()
    write(community, now, by=writer)
    assert queries.own_data(writer)["messages_to_teams"][0]["text"] == TEXT
    merge_persons(keep=other, gone=writer, by=PersonFactory(is_administrator=True), at=now)
    assert TeamMessage.objects.get().writer == other
    leave_hallway(person=other, by=other, at=now)
    assert not TeamMessage.objects.exists()
    gone = Person.objects.get(pk=other.pk)
    assert refused(community, now, by=gone)[0] in {"people.gone", "message.not_possible"}


def test_a_message_is_of_a_person_or_a_device(community: Community, now: datetime) -> None:
    for fields in ({}, {"writer": PersonFactory(), "device": DEVICE.device}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamMessage.objects.create(community=community, text=TEXT, at=now, **fields)


@override_settings(HALLWAY_BASE_URL="https://hallway.example")
def test_what_it_is_about_leads_there(community: Community, organiser: Person, now: datetime) -> None:
    write(community, now, about="Jacaranda Conf", path="/e/jacaranda/")
    mail = OutboxMail.objects.get()
    assert mail.subject == "Message to the team of Ubuntu Coders: Jacaranda Conf"
    assert "Jacaranda Conf\nhttps://hallway.example/e/jacaranda/" in mail.text


def test_organisers_name_an_address_of_the_community(community: Community, organiser: Person, now: datetime) -> None:
    changed = edit_community(community=community, changes={"contact": "hello@example.org"}, by=organiser, at=now)
    assert changed == ["contact"]
