"""Coming in by a mailed link, signed in, or invited."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.models import Admission, AdmissionAnswer, Registration, RegistrationRequest
from hallway.gathering.attendance.tokens import Right
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.links import token_of
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.factories import AdmissionFactory, PersonFactory, TeamRoleFactory
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db
State = Registration.State
PHONE = Visitor("a-phone")
SIGN_IN = SystemPerson("sign-in")


def ask(admission: Admission, at: datetime, address: str = "Nomsa@Example.org ") -> RegistrationRequest:
    return actions.request_place(admission=admission, address=address, language="fr", by=PHONE, at=at)


def test_request_place_holds_no_seat_and_mails_a_link(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    request = ask(admission, at)
    mail = OutboxMail.objects.get()
    assert (mail.to_address, mail.language) == ("nomsa@example.org", "fr")
    assert token_of(Right.CONFIRM, request.pk, request.nonce) in mail.text
    assert queries.seats_of(admission, at) == queries.Seats(1, 0, 1, 0)
    assert not Person.objects.filter(email="nomsa@example.org").exists()


def test_request_place_again_mails_the_same_link(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    assert ask(admission, at).pk == ask(admission, at + timedelta(hours=1)).pk
    assert OutboxMail.objects.count() == 2
    assert ask(admission, at + timedelta(hours=30)).pk != RegistrationRequest.objects.earliest("pk").pk


def test_request_place_writes_three_mails_a_day_from_the_whole_instance(at: datetime) -> None:
    admissions = [list_of(1, at + timedelta(days=30)) for _one in range(5)]
    for admission in admissions:
        ask(admission, at)
    assert OutboxMail.objects.count() == 3
    ask(admissions[4], at + timedelta(hours=25))
    assert OutboxMail.objects.count() == 4


def test_request_place_of_a_confirmed_address_writes_ten_links_a_day(at: datetime) -> None:
    EmailAddress.objects.create(user=PersonFactory(), email="nomsa@example.org", verified=True)
    admissions = [list_of(1, at + timedelta(days=30)) for _one in range(4)]
    for admission in admissions * 3:
        ask(admission, at)
    assert OutboxMail.objects.count() == 10
    ask(admissions[0], at + timedelta(hours=25))
    assert OutboxMail.objects.count() == 11


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"how": Admission.How.NONE}, "no_registration"),
        ({"opens_at": datetime.fromisoformat("2026-10-09T09:00:00+00:00")}, "not_open_yet"),
        ({"closes_at": datetime.fromisoformat("2026-10-08T08:00:00+00:00")}, "closed"),
    ],
)
def test_request_place_where_registration_is_not_open_says_why(
    fields: dict[str, object], code: str, at: datetime
) -> None:
    with pytest.raises(Refusal, match=code):
        ask(list_of(1, at + timedelta(days=30), **fields), at)
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("state", [Event.State.DRAFT, Event.State.CANCELLED, Event.State.POSTPONED])
def test_request_place_of_what_is_not_on_is_refused(state: str, at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    Event.objects.filter(pk=admission.event_id).update(state=state, starts_at=None, ends_at=None)
    with pytest.raises(Refusal, match="not_on"):
        ask(Admission.objects.select_related("event").get(), at)


def test_register_for_what_an_administrator_hid_is_refused(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    Event.objects.filter(pk=admission.event_id).update(hidden_at=at)
    with pytest.raises(Refusal, match="not_on"):
        come(Admission.objects.select_related("event").get(), at)


def test_register_for_what_a_hidden_community_holds_is_refused(at: datetime) -> None:
    list_of(1, at + timedelta(days=30))
    Community.objects.update(hidden_at=at)
    with pytest.raises(Refusal, match="not_on"):
        come(Admission.objects.select_related("event").get(), at)


def test_request_place_where_one_comes_by_invitation_mails_nobody(at: datetime) -> None:
    with pytest.raises(Refusal, match="invited_only"):
        ask(list_of(1, at + timedelta(days=30), how=Admission.How.INVITATION), at)
    assert not OutboxMail.objects.exists()


def test_request_place_counts_links_to_one_mailbox_whatever_its_tag(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    for address in ("nomsa+1@example.org", "nomsa+2@example.org", "Nomsa@example.org", "nomsa+3@example.org"):
        ask(admission, at, address)
    assert OutboxMail.objects.count() == 3
    ask(admission, at, "nomsamo@example.org")
    ask(admission, at, "nomsa@example.com")
    assert OutboxMail.objects.count() == 5


def test_confirm_request_registers_a_person_without_an_account(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    request = ask(admission, at)
    row = actions.confirm_request(request=request, name="Nomsa Dlamini", by=PHONE, at=at)
    assert (row.state, row.name, row.person.email, row.language) == (
        State.GOING, "Nomsa Dlamini", "nomsa@example.org", "fr",
    )  # fmt: skip
    assert row.person.claimed_at is None
    assert len(row.code) == 6


def test_confirm_request_twice_gives_the_same_registration(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30))
    request = ask(admission, at)
    one = actions.confirm_request(request=request, name="Nomsa", by=PHONE, at=at)
    two = actions.confirm_request(request=request, name="Somebody else", guests=1, by=PHONE, at=at)
    assert (one.pk, two.name, admission.registrations.count()) == (two.pk, "Nomsa", 1)


def test_confirm_request_of_an_old_link_is_refused(at: datetime) -> None:
    request = ask(list_of(1, at + timedelta(days=30)), at)
    with pytest.raises(Refusal, match="link_old"):
        actions.confirm_request(request=request, name="Nomsa", by=PHONE, at=at + timedelta(days=3))
    assert not Registration.objects.exists()


def test_confirm_request_when_full_stands_in_line(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    request = ask(admission, at)
    come(admission, at)
    assert actions.confirm_request(request=request, name="Nomsa", by=PHONE, at=at).state == State.WAITING


def test_register_by_approval_asks_and_holds_no_seat(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), how=Admission.How.APPROVAL)
    row = come(admission, at, message="I make maps")[0]
    assert (row.state, row.message, queries.seats_of(admission, at).taken) == (State.ASKED, "I make maps", 0)


def test_register_by_invitation_only_is_refused_without_one(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), how=Admission.How.INVITATION)
    with pytest.raises(Refusal, match="invited_only"):
        come(admission, at)


def test_register_with_more_guests_than_allowed_is_refused(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=30), guests_most=2)
    with pytest.raises(Refusal, match="guests"):
        come(admission, at, guests=3)
    assert come(admission, at, guests=2)[0].seats == 3


def test_register_online_takes_no_seat_where_one_can(at: datetime) -> None:
    admission = list_of(0, at + timedelta(days=30))
    with pytest.raises(Refusal, match="no_online"):
        come(admission, at, online=True)
    Event.objects.filter(pk=admission.event_id).update(attendance="hybrid")
    row = come(Admission.objects.select_related("event").get(), at, online=True)[0]
    assert (row.state, row.seats) == (State.GOING, 0)


def test_register_for_a_workshop_asks_for_the_event_first(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    workshop = actions.add_workshop(event=admission.event, title={"en": "Soldering"}, capacity=3, by=organiser, at=at)
    with pytest.raises(Refusal, match="event_first"):
        come(workshop, at)
    going = come(admission, at)[0]
    row = actions.register(admission=workshop, person=going.person, by=going.person, at=at)
    assert row.state == State.GOING
    Admission.objects.filter(pk=admission.pk).update(how=Admission.How.NONE)
    assert come(workshop, at)[0].state == State.GOING


def test_register_after_giving_up_stands_at_the_end_of_the_line(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    _going, first, second = come(admission, at, 3)
    actions.give_up_seat(registration=first, by=first.person, at=at)
    back = actions.register(admission=admission, person=first.person, by=first.person, at=at)
    assert back.pk == first.pk
    assert back.code == first.code
    assert queries.standing_of(now_of(second)).ahead == 0
    assert queries.standing_of(now_of(back)).ahead == 1


def test_register_after_being_declined_is_refused(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    row = come(admission, at)[0]
    actions.decline_registration(registration=row, reason="The room is for teachers", by=organiser, at=at)
    with pytest.raises(Refusal, match="declined"):
        actions.register(admission=admission, person=row.person, by=row.person, at=at)


def test_register_of_somebody_who_left_is_refused(at: datetime) -> None:
    person = PersonFactory(left_at=at)
    with pytest.raises(NotAllowed):
        actions.register(admission=AdmissionFactory(), person=person, by=person, at=at)


def test_register_keeps_answers_and_asks_for_those_that_must_be(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    must = actions.add_question(
        admission=admission,
        fields={"text": {"en": "Diet"}, "purpose": {"en": "For the caterer"}, "required": True},
        by=organiser,
        at=at,
    )
    may = actions.add_question(
        admission=admission, fields={"text": {"en": "Shirt"}, "purpose": {"en": "For shirts"}}, by=organiser, at=at
    )
    with pytest.raises(Refusal, match="unanswered") as refused:
        come(admission, at, answers={may.pk: "M"})
    assert refused.value.field == f"question_{must.pk}"
    assert not Registration.objects.exists(), "nothing half stored"
    row = come(admission, at, answers={must.pk: " vegan ", may.pk: "M"})[0]
    assert queries.answers_of([row]) == {row.pk: {must.pk: "vegan", may.pk: "M"}}
    actions.change_registration(registration=row, answers={must.pk: "all"}, by=row.person, at=at)
    assert list(AdmissionAnswer.objects.values_list("text", flat=True)) == ["all"]


def test_change_registration_name_guests_and_who_sees_it(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30), guests_most=3)
    row = come(admission, at)[0]
    changed = actions.change_registration(
        registration=row, name="Nomsa D.", guests=1, shown="everybody", by=row.person, at=at
    )
    assert (changed.name, changed.seats, changed.shown) == ("Nomsa D.", 2, "everybody")
    with pytest.raises(Refusal, match="no_seat_for_guests"):
        actions.change_registration(registration=row, guests=2, by=row.person, at=at)
    waiting = come(admission, at)[0]
    actions.change_registration(registration=row, name=" ", shown="nonsense", guests=1, by=row.person, at=at)
    assert now_of(row).name == "Nomsa D."
    actions.change_registration(registration=row, guests=0, by=row.person, at=at)
    assert now_of(waiting).state == State.OFFERED


def test_change_registration_of_a_waiting_group_keeps_its_place(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), guests_most=3)
    _going, waiting, behind = come(admission, at, 3)
    actions.change_registration(registration=waiting, guests=2, by=waiting.person, at=at)
    assert queries.standing_of(now_of(waiting)).ahead == 0
    assert queries.standing_of(now_of(behind)).ahead == 1


def test_change_registration_of_somebody_else_or_given_up_is_refused(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30))
    row = come(admission, at)[0]
    with pytest.raises(NotAllowed):
        actions.change_registration(registration=row, name="X", by=PersonFactory(), at=at)
    actions.give_up_seat(registration=row, by=row.person, at=at)
    with pytest.raises(Refusal, match="not_alive"):
        actions.change_registration(registration=row, name="X", by=row.person, at=at)


def test_change_registration_of_what_is_over_but_for_who_sees_it_is_refused(at: datetime) -> None:
    row = come(list_of(2, at + timedelta(days=30)), at)[0]
    over = at + timedelta(days=40)
    for said in ({"name": "X"}, {"guests": 1}, {"answers": {}}):
        with pytest.raises(Refusal, match=r"attendance\.over"):
            actions.change_registration(registration=row, by=row.person, at=over, **said)
    changed = actions.change_registration(registration=row, shown="everybody", by=row.person, at=over)
    assert changed.shown == "everybody"


def test_change_registration_that_is_gone_says_so(at: datetime) -> None:
    row = come(list_of(2, at + timedelta(days=30)), at)[0]
    Registration.objects.all().delete()
    with pytest.raises(Refusal, match=r"attendance\.gone"):
        actions.change_registration(registration=row, name="X", by=row.person, at=at)


def test_positions_and_codes_are_never_given_twice(at: datetime) -> None:
    admission = list_of(3, at + timedelta(days=30))
    rows = come(admission, at, 5)
    assert [row.position for row in rows] == [1, 2, 3, 4, 5]
    assert len({row.code for row in rows}) == 5
    assert states(admission) == ["going"] * 3 + ["waiting"] * 2
