"""How people register: settings, questions and invitations, from the team's pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils.translation import override

from hallway.gathering.attendance.models import (
    Admission,
    AdmissionAnswer,
    AdmissionInvitation,
    AdmissionQuestion,
    Registration,
)
from hallway.gathering.events.models import Event
from hallway.notices.models import OutboxMail
from tests.factories import AdmissionFactory, EventFactory, RegistrationFactory
from tests.gathering.attendance.desk import Desk, desk
from tests.gathering.attendance.line import come

pytestmark = pytest.mark.django_db
SETTINGS = {
    "how": "approval", "reason.en": "We look for tram drivers", "rule": "first_timers", "guests_most": "2",
    "opens_on": "2026-10-10", "opens_time": "09:00", "closes_on": "2026-11-06", "closes_time": "18:30", "extra": "3",
    "ask_days": "14; 3", "must_answer": "on", "offer_hours": "12", "first_come_hours": "5",
}  # fmt: skip

OWN = {"do": "add", "text.en": "Which group?", "purpose.en": "To make groups", "kind": "text", "kept_days": "7"}


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def team(at: datetime) -> Desk:
    return desk(at)


def settings_of(team: Desk) -> Admission:
    team.admission.refresh_from_db()
    return team.admission


def test_settings_are_saved_on_the_events_clock(team: Desk) -> None:
    assert team.said("settings/", **SETTINGS) == "Saved."
    row = settings_of(team)
    assert (row.how, row.reason, row.rule, row.guests_most) == (
        "approval", {"en": "We look for tram drivers"}, "first_timers", 2,
    )  # fmt: skip
    assert row.opens_at == datetime(2026, 10, 10, 7, 0, tzinfo=UTC), "Johannesburg is two hours ahead"
    assert row.closes_at == datetime(2026, 11, 6, 16, 30, tzinfo=UTC)
    assert (row.extra, row.ask_days, row.must_answer, row.offer_hours, row.first_come_hours) == (
        3,
        [14, 3],
        True,
        12,
        5,
    )
    page = team.page("settings/")
    assert 'value="09:00"' in page
    assert 'value="14, 3"' in page


@pytest.mark.parametrize(
    ("changes", "words", "fold"),
    [
        ({"ask_days": "7, 99"}, "Give up to three numbers of days from 1 to 30.", "“Still coming?”"),
        ({"ask_days": "a"}, "Give up to three numbers of days from 1 to 30.", "“Still coming?”"),
        ({"ask_days": "1 2 3 4"}, "Give up to three numbers of days from 1 to 30.", "“Still coming?”"),
        ({"opens_time": ""}, "Give both the day and the time, or neither.", "When people can register"),
        ({"closes_on": ""}, "Give both the day and the time, or neither.", "When people can register"),
        ({"closes_on": "1815-06-18"}, "Choose a year between 1970 and 2199.", "When people can register"),
        ({"closes_on": "soon"}, "Enter a valid date.", "When people can register"),
        ({"closes_on": "2026-10-09"}, "Registration would close before it opens.", "When people can register"),
        ({"offer_hours": "0"}, "greater than or equal to 1", "How long an offered seat is kept"),
        ({"extra": "-1"}, "greater than or equal to 0", "Some never come"),
    ],
)
def test_settings_that_cannot_be_come_back_with_their_fold_open(
    team: Desk, changes: dict[str, str], words: str, fold: str
) -> None:
    response = team.post("settings/", **{**SETTINGS, **changes})
    page = " ".join(response.content.decode().split())
    assert (response.status_code, words in page) == (200, True)
    before = page[: page.index(f"<summary>{fold}")]
    assert before.endswith('<details class="fold" open>')
    assert settings_of(team).how == "open"


def test_settings_saved_again_leave_a_registration_closed_to_the_second(team: Desk, at: datetime) -> None:
    closed = at - timedelta(seconds=17)
    Admission.objects.update(closes_at=closed)
    shown = {"closes_on": "2026-10-08", "closes_time": "10:59"}
    assert team.said("settings/", **{**SETTINGS, "opens_on": "", "opens_time": "", **shown}) == "Saved."
    assert settings_of(team).closes_at == closed


def test_settings_say_how_many_closed_events_are_missing_for_advice(team: Desk) -> None:
    assert "After 8 more events with a door list in use" in team.page("settings/")
    workshop = AdmissionFactory(event=team.event, is_event=False)
    assert "with a door list in use" not in team.page("settings/", list=workshop.pk), "events say nothing of workshops"


def closed_event(team: Desk, began: datetime, going: int, came: int) -> Admission:
    event = EventFactory(community=team.event.community, starts_at=began, ends_at=began + timedelta(hours=3))
    admission = AdmissionFactory(event=event)
    rows = RegistrationFactory.create_batch(going, admission=admission)
    for row in rows[:came]:
        row.check_ins.create(
            uid=f"00000000-0000-0000-0000-{row.pk:012}", admission=admission, kind="came", how="list", done_at=began,
            received_at=began,
        )  # fmt: skip
    return admission


def test_settings_advise_after_eight_closed_events(team: Desk, at: datetime) -> None:
    for number in range(7):
        closed_event(team, at - timedelta(days=30 * (number + 1)), 12, 8)
    assert "After 1 more event with a door list in use" in team.page("settings/")
    closed_event(team, at - timedelta(days=300), 12, 8)
    page = team.page("settings/")
    assert "Of those who say they come, 67 % do (60–74 %), as 8 events show." in page
    assert "1 more seat would fill the room; in one evening out of twenty somebody stands." in page
    Admission.objects.update(capacity=None)
    assert "Once the event has a number of seats" in team.page("settings/")


def test_advice_where_everybody_always_came_is_none(team: Desk, at: datetime) -> None:
    for number in range(8):
        closed_event(team, at - timedelta(days=30 * (number + 1)), 5, 5)
    assert "We advise no seats beyond the chairs." in team.page("settings/")


@pytest.mark.parametrize("kind", ["diet", "access", "photo"])
def test_ready_questions_are_added_in_one_tap_in_both_languages(team: Desk, kind: str) -> None:
    said = team.said("questions/", ready=kind)
    assert said.startswith("The question is added.")
    question = AdmissionQuestion.objects.get()
    assert (question.kind, set(question.text), set(question.purpose)) == (kind, {"en", "fr"}, {"en", "fr"})
    assert question.text["en"] != question.text["fr"]
    assert 0 < question.kept_days <= 90
    assert f'value="{kind}"' not in team.page("questions/"), "once is enough"


def test_own_question_is_added_with_purpose_and_time(team: Desk) -> None:
    fields = {
        "do": "add", "text.en": "Which group?", "purpose.en": "To make groups", "kind": "choice",
        "choices": "Trams\n\nBuses \nTrams", "kept_days": "30", "required": "on",
    }  # fmt: skip
    assert team.said("questions/", **fields).startswith("The question is added.")
    question = AdmissionQuestion.objects.get()
    assert (question.kind, question.choices, question.kept_days, question.required) == (
        "choice", ["Trams", "Buses"], 30, True,
    )  # fmt: skip
    page = team.page("questions/")
    assert "Which group?" in page
    assert "kept for 30 days after the event" in page


def test_choices_of_a_line_of_text_are_dropped(team: Desk) -> None:
    fields = {
        "do": "add",
        "text.en": "Why?",
        "purpose.en": "To know",
        "kind": "text",
        "choices": "a\nb",
        "kept_days": "7",
    }
    team.said("questions/", **fields)
    assert AdmissionQuestion.objects.get().choices == []


def test_question_that_cannot_be_comes_back_open(team: Desk) -> None:
    fields = {
        "do": "add",
        "text.en": "Which group?",
        "purpose.en": "x",
        "kind": "choice",
        "choices": "",
        "kept_days": "7",
    }
    page = team.post("questions/", **fields).content.decode()
    assert "Give at least two choices, one on each line." in page
    assert '<details class="fold" open>' in page
    assert (
        "Write this in at least one language."
        in team.post("questions/", **{**fields, "purpose.en": ""}).content.decode()
    )
    assert not AdmissionQuestion.objects.exists()
    assert team.post("questions/").status_code == 200, "a button nobody made adds nothing"


def test_sixth_question_is_refused(team: Desk) -> None:
    for _one in range(5):
        team.question()
    assert "That is five already." in team.page("questions/")
    assert team.post("questions/", ready="diet").status_code == 409
    assert b"Five questions are enough." in team.post("questions/", **OWN).content
    assert AdmissionQuestion.objects.count() == 5


def test_questions_cost_the_same_for_one_and_three(team: Desk, django_assert_num_queries: Any) -> None:
    for number in (1, 2):
        for _one in range(number):
            team.question()
        with django_assert_num_queries(7):
            team.page("questions/")


def test_question_is_changed_and_says_who_answered_it(team: Desk) -> None:
    question = team.question()
    AdmissionAnswer.objects.create(registration=team.person("Lwazi"), question=question, text="Trams")
    address = f"questions/{question.pk}/"
    assert "1 person has answered it as it stands." in team.page(address)
    fields = {"text.en": "What do you run?", "purpose.en": "To seat you well", "kind": "text", "kept_days": "9"}
    assert team.said(address, **fields) == "Saved."
    question.refresh_from_db()
    assert (question.text, question.kept_days) == ({"en": "What do you run?"}, 9)
    assert "Say what the answer is for" not in team.page(address)
    assert b"Write this in at least one language." in team.post(address, **{**fields, "text.en": ""}).content
    assert b"Give at least two choices" in team.post(address, **{**fields, "kind": "choice", "choices": "one"}).content


def test_ready_question_keeps_its_kind_when_its_words_change(team: Desk) -> None:
    team.said("questions/", ready="diet")
    question = AdmissionQuestion.objects.get()
    page = team.page(f"questions/{question.pk}/")
    assert 'name="kind"' not in page
    team.said(f"questions/{question.pk}/", **{"text.en": "No nuts?", "purpose.en": "Kitchen", "kept_days": "3"})
    question.refresh_from_db()
    assert (question.kind, question.kept_days) == ("diet", 3)


def test_removing_a_question_says_that_answers_go_too(team: Desk) -> None:
    question = team.question()
    AdmissionAnswer.objects.create(registration=team.person("Lwazi"), question=question, text="Trams")
    assert "1 answer goes with it, for good." in team.page(f"questions/{question.pk}/")
    assert team.said(f"questions/{question.pk}/", do="remove") == "The question is gone, and every answer to it."
    assert not AdmissionAnswer.objects.exists()


def test_question_and_invitation_of_another_event_are_not_found(team: Desk) -> None:
    other = AdmissionFactory()
    question = AdmissionQuestion.objects.create(admission=other, text={"en": "x"}, purpose={"en": "x"})
    invitation = AdmissionInvitation.objects.create(
        admission=other, address="a@example.org", nonce="x", created_at=other.created_at
    )
    assert team.get(f"questions/{question.pk}/").status_code == 404
    assert team.post(f"questions/{question.pk}/", do="remove").status_code == 404
    assert team.post(f"invitations/{invitation.pk}/withdraw/").status_code == 404
    assert AdmissionQuestion.objects.exists()


def test_invitations_say_what_became_of_each_address(team: Desk, at: datetime) -> None:
    team.post("invitations/", addresses="old@example.org")
    response = team.post(
        "invitations/", addresses="Lwazi@Example.org\nnot an\nold@example.org, lwazi@example.org;<zola@example.org>"
    )
    results = [(one.address, one.outcome) for one in response.context["results"]]
    assert results == [
        ("lwazi@example.org", "invited"), ("not", "refused"), ("an", "refused"), ("old@example.org", "there"),
        ("zola@example.org", "invited"),
    ]  # fmt: skip
    page = " ".join(response.content.decode().split())
    assert "This is not an e-mail address. Correct it." in page
    assert "was invited before; no second mail" in page
    assert ">not an</textarea>" in page.replace("> not", ">not"), "what has to be corrected stands in the box again"
    assert AdmissionInvitation.objects.count() == 3
    assert OutboxMail.objects.count() == 3


def test_invitation_refused_for_one_leaves_the_others(team: Desk, at: datetime) -> None:
    for _one in range(3):
        OutboxMail.objects.create(to_address="full@example.org", subject="x", text="x", created_at=at, due_at=at)
    response = team.post("invitations/", addresses="full@example.org\nlwazi@example.org")
    assert [one.outcome for one in response.context["results"]] == ["refused", "invited"]
    assert b"Try again tomorrow." in response.content


def test_fifty_one_addresses_are_too_many(team: Desk) -> None:
    response = team.post("invitations/", addresses="\n".join(f"a{number}@example.org" for number in range(51)))
    assert b"Invite 50 addresses at most at a time." in response.content
    assert not AdmissionInvitation.objects.exists()


def test_invitations_show_who_came_of_them_and_are_taken_back(team: Desk, at: datetime) -> None:
    for address in ("lwazi", "zola", "mpho"):
        team.post("invitations/", addresses=f"{address}@example.org")
    row = team.person("Lwazi Dube")
    AdmissionInvitation.objects.filter(address="lwazi@example.org").update(registration=row)
    zola = AdmissionInvitation.objects.get(address="zola@example.org")
    assert team.said(f"invitations/{zola.pk}/withdraw/").startswith("The invitation is taken back.")
    page = team.page("invitations/")
    assert all(words in page for words in ("Lwazi Dube", "taken back", "no answer yet"))
    assert page.count("Take back") == 1
    used = AdmissionInvitation.objects.get(address="lwazi@example.org")
    assert team.post(f"invitations/{used.pk}/withdraw/").status_code == 409
    assert team.get(f"invitations/{used.pk}/withdraw/").status_code == 302


def test_invitations_cost_the_same_for_one_and_three(team: Desk, at: datetime, django_assert_num_queries: Any) -> None:
    for number in (1, 2):
        for one in range(number):
            row = come(team.admission, at)[0]
            AdmissionInvitation.objects.create(
                admission=team.admission, address=f"a{number}{one}@example.org", nonce="x", created_at=at,
                registration=row,
            )  # fmt: skip
        with django_assert_num_queries(8):
            team.page("invitations/")


@pytest.mark.parametrize("how", Admission.How.values)
def test_invitations_say_what_they_are_for(team: Desk, how: str) -> None:
    Admission.objects.update(how=how)
    words = {
        "open": "Everybody can register", "approval": "without waiting for a yes", "invitation": "Only those invited",
        "none": "would lead nowhere",
    }  # fmt: skip
    assert words[how] in team.page("invitations/")


def test_pages_speak_french(team: Desk) -> None:
    team.person("Lwazi", Registration.State.ASKED)
    with override("fr"):
        for part in ("", "settings/", "questions/", "invitations/", "lists/", "after/", "seats/"):
            page = team.page(part, lang="fr")
            assert "<h1>Inscriptions</h1>" in page
    assert Event.objects.count() == 1
