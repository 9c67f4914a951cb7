"""What happens to questions when people leave, are merged or renamed, and when something is reported."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hallway.gathering.events import actions as events
from hallway.gathering.events.models import EventExclusion
from hallway.kit.models import Revision
from hallway.kit.reportable import KINDS, seen
from hallway.kit.sweeps import deliver_facts
from hallway.kit.visitors import new_visitor
from hallway.moderation.actions import decide_case, report_thing
from hallway.moderation.actions.deciding import measures_of
from hallway.moderation.policies import can_decide
from hallway.notices.models import OutboxMail
from hallway.people.actions import block_person, change_profile, leave_hallway, merge_persons
from hallway.people.models import Person
from hallway.sharing.questions import actions, policies, queries
from hallway.sharing.questions.models import (
    Answer,
    Case,
    Digest,
    Floor,
    Follow,
    Mark,
    MutedAsker,
    Question,
    Rendezvous,
    RendezvousJoin,
    Vote,
)
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.receivers import people_asked
from hallway.sharing.questions.tokens import trace_of, traces_of
from tests.factories import AnswerFactory, FloorFactory, PersonFactory, QuestionFactory, SessionFactory
from tests.sharing.questions.scene import Scene, a_scene, counted, now_of, refusal

pytestmark = pytest.mark.django_db
State = Question.State


def ask(scene: Scene, by: Any, at: datetime, text: str = "Why?", **named: Any) -> Question:
    return actions.ask_question(floor=scene.floor, text=text, language="en", by=by, at=at, **named)


def revision_of(scene: Scene) -> int | None:
    """Of the pages that show what is asked on a floor."""
    return Revision.objects.filter(key=f"floor:{scene.floor.pk}").values_list("seq", flat=True).first()


def do_everything(scene: Scene, person: Person, at: datetime) -> None:
    """Questions, a case, a vote, marks, an answer, a meeting, a digest, the floor in hand; named and unnamed."""
    ask(scene, person, at, "Unnamed?", tell=True)
    ask(scene, person, at, "Named?", named=True, tell=True)
    others = [QuestionFactory(floor=scene.floor) for _one in range(3)]
    actions.vote_for(question=others[0], by=person, at=at)
    for row, named in ((others[1], True), (others[2], False)):
        actions.tell_case(question=row, text="Mine", language="en", named=named, by=person, at=at)
    actions.mark_answer(answer=AnswerFactory(question=others[0]), kind="helped", by=person, at=at)
    actions.answer_question(question=others[1], text="So.", language="en", by=person, at=at)
    actions.propose_rendezvous(question=others[0], place="Bar", starts_at=at + timedelta(hours=1), by=person, at=at)
    Digest.objects.create(floor=scene.floor, person=person, day=1, open_count=1, at=at)


def test_leaving_takes_all_texts_and_keeps_what_is_counted(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory(name="Zanele")
    do_everything(scene, person, at)
    before = (counted(scene.floor), Vote.objects.count(), Mark.objects.count(), Case.objects.count())
    leave_hallway(person=person, by=person, at=at)
    assert (counted(scene.floor), Vote.objects.count(), Mark.objects.count(), Case.objects.count()) == before
    gone = Question.objects.filter(erased_at=at)
    assert {(row.text, row.name, row.asker) for row in gone} == {("", "", None)}
    assert (gone.count(), gone.values("asker_key").distinct().count()) == (2, 2), "none leads to the other"
    assert set(Case.objects.values_list("text", "name", "author")) == {("", "", None)}
    assert list(Answer.objects.filter(erased_at=at).values_list("text", "author")) == [("", None)]
    assert not Follow.objects.exists()
    assert not RendezvousJoin.objects.exists()
    assert not Digest.objects.exists()
    keys = [*Question.objects.values_list("asker_key", flat=True), *Vote.objects.values_list("voter_key", flat=True)]
    assert not set(keys) & set(traces_of(person))
    assert queries.own_data(person) == {}


def test_leaving_takes_what_waits_from_the_queue_and_what_is_on_from_the_stage(at: datetime) -> None:
    scene, person = a_scene(queue=True), PersonFactory()
    waits, stage = ask(scene, person, at), ask(scene, person, at, "On?")
    actions.take_question(question=stage, by=scene.helper, at=at)
    actions.mute_asker(question=stage, by=scene.helper, at=at)
    actions.hand_over_floor(floor=scene.floor, person=scene.helper, by=scene.helper, at=at)
    leave_hallway(person=person, by=person, at=at)
    assert (now_of(waits).state, now_of(stage).on_stage_at, MutedAsker.objects.count()) == (State.WITHDRAWN, None, 0)
    leave_hallway(person=scene.helper, by=scene.helper, at=at)
    floor = Floor.objects.get(pk=scene.floor.pk)
    assert (floor.moderator, floor.moderator_name) == (None, "")


def test_leaving_leaves_open_what_others_can_no_longer_answer(at: datetime) -> None:
    scene, person = a_scene(starts_at=at - timedelta(days=9), ends_at=at - timedelta(days=8)), PersonFactory()
    ask(scene, person, at)
    leave_hallway(person=person, by=person, at=at)
    assert counted(scene.floor) == (0, 0, 1, 0)
    assert queries.digests_due(at, most=9) == [], "nobody is written of an empty question"
    again = FloorFactory(session=SessionFactory(talk=scene.floor.session.talk)).session
    shown = queries.floor_shown(again, None, at)
    assert shown is not None
    assert shown.elsewhere == []
    assert queries.similar("Why?", scene.floor, None) == []


def test_merging_two_entries_folds_what_both_did(at: datetime) -> None:
    scene, keep, gone = a_scene(), PersonFactory(name="Zanele"), PersonFactory(name="Z")
    both = QuestionFactory(floor=scene.floor)
    answer = AnswerFactory(question=both)
    for person, named in ((keep, True), (gone, False)):
        actions.tell_case(question=both, text=f"Case of {person.name}", language="en", named=named, by=person, at=at)
        actions.follow_question(question=both, language="en", by=person, at=at)
        for kind in ("helped", "tried"):
            actions.mark_answer(answer=answer, kind=kind, by=person, at=at)
    only = QuestionFactory(floor=scene.floor)
    actions.follow_question(question=only, language="en", by=gone, at=at)
    actions.mute_asker(question=(rude := ask(scene, gone, at, "Rude?")), by=scene.helper, at=at)
    actions.vote_for(question=rude, by=keep, at=at)
    named = ask(scene, PersonFactory(), at, "Other?", named=True)
    Question.objects.filter(pk=named.pk).update(asker=gone, asker_key=trace_of(gone, named=True), name="Z")
    administrator = PersonFactory(is_administrator=True)
    before = revision_of(scene)
    merge_persons(keep=keep, gone=gone, by=administrator, at=at)
    assert revision_of(scene) != before, "another name stands there"
    assert (now_of(both).votes, Vote.objects.filter(question=both).count(), both.cases.count()) == (1, 1, 1)
    assert both.cases.get().author == keep
    answer.refresh_from_db()
    assert (answer.helped, answer.tried, answer.marks.count()) == (1, 1, 2)
    assert (now_of(rude).votes, policies.is_muted(scene.floor, keep)) == (0, True), "one's own vote counts nothing"
    assert (now_of(named).asker, now_of(named).name) == (keep, "Zanele")
    assert policies.can_change_question(keep, now_of(named))
    follows = queries.follows_of(keep)
    assert sorted(follow.question_id for follow in follows) == sorted((both.pk, only.pk))
    assert [queries.recipient_of(follow)[0] for follow in follows] == [keep, keep]
    assert Follow.objects.count() == 2
    assert queries.own_data(gone) == {}


def test_merged_person_stays_muted_until_each_decision_about_either_is_taken_back(scene: Scene, at: datetime) -> None:
    keep, gone, only = PersonFactory(), PersonFactory(), PersonFactory()
    for person, again in ((keep, "of whoever stays"), (gone, "of the other")):
        row = ask(scene, person, at, again)
        actions.mute_asker(question=row, cause=f"conduct-{row.pk}", by=scene.helper, at=at)
    actions.unmute_asker(question=Question.objects.get(text="of whoever stays"), by=scene.helper, at=at)
    actions.mute_asker(question=ask(scene, only, at, "Alone?"), by=scene.helper, at=at)
    for person in (gone, only):
        merge_persons(keep=keep, gone=person, by=PersonFactory(is_administrator=True), at=at)
    assert policies.is_muted(scene.floor, keep)
    assert MutedAsker.objects.get().causes.count() == 2
    row = Question.objects.get(text="of the other")
    actions.take_back_mute(question=row, cause=f"conduct-{row.pk}", by=scene.helper, at=at)
    assert policies.is_muted(scene.floor, keep)
    actions.take_back_mute(question=Question.objects.get(text="Alone?"), by=scene.helper, at=at)
    assert not policies.is_muted(scene.floor, keep)


def test_merging_keeps_which_digests_either_had(at: datetime) -> None:
    scene, keep, gone = a_scene(), PersonFactory(), PersonFactory()
    for person, round_, day in ((keep, 0, 1), (gone, 0, 1), (gone, 0, 7), (gone, 1, 1)):
        Digest.objects.create(floor=scene.floor, person=person, round=round_, day=day, open_count=1, at=at)
    merge_persons(keep=keep, gone=gone, by=PersonFactory(is_administrator=True), at=at)
    assert sorted(Digest.objects.values_list("person", "round", "day")) == [
        (keep.pk, 0, 1), (keep.pk, 0, 7), (keep.pk, 1, 1)
    ]  # fmt: skip


def test_merging_takes_marks_of_ones_own_answers(at: datetime) -> None:
    scene, keep, gone = a_scene(), PersonFactory(), PersonFactory()
    answer = AnswerFactory(question__floor=scene.floor, author=gone)
    actions.mark_answer(answer=answer, kind="helped", by=keep, at=at)
    actions.mark_answer(answer=answer, kind="helped", by=new_visitor(), at=at)
    actions.hand_over_floor(floor=scene.floor, person=scene.helper, by=scene.helper, at=at)
    merge_persons(keep=keep, gone=gone, by=PersonFactory(is_administrator=True), at=at)
    answer.refresh_from_db()
    assert (answer.author, answer.helped) == (keep, 1)


def test_names_follow_a_profile_that_changed(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory(name="Z")
    row = ask(scene, person, at, named=True)
    case = actions.tell_case(
        question=QuestionFactory(floor=scene.floor), text="Mine", language="en", named=True, by=person, at=at
    )
    actions.hand_over_floor(floor=scene.floor, person=scene.helper, by=scene.helper, at=at)
    before = revision_of(scene)
    for one, name in ((person, "Zanele"), (scene.helper, "Piet")):
        change_profile(person=one, changes={"name": name}, by=one, at=at)
    case.refresh_from_db()
    assert (now_of(row).name, case.name) == ("Zanele", "Zanele")
    assert Floor.objects.get(pk=scene.floor.pk).moderator_name == "Piet"
    assert revision_of(scene) != before


def test_answers_are_told_later_and_again_only_when_they_are_back_unheard(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = ask(scene, person, at, tell=True)
    answer = actions.answer_question(question=row, text="So.", language="en", by=scene.speaker, at=at)
    actions.hide_said(said=answer, by=scene.helper, at=at)
    deliver_facts()
    assert not OutboxMail.objects.filter(dedupe_key__startswith="questions-told").exists()
    for _twice in range(2):
        actions.show_said(said=answer, by=scene.helper, at=at)
        actions.hide_said(said=answer, by=scene.helper, at=at)
        actions.show_said(said=answer, by=scene.helper, at=at)
        deliver_facts()
    assert OutboxMail.objects.filter(dedupe_key__startswith="questions-told").count() == 1


def test_event_with_questions_is_not_taken_back_as_if_nobody_had_asked(at: datetime) -> None:
    scene = a_scene()
    named = {"event": scene.floor.event, "by": scene.organiser, "at": at - timedelta(days=2)}
    withdrawn = ask(scene, device := new_visitor(), at)
    actions.withdraw_question(question=withdrawn, by=device, at=at)
    assert people_asked(scene.floor.event) == ""
    for number in (1, 2):
        ask(scene, new_visitor(), at)
        assert people_asked(scene.floor.event).startswith(f"{number} question")
    assert refusal(events.unpublish_event, **named) != ""


def test_reportable_texts_name_who_gave_their_name_and_nobody_else(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory(name="Zanele")
    unnamed, named = ask(scene, person, at), ask(scene, person, at, "Named?", named=True)
    case = actions.tell_case(question=named, text="Mine", language="en", by=new_visitor(), at=at)
    answer = actions.answer_question(question=named, text="So.", language="en", by=scene.speaker, at=at)
    meeting = actions.propose_rendezvous(
        question=named, place="Bar", starts_at=at + timedelta(hours=1), by=person, at=at
    )
    said = {"question": (named, [person]), "case": (case, []), "answer": (answer, [scene.speaker]),
            "rendezvous": (meeting, [person])}  # fmt: skip
    for kind, (thing, authors) in said.items():
        known = KINDS[kind]
        assert known.find(thing.pk) == thing
        assert known.find(0) is None
        assert (known.authors(thing), known.place(thing).event_id) == (authors, scene.floor.event_id)
        assert known.address(thing) == f"/q/{scene.floor.code}/{named.pk}/"
        assert known.title(thing)
        assert known.text(thing) in {"Named?", "Mine", "So.", "Bar"}
        assert known.can_view(None, thing)
        assert known.hide is not None
        assert known.show is not None
        known.hide(thing, reason="Rude.", by=scene.helper, at=at)
        assert not known.can_view(None, thing)
        known.show(thing, by=scene.helper, at=at)
        assert known.can_view(scene.helper, thing)
    assert KINDS["question"].authors(unnamed) == []
    assert KINDS["question"].mute is not None
    KINDS["question"].mute(unnamed, cause="conduct-1", reason="Rude.", by=PersonFactory(is_administrator=True), at=at)
    assert policies.is_muted(scene.floor, person)


def test_times_on_pages_are_old_once_floors_are_settled(at: datetime) -> None:
    scene = a_scene()
    before = revision_of(scene)
    Floor.objects.filter(pk=scene.floor.pk).update(starts_at=at + timedelta(days=99))
    events.edit_event(event=scene.floor.event, changes={"seats": 9}, by=scene.organiser, at=at)
    assert revision_of(scene) != before
    assert QUESTIONS.name == "questions"


@pytest.fixture
def scene() -> Scene:
    return a_scene()


@pytest.fixture
def writer() -> Person:
    return PersonFactory(name="Piet")


def said_on(scene: Scene, writer: Person | None, at: datetime) -> dict[str, Any]:
    """One of each, written by the same person, or without a name."""
    named = {"asker": writer, "name": writer.name if writer else ""}
    question = QuestionFactory(floor=scene.floor, text="Why **this**?", **named)
    about = {"question": question}
    return {
        "question": question,
        "answer": Answer.objects.create(text="Since so.", language="en", author=writer, written_at=at, **about),
        "case": Case.objects.create(
            text="With me too.", language="en", author=writer, author_key="x", told_at=at, **about
        ),
        "rendezvous": Rendezvous.objects.create(
            place="At the door", starts_at=at + timedelta(hours=1), proposed_by=writer, proposed_at=at, **about
        ),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["question", "answer", "case", "rendezvous"])
def test_named_text_is_reported_hidden_and_its_writer_muted(
    kind: str, scene: Scene, writer: Person, at: datetime, client: Client
) -> None:
    thing, what = said_on(scene, writer, at)[kind], KINDS[kind]
    assert seen(kind, thing.pk, None) == thing
    assert what.title(thing) and what.text(thing) and what.author_id(thing) == writer.pk
    assert client.get(what.address(thing)).status_code == 200
    case = report_thing(what=what, thing=thing, trouble="hurtful", by=PersonFactory(), at=at).case
    assert case.event == scene.floor.event and list(case.subjects.all()) == [writer]
    decide_case(case=case, hide=True, exclusion="mute", reason="Why", by=scene.organiser, at=at)
    assert seen(kind, thing.pk, None) is None and what.is_hidden(what.find(thing.pk))
    assert EventExclusion.objects.get().person == writer
    assert what.show is not None
    what.show(what.find(thing.pk), by=scene.organiser, at=at)
    assert seen(kind, thing.pk, None) is not None


def test_report_of_a_question_keeps_the_line_of_what_was_said_too(scene: Scene, at: datetime) -> None:
    question = said_on(scene, None, at)["question"]
    type(question).objects.filter(pk=question.pk).update(text="Who?", said="Somebody, they said.")
    made = report_thing(what=KINDS["question"], thing=question, trouble="other", by=PersonFactory(), at=at)
    assert made.text == "Who?\n\nSomebody, they said."


def test_blocked_reader_does_not_see_it(scene: Scene, writer: Person, at: datetime) -> None:
    reader = PersonFactory()
    block_person(person=reader, by=writer, at=at)
    for kind, thing in said_on(scene, writer, at).items():
        assert seen(kind, thing.pk, reader) is None and seen(kind, thing.pk, None) is not None


def test_unnamed_question_is_muted_without_anybody_learning_whose_it_is(scene: Scene, at: datetime) -> None:
    question = said_on(scene, None, at)["question"]
    case = report_thing(what=KINDS["question"], thing=question, trouble="hurtful", by=PersonFactory(), at=at).case
    can = measures_of(case, scene.organiser)
    assert (can.hide, can.mute, can.ban) == (True, True, False) and not case.subjects.exists()
    decide_case(case=case, exclusion="mute", reason="Why", by=scene.organiser, at=at)
    assert MutedAsker.objects.get().asker_key == question.asker_key
    assert not EventExclusion.objects.exists()


@pytest.mark.parametrize("kind", ["question", "case"])
def test_organiser_who_asked_without_a_name_does_not_decide(kind: str, scene: Scene, at: datetime) -> None:
    thing = said_on(scene, None, at)[kind]
    setattr(thing, "asker_key" if kind == "question" else "author_key", trace_of(scene.organiser))
    thing.save()
    case = report_thing(what=KINDS[kind], thing=thing, trouble="hurtful", by=PersonFactory(), at=at).case
    assert not can_decide(scene.organiser, case, at)
