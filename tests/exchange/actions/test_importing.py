from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hallway.exchange import frab_json, frab_xml
from hallway.exchange.models import ImportedThing, ImportRun
from hallway.exchange.programme import LinkIn, Programme
from hallway.gathering.events.models import Event
from hallway.kit.localised import pick
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.models import Person
from hallway.programme.schedule.actions import release_schedule, remove_session
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks.actions import edit_talk
from hallway.programme.talks.models import Talk
from tests.exchange.programmes import small_programme
from tests.exchange.stored import AT, IMPORTER, LATER, bring_in, event_of, row_counts, with_session, without_session
from tests.factories import CommunityFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db


def titles(event: Event) -> list[str]:
    rows = Session.objects.filter(event=event, removed_at=None).select_related("talk")
    return sorted(pick(title_of(row)).text for row in rows)


def test_import_programme_makes_event_sessions_slots_people_and_rooms() -> None:
    run = bring_in()
    event = event_of(run)
    assert (run.state, run.made_event, run.format) == ("done", True, "test")
    assert {name: run.report[name] for name in ("sessions", "slots", "people", "rooms")} == {
        "sessions": 5,
        "slots": 5,
        "people": 2,
        "rooms": 2,
    }
    assert (event.slug, event.zone, event.day_boundary, event.state) == (
        "rencontres-2026",
        "Europe/Paris",
        240,
        "published",
    )
    assert Session.objects.filter(event=event, public_at__isnull=False).count() == 4
    assert Talk.objects.count() == 4
    assert FactRow.objects.filter(kind="exchange.programme_imported").count() == 1


@pytest.mark.parametrize("made_before", [False, True])
def test_rehearsal_stores_nothing_and_reports_the_same(made_before: bool) -> None:
    community = CommunityFactory()
    if made_before:
        bring_in(community=community)
    changed = with_session(small_programme(), "s2", title="Tables et graphes")
    before = row_counts()
    rehearsed = bring_in(changed, community=community, rehearse=True)
    assert row_counts() == before
    assert rehearsed.state == "checked"
    done = bring_in(changed, community=community)
    assert {**rehearsed.report, "warnings": 0} == {**done.report, "warnings": 0}


def test_import_again_unchanged_changes_nothing() -> None:
    community = CommunityFactory()
    bring_in(community=community)
    counts = row_counts()
    again = bring_in(community=community, at=LATER)
    assert (again.report["made"], again.report["changed"], again.report["gone"]) == (0, 0, 0)
    assert again.journal == {}
    after = row_counts()
    new = {name: after[name] - counts[name] for name in after if after[name] != counts[name]}
    assert set(new) == {"exchange.importrun", "kit.factrow", "kit.factscope", "kit.delivery"} & set(new)


def test_import_again_updates_only_what_changed() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    untouched = Session.objects.get(event=event, talk__title__fr="Ouverture")
    hour = timedelta(hours=1)
    changed = with_session(small_programme(), "s2", title="Tables et graphes", abstract="Trois mondes.")
    session = next(one for one in changed.sessions if one.key == "s2")
    first = replace(
        session.slots[0], starts_at=session.slots[0].starts_at + hour, ends_at=session.slots[0].ends_at + hour
    )
    changed = with_session(changed, "s2", slots=(first, session.slots[1]))
    again = bring_in(changed, community=community, publish=False, at=LATER)
    assert (again.report["made"], again.report["changed"], again.report["gone"]) == (0, 2, 0)
    assert "Tables et graphes" in titles(event)
    moved = Slot.objects.get(session__talk__title__und="Tables et graphes", starts_at=first.starts_at)
    assert moved.public_starts_at == session.slots[0].starts_at, "the change waits for a release"
    untouched.refresh_from_db()
    assert untouched.updated_at == AT


def test_edit_made_here_wins_and_is_reported() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    talk = Talk.objects.get(title__und="Tables & graphes")
    edit_talk(talk=talk, changes={"title": {"fr": "Corrigé ici"}}, by=IMPORTER, at=LATER)
    again = bring_in(with_session(small_programme(), "s2", title="Autre titre", level="Expert"), community=community)
    talk.refresh_from_db()
    assert (talk.title, talk.level) == ({"fr": "Corrigé ici"}, "advanced")
    assert again.report["kept"] == [{"kind": "session", "name": "Autre titre", "field": "title"}]
    assert len(titles(event)) == 5


def test_session_gone_from_the_file_leaves_the_draft_and_comes_back() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    shorter = without_session(small_programme(), "s2")
    again = bring_in(shorter, community=community, publish=False, at=LATER)
    assert again.report["taken_out"] == ["Tables & graphes"]
    assert "Tables & graphes" not in titles(event)
    assert Session.objects.filter(event=event, public_at__isnull=False).count() == 4, "still public until a release"
    release_schedule(event=event, by=IMPORTER, at=LATER)
    assert bring_in(shorter, community=community).report["gone"] == 0
    bring_in(community=community)
    assert titles(event).count("Tables & graphes") == 1
    assert Session.objects.filter(event=event, removed_at=None, public_at__isnull=False).count() == 4


def test_session_removed_here_stays_out_and_is_reported() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    remove_session(session=Session.objects.get(event=event, talk__title__und="Tables & graphes"), by=IMPORTER, at=LATER)
    release_schedule(event=event, by=IMPORTER, at=LATER)
    again = bring_in(community=community)
    assert "Tables & graphes" not in titles(event)
    assert {"kind": "session", "name": "Tables & graphes", "field": "removed"} in again.report["kept"]


@pytest.mark.parametrize("format", [frab_xml, frab_json])
def test_same_programme_in_two_formats_does_not_double(format: object) -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    people = Person.objects.count()
    other = format.read(format.write(small_programme()))
    again = bring_in(other, community=community)
    assert (again.event_id, again.report["made"], again.report["gone"]) == (event.pk, 0, 0)
    assert len(titles(event)) == 5
    assert Person.objects.count() == people


def test_own_export_of_an_event_made_by_hand_comes_back_to_it() -> None:
    first = event_of(bring_in())
    ImportedThing.objects.all().delete()
    from tests.exchange.stored import exports

    again = bring_in(frab_json.read(exports(first)["frab-json"]), community=first.community)
    assert (again.event_id, again.made_event, again.report["made"]) == (first.pk, False, 0)


def test_other_programme_into_an_event_takes_nothing_out() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    small = small_programme()
    workshops = replace(
        small,
        title="Ateliers",
        slug="",
        sessions=(replace(small.sessions[1], key="w1", guid="", title="Atelier SQL", slots=()),),
    )
    again = bring_in(workshops, community=community, into=event)
    assert (again.report["made"], again.report["gone"]) == (1, 0)
    assert len(titles(event)) == 6


def test_same_file_into_two_communities_gives_two_events_with_own_ids() -> None:
    small = with_session(small_programme(), "s1", guid="1f0c7a52-5d0e-4a8e-9a55-0f6c1f8f0011")
    first, second = event_of(bring_in(small)), event_of(bring_in(small))
    assert first.slug != second.slug
    assert titles(first) == titles(second)
    assert Session.objects.count() == Session.objects.values("guid").distinct().count() == 10


def test_person_claimed_since_keeps_their_profile() -> None:
    community = CommunityFactory()
    bring_in(community=community)
    Person.objects.filter(name="Ada Exemple").update(claimed_at=AT)
    small = small_programme()
    ada = replace(small.people[0], name="Ada E.", biography="Autre texte.")
    bring_in(replace(small, people=(ada, small.people[1])), community=community)
    kept = Person.objects.get(claimed_at=AT)
    assert (kept.name, kept.biography) == ("Ada Exemple", {"und": "Écrit du *Python*."})


def test_joining_details_are_never_public() -> None:
    # Digits that no id holds by chance.
    secret = "Join: https://us02web.zoom.us/j/98765432109?pwd=abc passcode: 471108150 today."
    small = with_session(small_programme(), "s2", abstract=secret, joining_url="https://meet.jit.si/secret")
    run = bring_in(small)
    event = event_of(run)
    from tests.exchange.stored import exports

    for format, data in exports(event).items():
        assert b"98765432109" not in data, format
        assert b"471108150" not in data, format
        assert b"meet.jit.si" not in data, format
    assert "https://us02web.zoom.us/j/98765432109?pwd=abc" in event.joining["und"]
    assert "https://meet.jit.si/secret" in event.joining["und"]
    assert "471108150" not in str(list(Talk.objects.values()))


def test_private_labels_are_stored_nowhere() -> None:
    small = with_session(small_programme(), "s2", private_labels=("Under-represented",))
    ada = replace(small.people[0], private_labels=("First-time speaker",))
    bring_in(replace(small, people=(ada, small.people[1])))
    for model in (Talk, Session, Person, ImportedThing):
        rows = str(list(model._default_manager.values()))
        assert "Under-represented" not in rows
        assert "First-time" not in rows


def test_texts_too_long_are_cut_and_said() -> None:
    small = with_session(
        small_programme(), "s2", title="T" * 400, abstract="A" * 30_000, origin_url="https://x.example/" + "u" * 600
    )
    long = replace(small.people[0], name="N" * 300, links=tuple(LinkIn(f"https://x.example/{n}") for n in range(30)))
    run = bring_in(replace(small, people=(long, small.people[1])))
    codes = [entry["code"] for entry in run.report["warnings"]]
    assert codes.count("text-cut") == 3 - 0
    assert {"address-too-long", "links-cut"} <= set(codes)
    assert Person.objects.filter(name="N" * 120).exists()


def test_cancelled_slot_is_left_out_and_said() -> None:
    small = small_programme()
    gone = replace(small.sessions[0].slots[0], cancelled=True)
    run = bring_in(with_session(small, "s1", slots=(gone,)))
    assert [entry["code"] for entry in run.report["refused"]] == ["slot-cancelled"]
    assert Slot.objects.count() == 4


def test_rooms_of_one_name_are_told_apart() -> None:
    small = small_programme()
    rooms = tuple(replace(room, name="Salle") for room in small.rooms)
    event = event_of(bring_in(replace(small, rooms=rooms)))
    assert [room.name for room in event.rooms.all()] == ["Salle", "Salle (2)"]


def test_import_refused_for_strangers_and_helpers() -> None:
    community = CommunityFactory()
    helper = TeamRoleFactory(community=community, role="helper").person
    for person in (PersonFactory(), helper):
        with pytest.raises(NotAllowed, match=r"exchange\.cannot_import"):
            bring_in(community=community, by=person)
    assert not Event.objects.exists()


def test_import_refused_without_sessions_and_stores_nothing() -> None:
    community = CommunityFactory()
    before = row_counts()
    people_alone: Programme = replace(small_programme(), sessions=())
    with pytest.raises(Refusal, match=r"exchange\.only_people"):
        bring_in(people_alone, community=community)
    with pytest.raises(Refusal, match=r"exchange\.no_sessions"):
        bring_in(replace(people_alone, people=()), community=community)
    assert row_counts() == before


def test_file_of_people_alone_says_more_of_those_who_speak_and_brings_nobody() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    ada, bo = small_programme().people
    more = (replace(ada, biography="Enseigne à Lyon."), bo, replace(bo, key="id:3", name="Cy Inconnu"))
    run = bring_in(replace(small_programme(), title="", slug="", sessions=(), people=more), community=community)
    assert (run.event_id, run.report["made"], run.report["changed"], run.report["gone"]) == (event.pk, 0, 1, 0)
    assert [entry["code"] for entry in run.report["refused"]] == ["people-without-sessions"]
    assert Person.objects.get(name="Ada Exemple").biography == {"und": "Enseigne à Lyon."}
    assert not Person.objects.filter(name="Cy Inconnu").exists()
    assert Session.objects.filter(event=event, removed_at=None).count() == 5


def test_editor_imports_into_an_event_but_makes_none() -> None:
    community = CommunityFactory()
    editor = TeamRoleFactory(community=community, role="editor").person
    with pytest.raises(NotAllowed):
        bring_in(community=community, by=editor)
    event = event_of(bring_in(community=community))
    run = bring_in(with_session(small_programme(), "s2", title="Neu"), community=community, by=editor)
    assert run.event_id == event.pk
    assert ImportRun.objects.get(pk=run.pk).by_person == editor


def test_break_that_becomes_a_talk_gets_its_texts() -> None:
    community = CommunityFactory()
    bring_in(community=community)
    speaker = small_programme().sessions[0].speakers
    changed = with_session(
        small_programme(), "s3", kind="talk", is_break=False, abstract="Un mot.", description="Plus.", speakers=speaker
    )
    bring_in(changed, community=community)
    session = Session.objects.get(talk__title__und="Pause")
    assert session.talk is not None
    assert (session.kind, session.talk.description, session.talk.speakers.count()) == ("talk", {"und": "Plus."}, 1)
    assert bring_in(changed, community=community).report["changed"] == 0
