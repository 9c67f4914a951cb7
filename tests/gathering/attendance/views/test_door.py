"""The door list and its book, as pages and as JSON."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, CheckIn, Registration
from hallway.gathering.attendance.tokens import Right
from hallway.kit.links import token_of
from tests.factories import EventFactory, PersonFactory, RegistrationFactory
from tests.gathering.attendance.doorway import evening, going, helper_of, team_of
from tests.gathering.attendance.line import now_of

pytestmark = pytest.mark.django_db
State = Registration.State
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def admission(at: datetime) -> Admission:
    return evening(at)


def line(row: Registration | None, at: datetime, **fields: Any) -> dict[str, Any]:
    about = {"registration": row.pk} if row is not None else {}
    moment = int(at.timestamp() * 1000)
    return {"uid": str(uuid4()), "kind": "came", "how": "list", "done_at": moment, "seats": 1, **about, **fields}


def send(client: Client, door: str, body: Any, rev: str = "") -> Any:
    sent = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(f"{door}book/?rev={rev}", sent, content_type="application/json", headers=OURS)


def test_list_holds_names_states_and_guests_and_nothing_else(client: Client, admission: Admission, door: str) -> None:
    row = going(admission, guests=2, message="zyxsecret", person__email="zyxsecret@example.org")[0]
    going(admission, state=State.WAITING, name="Sipho")
    RegistrationFactory(admission=admission, online=True, name="Amara")
    going(admission, state=State.GIVEN_UP, name="")
    response = client.get(f"{door}list.json")
    told = response.json()
    assert [(one[1], one[2], one[3], one[4]) for one in told["rows"]] == [
        (row.name, "g", 3, 0), ("Sipho", "w", 1, 0), ("Amara", "n", 0, 0),
    ]  # fmt: skip
    assert (told["came"], told["going"], told["walk_ins"]) == (0, 3, [])
    assert set(told) == {"rev", "last", "came", "going", "rows", "walk_ins"}
    page = client.get(door).content.decode()
    for secret in ("zyxsecret", token_of(Right.BADGE, row.pk, row.nonce), row.code, row.nonce):
        assert secret not in response.content.decode() + page
    assert len(told["rows"][0][5]) == 22, "128 bits of the badge's digest"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("number", [1, 3])
def test_list_and_page_ask_little_of_the_database(
    client: Client, admission: Admission, door: str, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    going(admission, number, guests=1)
    client.get(door)
    with django_assert_num_queries(5):
        client.get(f"{door}list.json")
    with django_assert_num_queries(5):
        client.get(door)


def test_list_of_a_thousand_is_small_on_the_wire(client: Client, admission: Admission, door: str) -> None:
    people = [PersonFactory.build(name=f"Bontle Mashaba {n}", slug=f"many-{n}", email=None) for n in range(1000)]
    type(people[0]).objects.bulk_create(people)
    Registration.objects.bulk_create(
        RegistrationFactory.build(admission=admission, person=one, position=n + 1, code=f"{n:06}")
        for n, one in enumerate(people)
    )
    response = client.get(f"{door}list.json", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(response.content))["rows"]) == 1000
    assert len(response.content) <= 40_000


def test_changes_since_a_line_are_those_alone(client: Client, admission: Admission, door: str, at: datetime) -> None:
    one, two = going(admission, 2)
    known = client.get(f"{door}list.json").json()
    walk = str(uuid4())
    answer = send(client, door, {"lines": [line(one, at), line(None, at, walk_in=walk, name="Zanele")], "after": 0})
    first = answer.json()
    assert "rows" in first, "whoever does not say which list they have gets it"
    after = client.get(f"{door}list.json?after={first['last']}&rev={known['rev']}").json()
    assert (after["here"], after["walk_ins"], after["came"], after["going"]) == ([], [], 2, 2)
    before = client.get(f"{door}list.json?after={known['last']}&rev={known['rev']}").json()
    assert (before["here"], before["walk_ins"]) == ([[one.pk, 1]], [[walk, "Zanele", 1]])
    sent = send(client, door, {"lines": [line(two, at)], "after": first["last"]}, known["rev"]).json()
    assert (sent["here"], len(sent["kept"]), "rows" in sent) == ([[two.pk, 1]], 1, False)


@pytest.mark.parametrize("query", ["after=999999", "after=x", "after=-1", "after=1&rev=old", "", "after=9" + "9" * 40])
def test_list_is_whole_for_whoever_asks_for_what_is_not_there(
    client: Client, admission: Admission, door: str, query: str
) -> None:
    going(admission)
    assert len(client.get(f"{door}list.json?{query}").json()["rows"]) == 1


def test_list_is_another_when_a_name_a_state_or_guests_are(client: Client, admission: Admission, door: str) -> None:
    row = going(admission)[0]

    def rev() -> str:
        said: str = client.get(f"{door}list.json").json()["rev"]
        return said

    seen = [rev()]
    for change in ({"name": "Ama Mensah"}, {"name": "Ema Mensah"}, {"guests": 1, "seats": 2}, {"state": State.WAITING}):
        Registration.objects.filter(pk=row.pk).update(**change)
        seen.append(rev())
    going(admission)
    assert len({*seen, rev()}) == 6


def test_book_answers_line_by_line(client: Client, admission: Admission, door: str, at: datetime) -> None:
    good, foreign = going(admission)[0], going(evening(at))[0]
    lines = [line(good, at), line(foreign, at)]
    answer = send(client, door, {"lines": lines}).json()
    assert answer["kept"] == [lines[0]["uid"]]
    [refused] = answer["refused"]
    assert (refused["uid"], refused["code"]) == (lines[1]["uid"], "attendance.unknown")
    assert "this event" in refused["detail"]
    assert now_of(good).came_at == at
    assert CheckIn.objects.get().helper is not None


GARBAGE: list[Any] = [
    b"", b"{", b"[]", b"null", b"7", b'"lines"', b"\xff\xfe", b"[" * 100_000, {"lines": {}}, {"lines": 4},
    {"Lines": []}, {"lines": [], "after": "1"}, {"lines": [], "after": -1}, {"lines": [], "after": True},
    {"lines": [], "after": 2**70}, {"lines": [{}] * 10_000}, b"9" * 5000, b'{"lines": []}' + b" " * 1_000_000,
]  # fmt: skip


@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
def test_book_says_a_sentence_to_what_is_no_batch(client: Client, door: str, body: Any) -> None:
    answer = send(client, door, body)
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(".")
    assert CheckIn.objects.count() == 0


BAD_LINES: list[Any] = [
    None, 3, "x", [], {}, {"uid": 4}, {"uid": "x"}, {"kind": "went"}, {"how": "flew"}, {"kind": ["came"]},
    {"done_at": "now"}, {"done_at": None}, {"done_at": True}, {"seats": "2"}, {"seats": 1.5}, {"registration": "1"},
    {"registration": 2**63}, {"registration": -1}, {"registration": True}, {"walk_in": 4}, {"walk_in": "x"},
    {"name": 4}, {"name": ["x"]}, {"name": None},
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_LINES, ids=range(len(BAD_LINES)))
def test_book_refuses_a_line_that_is_none_and_keeps_the_rest(
    client: Client, admission: Admission, door: str, at: datetime, bad: Any
) -> None:
    good = line(going(admission)[0], at)
    wrong = {**line(None, at, walk_in=str(uuid4())), **bad} if isinstance(bad, dict) and bad else bad
    answer = send(client, door, {"lines": [wrong, good]}).json()
    assert answer["kept"] == [good["uid"]]
    assert [one["code"] for one in answer["refused"]] == ["attendance.not_a_line"]


@pytest.mark.parametrize("done_at", [0, -(10**30), 10**30])
def test_book_takes_any_clock(client: Client, admission: Admission, door: str, at: datetime, done_at: int) -> None:
    row = going(admission)[0]
    assert len(send(client, door, {"lines": [line(row, at, done_at=done_at)]}).json()["kept"]) == 1
    came_at = now_of(row).came_at
    assert came_at is not None
    assert abs(came_at - at) <= timedelta(hours=12, minutes=30)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x" * 5000, "x" * 120),
        ("\x00\u202eadmin\n", "admin"),
        ("\ufdfa" * 200, None),
        ("\u200b\u200b", ""),
    ],
    ids=["markup", "long", "turned", "growing", "unseen"],
)
def test_hostile_names_are_held_as_plain_text(
    client: Client, door: str, at: datetime, said: str, kept: str | None
) -> None:
    sent = line(None, at, walk_in=str(uuid4()), name=said)
    assert len(send(client, door, {"lines": [sent]}).json()["kept"]) == 1
    name = CheckIn.objects.get().name
    assert len(name) <= 120
    assert kept is None or name == kept
    assert "<script>alert" not in client.get(door).content.decode()


def test_book_is_written_by_post(client: Client, door: str) -> None:
    answer = client.get(f"{door}book/")
    assert (answer.status_code, answer.json()["code"]) == (405, "attendance.only_post")


def test_book_from_another_site_is_refused(admission: Admission, door: str, at: datetime) -> None:
    strict = Client(enforce_csrf_checks=True)
    body = json.dumps({"lines": [line(going(admission)[0], at)]})
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    answer = strict.post(f"{door}book/", body, content_type="application/json", headers=foreign)
    assert (answer.status_code, CheckIn.objects.count()) == (403, 0)


@pytest.mark.parametrize("token", ["x", "1.xxxxxxxxxxxxxxxxxxxxxxxx", "99999.2SAghOkD8HDtLUXSKE_cN1XV", "%00"])
def test_link_that_is_not_true_opens_nothing(client: Client, door: str, token: str) -> None:
    for page in ("", "list.json", "book/"):
        assert client.get(f"/door/{token}/{page}").status_code == 404
    assert client.post(f"/door/{token}/book/", "{}", content_type="application/json", headers=OURS).status_code == 404


def test_other_links_do_not_open_the_door(client: Client, admission: Admission, at: datetime) -> None:
    helper, _token = helper_of(admission, at)
    for right in (Right.WALL, Right.BADGE, Right.REGISTRATION):
        assert client.get(f"/door/{token_of(right, helper.pk, helper.nonce)}/").status_code == 404


def test_helper_of_an_event_without_a_list_finds_no_door(client: Client, admission: Admission, door: str) -> None:
    admission.delete()
    assert client.get(door).status_code == 404


def test_link_that_was_ended_says_so_and_takes_what_was_done_before(
    client: Client, admission: Admission, at: datetime
) -> None:
    helper, token = helper_of(admission, at)
    one, two = going(admission, 2)
    actions.end_helper(helper=helper, by=team_of(admission), at=at)
    page = client.get(f"/door/{token}/")
    assert (page.status_code, one.name in page.content.decode()) == (410, False)
    assert "ended on Thursday" in page.content.decode()
    told = client.get(f"/door/{token}/list.json")
    assert (told.status_code, told.json()["code"]) == (410, "attendance.link_ended")
    lines = [line(one, at - timedelta(seconds=5)), line(two, at + timedelta(seconds=5))]
    answer = send(client, f"/door/{token}/", {"lines": lines}).json()
    assert answer["kept"] == [lines[0]["uid"]]
    assert [refused["code"] for refused in answer["refused"]] == ["attendance.after_the_end"]
    assert "ended on" in answer["ended"]
    assert not {"rows", "here"} & set(answer), "who comes is no longer this helper's business"
    with time_machine.travel(at + timedelta(hours=12), tick=False):
        late = send(client, f"/door/{token}/", {"lines": lines})
    assert (late.status_code, late.json()["code"]) == (403, "attendance.not_at_door")
    assert client.post(f"/door/{token}/", {"in": str(two.pk)}, headers=OURS).status_code == 410
    assert now_of(two).came_at is None


def test_link_to_what_is_hidden_shows_nobody(client: Client, admission: Admission, door: str, at: datetime) -> None:
    row = going(admission)[0]
    type(admission.event).objects.update(hidden_at=at)
    for page in (door, f"{door}list.json"):
        response = client.get(page)
        assert response.status_code == 410
        assert row.name not in response.content.decode()


def test_link_before_its_time_says_when(client: Client, admission: Admission, at: datetime) -> None:
    helper, token = helper_of(admission, at)
    with time_machine.travel(helper.opens_at - timedelta(minutes=1), tick=False):
        page = client.get(f"/door/{token}/")
        assert (page.status_code, "opens the door on Wednesday" in page.content.decode()) == (403, True)
        assert client.get(f"/door/{token}/list.json").json()["code"] == "attendance.link_too_early"


def test_team_has_the_same_door_signed_in(client: Client, admission: Admission, at: datetime) -> None:
    row = going(admission)[0]
    client.force_login(team_of(admission))
    door = f"/e/{admission.event.slug}/door/list/"
    assert row.name in client.get(door).content.decode()
    assert len(client.get(f"{door}list.json").json()["rows"]) == 1
    assert send(client, door, {"lines": [line(row, at)]}).json()["came"] == 1
    assert CheckIn.objects.get().helper is None


def test_team_page_is_closed_to_others(client: Client, admission: Admission) -> None:
    door = f"/e/{admission.event.slug}/door/list/"
    assert client.get(door).status_code == 302
    client.force_login(PersonFactory())
    assert client.get(door).status_code == 403
    told = client.get(f"{door}list.json")
    assert (told.status_code, told.json()["code"]) == (403, "attendance.not_door")


def test_event_without_a_date_has_no_door(client: Client, admission: Admission) -> None:
    dateless = EventFactory(community=admission.event.community, state="date_open", starts_at=None, ends_at=None)
    client.force_login(team_of(admission))
    assert client.get(f"/e/{dateless.slug}/door/").status_code == 404
