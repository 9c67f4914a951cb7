"""The small link beside what people write, and the line for those who decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from hallway.gathering.events.models import EventExclusion, Host
from hallway.kit import panels
from hallway.kit.links import token_of
from hallway.kit.reportable import KINDS
from hallway.moderation import queries
from hallway.moderation.actions import answer_appeal, decide_case, report_thing, take_decision_back
from hallway.moderation.models import Decision
from hallway.moderation.policies import can_decide
from hallway.programme.talks.actions import NewMaterial, add_material, hide_material
from hallway.sharing.feedback.actions import hide_answer
from hallway.sharing.feedback.tokens import Right
from hallway.sharing.questions.models import Case, Question
from hallway.sharing.takeaways.actions import share_takeaway, write_shared_notes
from tests.factories import FloorFactory, PersonFactory, QuestionFactory, TeamRoleFactory
from tests.factories.feedback import CardFactory, FeedbackFactory, MakerFactory
from tests.moderation.matters import HALLWAY, WHY, appealed, case_of, matter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def said(kind: str, thing: Any, reader: Any = None) -> str:
    request = RequestFactory().get("/p/x/")
    request.user = reader
    return "".join(panels.fill("said.more", kind, thing, reader=reader, request=request))


def test_report_stands_beside_a_text_without_a_query(django_assert_num_queries: Any) -> None:
    it, reader = matter(), PersonFactory()
    with django_assert_num_queries(0):
        assert f'href="/report/session/{it.session.pk}/"' in said("session", it.session)
        assert "Block" in said("person", it.speaker, reader)
        assert "Block" not in said("session", it.session, reader), "a session is of several people"
        assert "Block" not in said("person", it.speaker), "the same for everybody without an account"
        assert said("person", it.speaker, it.speaker) == "", "nobody reports themselves"
        assert said("nothing", it.speaker) == said("person", None) == said("person", type(it.speaker)()) == ""


@pytest.mark.parametrize("page", ["/p/{p}/", "/c/{c}/about/", "/e/{e}/"])
def test_pages_have_it(client: Client, page: str) -> None:
    it = matter()
    address = page.format(p=it.speaker.slug, c=it.event.community.slug, e=it.event.slug)
    assert "/report/" in client.get(address).content.decode()
    found = client.get(f"/e/{it.event.slug}/sessions/{it.session.pk}-{it.session.slug}/")
    assert f"/report/session/{it.session.pk}/" in found.content.decode()


def decided(kind: str, thing: Any) -> str:
    request = RequestFactory().get("/q/x/")
    request.user = None
    return "".join(panels.fill("said.decided", kind, thing, reader=None, request=request))


def test_whoever_finds_their_text_again_reads_why_and_where_to_appeal(now: datetime) -> None:
    it = matter()
    case = case_of(it.session, now)
    assert decided("session", it.session) == ""
    decision = decide_case(case=case, hide=True, exclusion="mute", reason=WHY, by=it.organiser, at=now)
    said = decided("session", it.session)
    token = token_of(queries.APPEAL, decision.pk, decision.nonce)
    assert WHY in said and f'href="/appeals/{token}/"' in said and "You read, and write nothing: Savanna Conf." in said
    assert "Naledi" not in said and decided("talk", it.session) == ""
    assert "somebody else looks again" in said
    appeal = appealed(decision, now)
    assert "see where it stands" in decided("session", it.session)
    answer_appeal(appeal=appeal, granted=False, answer="It stays.", by=it.second, at=now)
    assert "read the answer" in decided("session", it.session)
    take_decision_back(decision=decision, by=it.organiser, at=now)
    assert decided("session", it.session) == ""


def test_shared_notes_slides_and_answers_of_makers_can_be_reported(client: Client, now: datetime) -> None:
    it = matter()
    slides = add_material(
        talk=it.session.talk, new=NewMaterial(kind="slides", address="https://bad.example/"), by=HALLWAY, at=now
    )  # fmt: skip
    assert f'href="/report/material/{slides.pk}/"' in client.get(session_page(it.session)).content.decode()
    hide_material(material=slides, by=HALLWAY, at=now)
    assert "https://bad.example/" not in client.get(session_page(it.session)).content.decode()
    group = CardFactory(session=it.session, group__answer="You hold it wrong.", group__answered_at=now).group
    product = f"/products/{group.product.slug}/"
    assert f'href="/report/maker_answer/{group.pk}/"' in client.get(product).content.decode()
    hide_answer(group=group, by=HALLWAY, at=now)
    assert "You hold it wrong." not in client.get(product).content.decode()
    write_shared_notes(session=it.session, text="First", base=0, by=it.organiser, at=now)
    aside = write_shared_notes(session=it.session, text="Beside", base=0, by=PersonFactory(), at=now)
    page = f"/e/{it.event.slug}/sessions/{it.session.pk}/notes/history/{aside.number}/"
    assert aside.is_aside and f'href="/report/shared_notes/{aside.pk}/"' in client.get(page).content.decode()


def test_makers_read_why_their_answer_is_hidden_and_decide_nothing_about_it(client: Client, now: datetime) -> None:
    card = CardFactory(group__answer="You hold it wrong.", group__answered_at=now)
    maker, administrator = MakerFactory(product=card.product), PersonFactory(is_administrator=True)
    case = report_thing(
        what=KINDS["maker_answer"], thing=card.group, trouble="hurtful", by=PersonFactory(), at=now
    ).case  # fmt: skip
    maker.person.is_administrator = True
    maker.person.save()
    assert not can_decide(maker.person, case, now) and can_decide(administrator, case, now)
    decide_case(case=case, hide=True, reason=WHY, by=administrator, at=now)
    desk = f"/makers/{token_of(Right.MAKER, maker.pk, maker.nonce)}/"
    assert shows_why(client.get(desk).content.decode())


def page_for(person: Any, address: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(address).content.decode()


def test_door_to_reports_is_there_for_those_who_decide_also_while_nothing_waits(now: datetime) -> None:
    it, editor = matter(), TeamRoleFactory(role="editor")
    host = TeamRoleFactory().community
    hosting = TeamRoleFactory(community=host).person
    Host.objects.create(event=it.event, community=host, invited_at=now, accepted_at=now)
    TeamRoleFactory(community=it.event.community, person=editor.person, role="editor")
    event_page, community_page = f"/e/{it.event.slug}/", f"/c/{it.event.community.slug}/"
    administrator = PersonFactory(is_administrator=True)
    doors = {
        "/me/": (it.organiser, hosting, administrator), event_page: (it.organiser, hosting, administrator),
        community_page: (it.organiser, administrator),
    }  # fmt: skip
    for address, allowed in doors.items():
        for person in (it.organiser, hosting, administrator, it.speaker, PersonFactory(), editor.person):
            assert ('href="/moderation/"' in page_for(person, address)) is (person in allowed), (address, person)
    assert "nothing waits" in page_for(it.organiser, "/me/")
    case_of(it.session, now, by=it.second)
    for address in doors:
        assert "1 case waits for your decision" in page_for(it.organiser, address)
        assert "waits for your decision" not in page_for(it.second, address), "they reported it"


def hidden_by_the_team(kind: str, thing: Any, now: datetime, *, exclusion: str = "") -> Decision:
    """Somebody reported it, and an organiser of its event hid it."""
    case = report_thing(what=KINDS[kind], thing=thing, trouble="other", by=PersonFactory(), at=now).case
    organiser = TeamRoleFactory(community=case.event.community).person
    return decide_case(case=case, hide=True, exclusion=exclusion, reason=WHY, by=organiser, at=now)


def shows_why(page: str) -> bool:
    return WHY in page and "/appeals/" in page


def test_unnamed_asker_reads_why_their_question_is_hidden(client: Client, now: datetime) -> None:
    floor = FloorFactory(starts_at=now, ends_at=now + timedelta(hours=1))
    client.post(f"/q/{floor.code}/", {"text": "Who are you?"}, headers={"Sec-Fetch-Site": "same-origin"})
    question = Question.objects.get()
    assert "said-decided" not in client.get(f"/q/{floor.code}/mine.json").json()["html"]
    decision = hidden_by_the_team("question", question, now, exclusion="mute")
    assert decision.exclusion == "mute" and not EventExclusion.objects.exists()
    mine = client.get(f"/q/{floor.code}/mine.json").json()["html"]
    assert "Who are you?" in mine and "Hidden" in mine and shows_why(mine) and "You ask nothing more" in mine
    assert f"#question-{question.pk}" not in mine and "/edit/" not in mine
    own = client.get(question.address)
    assert own.status_code == 404 and shows_why(own.content.decode()) and "You asked this" in own.content.decode()
    for other in (Client().get(question.address), Client().get(f"/q/{floor.code}/")):
        assert "Who are you?" not in other.content.decode() and WHY not in other.content.decode()
    take_decision_back(decision=decision, by=decision.by, at=now)
    assert WHY not in client.get(f"/q/{floor.code}/mine.json").json()["html"]
    again = client.post(f"/q/{floor.code}/", {"text": "And now?"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert again.status_code == 302 and Question.objects.filter(hidden_at=None).count() == 2


def test_muted_asker_whose_question_stays_reads_why(client: Client, now: datetime) -> None:
    floor = FloorFactory(starts_at=now, ends_at=now + timedelta(hours=1))
    client.post(f"/q/{floor.code}/", {"text": "Who are you?"}, headers={"Sec-Fetch-Site": "same-origin"})
    case = case_of(Question.objects.get(), now, kind="question")
    organiser = TeamRoleFactory(community=floor.event.community).person
    decide_case(case=case, exclusion="mute", reason=WHY, by=organiser, at=now)
    assert shows_why(client.get(f"/q/{floor.code}/mine.json").json()["html"])


def test_muted_asker_stays_so_until_the_last_decision_is_taken_back(client: Client, now: datetime) -> None:
    floor = FloorFactory(starts_at=now, ends_at=now + timedelta(hours=1))
    organisers = [TeamRoleFactory(community=floor.event.community).person for _one in range(2)]
    decisions = []
    for text, by in zip(("Who are you?", "And you?"), organisers, strict=True):
        client.post(f"/q/{floor.code}/", {"text": text}, headers={"Sec-Fetch-Site": "same-origin"})
        case = case_of(Question.objects.get(text=text), now, kind="question")
        decisions.append((case, by))
    decided = [decide_case(case=case, exclusion="mute", reason=WHY, by=by, at=now) for case, by in decisions]

    def asks_again() -> bool:
        sent = client.post(f"/q/{floor.code}/", {"text": "And now?"}, headers={"Sec-Fetch-Site": "same-origin"})
        return sent.status_code == 302

    take_decision_back(decision=decided[0], by=organisers[1], at=now)
    assert not asks_again(), "the other decision stands"
    take_decision_back(decision=decided[1], by=organisers[0], at=now)
    assert asks_again()


def test_unnamed_writer_of_a_case_reads_why_it_is_hidden(client: Client, now: datetime) -> None:
    question = QuestionFactory(floor=FloorFactory(starts_at=now, ends_at=now + timedelta(hours=1)))
    sent = {"do": "case", "text": "With me too.", "language": "en"}
    client.post(question.address, sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert "With me too." in Client().get(question.address).content.decode()
    hidden_by_the_team("case", Case.objects.get(), now)
    own = client.get(question.address).content.decode()
    assert "With me too." in own and "Moderation hid your case" in own and shows_why(own)
    other = Client().get(question.address).content.decode()
    assert "With me too." not in other and WHY not in other


def test_unnamed_writer_of_a_takeaway_is_led_to_the_reason(client: Client, now: datetime) -> None:
    it, writer = matter(), PersonFactory()
    made = share_takeaway(session=it.session, text="Keep it.", is_named=False, language="en", by=writer, at=now)
    hidden_by_the_team("takeaway", made, now)
    pages = (f"/e/{it.event.slug}/sessions/{it.session.pk}/takeaways/", session_page(it.session))
    client.force_login(writer)
    for page in pages:
        assert f'href="/takeaways/{made.pk}/"' in client.get(page).content.decode()
        assert f'href="/takeaways/{made.pk}/"' not in Client().get(page).content.decode()
    assert shows_why(client.get(f"/takeaways/{made.pk}/").content.decode())


def session_page(session: Any) -> str:
    return f"/e/{session.event.slug}/sessions/{session.pk}-{session.slug}/"


def test_writers_of_cards_and_feedback_read_why_they_are_hidden(client: Client, now: datetime) -> None:
    it, writer = matter(), PersonFactory()
    card = CardFactory(session=it.session, text="It stops.")
    hidden_by_the_team("card", card, now)
    token = token_of(Right.CARD, card.pk, card.nonce)
    assert shows_why(client.get(f"/cards/{token}/").content.decode())
    key = f"person:{writer.pk}"
    said = FeedbackFactory(session=it.session, talk=it.session.talk, writer=writer, writer_key=key)
    hidden_by_the_team("feedback", said, now)
    client.force_login(writer)
    page = client.get(f"/e/{it.event.slug}/sessions/{it.session.pk}/feedback/").content.decode()
    assert shows_why(page) and "Moderation hid what you said" in page
