"""Nothing leads from an unnamed question to who asked it: no row, no fact, no page, no file, no message."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from hallway.kit import export, live, trail
from hallway.kit.actors import Actor
from hallway.kit.facts import revive
from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.people.models import Person
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import UNNAMED, trace_of, traces_of
from tests.factories import PersonFactory, QuestionFactory
from tests.sharing.questions.scene import Scene, a_scene

pytestmark = pytest.mark.django_db
WORDS = "Who pays for all this?"
Row = tuple[str, dict[str, Any]]


def everything_somebody_does(scene: Scene, by: Actor, at: datetime) -> Question:
    """Asked unnamed, and a great deal besides: named and unnamed, in the same minute. The unnamed question."""
    named = {"named": True, "name": "Zanele", "by": by, "at": at}
    own = actions.ask_question(
        floor=scene.floor, text=WORDS, language="en", tell=isinstance(by, Person),
        address="" if isinstance(by, Person) else "zanele@example.org", by=by, at=at,
    )  # fmt: skip
    actions.ask_question(floor=scene.floor, text="And who cleans?", language="en", tell=isinstance(by, Person), **named)
    others = [QuestionFactory(floor=scene.floor, asked_at=at) for _one in range(3)]
    actions.vote_for(question=others[0], by=by, at=at)
    actions.tell_case(question=others[1], text="With us too.", language="en", **named)
    actions.tell_case(question=others[2], text="Here as well.", language="en", by=by, at=at)
    actions.edit_question(question=own, text=WORDS + " ", by=by, at=at)
    answer = actions.answer_question(question=own, text="The sponsors.", language="en", by=scene.speaker, at=at)
    actions.mark_answer(answer=answer, kind="helped", by=by, at=at)
    actions.accept_answer(answer=answer, by=by, at=at)
    actions.mute_asker(question=own, by=scene.helper, at=at)
    actions.tell_followers(answer=answer, by=QUESTIONS, at=at)
    return own


def all_rows() -> Iterator[Row]:
    """Every row of every table, with the raw columns, also of those no model of ours makes."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM " + connection.ops.quote_name(table))  # noqa: S608 - the names of our tables
            names = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                yield table, dict(zip(names, values, strict=True))


def identities(person: Person) -> set[str]:
    return {person.actor_key, person.email or "", person.name, person.slug or ""} - {""}


def texts_in(row: dict[str, Any]) -> str:
    return json.dumps(row, default=str)


def person_columns() -> dict[str, set[str]]:
    """By table, the columns that point at a person."""
    models = apps.get_models(include_auto_created=True)
    fields = ((one._meta.db_table, field) for one in models for field in one._meta.concrete_fields)
    found: dict[str, set[str]] = {}
    for table, field in fields:
        if field.related_model is Person:
            found.setdefault(table, set()).add(field.column)
    return found


def points_at(row: Row, person: Person) -> bool:
    """Whether a row says of itself that it has to do with a person: by a column that points at one, or in words."""
    table, values = row
    by_id = any(values.get(column) == person.pk for column in COLUMNS.get(table, ()))
    return by_id or any(word in texts_in(values) for word in identities(person))


COLUMNS = person_columns()


def leads(row: Row, question: Question) -> set[str]:
    """What in a row is also in the rows of the question: its id, its words, its trace, its followers' keys."""
    follows = question.follows.all()
    known = {WORDS, question.asker_key, *(one.follower_key for one in follows), *(one.nonce for one in follows)}
    said = {word for word in known if word in texts_in(row[1])}
    points = {"question_id", "into_id", "merged_into_id"}
    return said | {name for name in points if row[1].get(name) == question.pk}


def troubles(question: Question, person: Person) -> list[str]:
    """Rows that hold somebody and their unnamed question at once, in words."""
    found = [row for row in all_rows() if points_at(row, person) and leads(row, question)]
    # The mail that brings the answer has to be addressed. It says the same to everybody who follows, asker or not.
    return [f"{table}: {values}" for table, values in found if table != "notices_outboxmail"]


@pytest.mark.parametrize("kind", ["account", "device"])
def test_no_row_holds_an_unnamed_question_and_its_asker(kind: str, at: datetime) -> None:
    scene = a_scene()
    person = PersonFactory(name="Zanele Mokoena", email="zanele@example.org", slug="zanele-mokoena")
    own = everything_somebody_does(scene, person if kind == "account" else new_visitor(), at)
    assert len(list(all_rows())) > 50, "it walks through everything"
    assert troubles(own, person) == []


def test_rows_turn_red_for_a_person_beside_their_unnamed_question(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory(name="Zanele Mokoena", email="zanele@example.org")
    own = everything_somebody_does(scene, person, at)
    Question.objects.filter(pk=own.pk).update(asker=person)
    assert troubles(own, person) != []
    Question.objects.filter(pk=own.pk).update(asker=None)
    actions.vote_for(question=own, by=PersonFactory(), at=at)
    own.vote_rows.update(voter_key=person.actor_key)
    assert troubles(own, person) != []


def shared_by(one: Row, other: Row) -> set[str]:
    """Long random texts that stand in both rows."""
    texts = [
        {str(value) for value in row[1].values() if isinstance(value, str) and len(value) >= 20} for row in (one, other)
    ]
    return texts[0] & texts[1]


@pytest.mark.parametrize("kind", ["account", "device"])
def test_no_trace_stands_in_a_row_with_a_name_and_in_one_without(kind: str, at: datetime) -> None:
    scene = a_scene()
    person = PersonFactory(name="Zanele Mokoena", email="zanele@example.org")
    by: Actor = person if kind == "account" else new_visitor()
    own = everything_somebody_does(scene, by, at)
    unnamed = trace_of(by)
    assert own.asker_key == unnamed
    with_it = [row for row in all_rows() if unnamed in texts_in(row[1])]
    assert {table for table, _values in with_it} == {
        "questions_question", "questions_vote", "questions_case", "questions_mark", "questions_mutedasker",
    }  # fmt: skip
    assert not [row for row in with_it if points_at(row, person) or row[1].get("name") or "Zanele" in texts_in(row[1])]
    named = [row for row in all_rows() if "Zanele" in texts_in(row[1]) or points_at(row, person)]
    joined = [(a[0], b[0]) for a in named for b in with_it if shared_by(a, b)]
    assert joined == []


def test_facts_of_unnamed_people_are_by_nobody_and_say_no_more_than_ids(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    own = everything_somebody_does(scene, person, at)
    facts = FactRow.objects.filter(kind__startswith="questions.", payload__question_id=own.pk)
    assert {row.by_key for row in facts} == {UNNAMED.actor_key, scene.speaker.actor_key, scene.helper.actor_key}
    theirs = FactRow.objects.filter(by_key=person.actor_key)
    assert own.pk not in {row.payload.get("question_id") for row in theirs}
    assert {row.kind for row in theirs} == {"questions.question_asked", "questions.case_told"}
    for word in (*traces_of(person), person.actor_key, WORDS):
        assert word not in json.dumps([row.payload for row in FactRow.objects.all()])


def test_trails_and_streams_do_not_say_who(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory(name="Zanele Mokoena")
    own = everything_somebody_does(scene, person, at)
    event, floor = scene.floor.event, scene.floor
    for scope in (f"event:{event.pk}", f"community:{event.community_id}", f"floor:{floor.pk}", f"room:{floor.pk}"):
        assert "Zanele" not in "\n".join(entry.sentence for entry in trail.entries(scope))
    done = [entry.kind for entry in trail.done_by(person.actor_key)]
    assert "questions.question_voted" not in done
    for row in FactRow.objects.filter(payload__question_id=own.pk):
        for text in messages_of(row):
            assert "Zanele" not in text, row.kind
            assert own.asker_key not in text, row.kind


def messages_of(row: FactRow) -> Iterator[str]:
    """What listeners of any channel are sent of a fact."""
    fact = revive(row)
    for rendering in live.RENDERERS[row.kind]:
        yield str(rendering.render(fact, row))


def test_team_and_administrators_read_nothing_about_who_asked(at: datetime, client: Client) -> None:
    scene, person = a_scene(), PersonFactory(name="Zanele Mokoena", email="zanele@example.org")
    own = actions.ask_question(floor=scene.floor, text=WORDS, language="en", tell=True, by=person, at=at)
    administrator = PersonFactory(is_administrator=True)
    for reader in (scene.organiser, scene.helper, scene.speaker, administrator, None):
        if reader is not None:
            client.force_login(reader)
        for path in ("", "room/", "wall/", f"{own.pk}/", "votes.json"):
            page = client.get(f"/q/{scene.floor.code}/{path}", headers={"host": "localhost"})
            said = page.content.decode()
            for word in ("Zanele", "zanele@", own.asker_key, person.actor_key, f"/people/{person.slug}"):
                assert word not in said, (reader, path)
        client.logout()
        parts = [one(reader) for one in export.CONTRIBUTORS.values()] if reader is not None else []
        assert WORDS not in json.dumps(parts, default=str)
    assert WORDS in json.dumps(queries.own_data(person), default=str), "their own export has it"


def test_log_says_nothing_of_who_asks(at: datetime, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    scene, person = a_scene(), PersonFactory(name="Zanele Mokoena")
    client.force_login(person)
    with caplog.at_level(logging.DEBUG):
        actions.ask_question(floor=scene.floor, text=WORDS, language="en", by=person, at=at)
        client.post(f"/q/{scene.floor.code}/", {"text": "And who else?"}, headers={"host": "localhost"})
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("hallway"))
    for word in (WORDS, "Zanele", person.actor_key, *traces_of(person)):
        assert word not in ours


def test_trace_is_one_way_and_another_for_everybody_and_every_key(settings: Any) -> None:
    one, other = PersonFactory(), PersonFactory()
    traces = [*traces_of(one, other), *traces_of(new_visitor())]
    assert (len(set(traces)), {len(trace) for trace in traces}) == (6, {43})
    settings.SECRET_KEY = "another" * 8
    assert not set(traces) & set(traces_of(one, other))


def test_muting_shows_on_questions_of_the_same_trace_and_on_no_named_one(at: datetime) -> None:
    scene, device = a_scene(), new_visitor()
    unnamed = actions.ask_question(floor=scene.floor, text="Rude", language="en", by=device, at=at)
    typed = actions.ask_question(
        floor=scene.floor,
        text="Kind",
        language="en",
        named=True,
        name="Zanele",
        by=device,
        at=at + timedelta(minutes=1),
    )
    actions.mute_asker(question=unnamed, by=scene.helper, at=at)
    shown = {row.pk: row.is_muted for row in queries.room_now(scene.floor, "time").open}
    assert shown == {unnamed.pk: True, typed.pk: False}
