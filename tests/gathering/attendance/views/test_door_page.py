"""The door's page as whoever has no script sees it, or sees it before the script has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, CheckIn, Registration
from hallway.gathering.attendance.views.door import alike, by_word
from tests.factories import PersonFactory
from tests.gathering.attendance.doorway import evening, going

pytestmark = pytest.mark.django_db
NOBODY = [{"same": ""}, {"same": "x 1"}, {"same": f"{uuid4()} x"}, {"same": f"{uuid4()} 999999"}]
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def admission(at: datetime) -> Admission:
    return evening(at)


def press(client: Client, door: str, data: dict[str, Any]) -> Any:
    return client.post(door, data, headers=OURS, follow=True)


def test_door_by_reload_checks_in_and_out(client: Client, admission: Admission, door: str, at: datetime) -> None:
    row = going(admission, guests=1)[0]
    page = press(client, door, {"in": str(row.pk)})
    assert "here, undo" in page.content.decode()
    assert b"<b data-came>2</b>" in page.content
    press(client, door, {"in": str(row.pk)})
    assert CheckIn.objects.count() == 1, "pressed twice"
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        assert b"<b data-came>0</b>" in press(client, door, {"out": str(row.pk)}).content
        press(client, door, {"out": str(row.pk)})
    assert CheckIn.objects.count() == 2


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ({"state": "waiting"}, "They stand in line and have no seat."),
        ({"state": "offered", "offered_until": datetime(2030, 1, 1, tzinfo=UTC)}, "A seat is kept for them"),
        ({"state": "asked"}, "The team has not said yes yet."),
        ({"state": "declined"}, "The team said no to this registration."),
        ({"online": True, "seats": 0}, "They wanted to take part online."),
    ],
)
def test_door_by_reload_lets_in_knowingly(
    client: Client, admission: Admission, door: str, stands: dict[str, Any], said: str
) -> None:
    """Also before the page's script has come: one tap on somebody without a seat says how they stand."""
    row = going(admission)[0]
    Registration.objects.filter(pk=row.pk).update(**stands)
    here = client.get(door).content.decode().partition("data-rows")[2].partition("</ul>")[0]
    folded = here.partition("<details>")[2].partition("</details>")[0]
    button = f'name="in" value="{row.pk}"'
    assert said in folded
    assert button in folded
    assert here.count(button) == 1
    assert "<details" not in press(client, door, {"in": str(row.pk)}).content.decode().partition("data-rows")[2]


def test_who_is_found_by_their_code_is_checked_in_by_it(client: Client, admission: Admission, door: str) -> None:
    by_code, by_name = going(admission, 2)
    press(client, door, {"in": str(by_code.pk), "q": f"{by_code.code[:3]} {by_code.code[3:].lower()}"})
    press(client, door, {"in": str(by_name.pk), "q": by_name.name})
    assert dict(CheckIn.objects.values_list("registration_id", "how")) == {by_code.pk: "code", by_name.pk: "list"}


def test_door_by_reload_lets_people_walk_in(client: Client, door: str, at: datetime) -> None:
    form = {"walk_in": "1", "form": str(uuid4()), "name": "Zanele"}
    for _twice in range(2):
        page = press(client, door, form)
    assert "Zanele" in page.content.decode()
    press(client, door, {"walk_in": "1", "form": str(uuid4()), "name": ""})
    page = press(client, door, {"walk_in": "1", "form": "x", "name": "No form"})
    assert list(CheckIn.objects.order_by("id").values_list("name", flat=True)) == ["Zanele", ""]
    assert "Somebody without a name" in page.content.decode()
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        page = press(client, door, {"out": form["form"]})
    assert "Zanele" not in page.content.decode()
    assert b"<b data-came>1</b>" in page.content


def test_door_by_reload_makes_one_person_of_who_registered_after_walking_in(
    client: Client, admission: Admission, door: str, at: datetime
) -> None:
    walk = str(uuid4())
    press(client, door, {"walk_in": "1", "form": walk, "name": "Zanele"})
    row, other = going(admission, name="Zanélé Mokoena", guests=1)[0], going(admission, name="Ama Zulu")[0]
    page = press(client, door, {}).content.decode()
    assert "Same person as Zanélé Mokoena (registered)" in page
    assert "Same person as Ama Zulu" not in page
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        for _twice in range(2):
            page = press(client, door, {"same": f"{walk} {row.pk}"}).content.decode()
    assert ("<b data-came>1</b>" in page, "Same person as Zanélé" in page) == (True, False), (
        "their guest was not seen yet"
    )
    assert list(CheckIn.objects.order_by("pk").values_list("walk_in", "registration", "kind", "seats")) == [
        (UUID(walk), None, "came", 1), (None, row.pk, "came", 1), (UUID(walk), None, "undone", 1),
    ]  # fmt: skip
    press(client, door, {"same": f"{walk} {other.pk}"})
    assert CheckIn.objects.count() == 3, "who is one person already is not another besides"


def test_door_by_reload_takes_out_only_who_walked_in_where_the_other_is_here(
    client: Client, admission: Admission, door: str, at: datetime
) -> None:
    walk, row = str(uuid4()), going(admission, name="Zanele")[0]
    press(client, door, {"in": str(row.pk)})
    press(client, door, {"walk_in": "1", "form": walk, "name": "Zanele"})
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        assert b"<b data-came>1</b>" in press(client, door, {"same": f"{walk} {row.pk}"}).content
    assert CheckIn.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("zanele", ["Zanele", "Zanele Botha", "Zanele Mokoena"]),
        ("Mokoena, Zanele", ["Zanele Mokoena", "Zanele"]),
        ("Zan", []),
        ("", []),
        ("Waiting Zanele", ["Zanele"]),
    ],
)
def test_alike_is_whose_words_are_all_in_the_other_name(admission: Admission, name: str, offered: list[str]) -> None:
    for typed in ("Zanele Zulu Dube", "Zanele Mokoena", "Zanele Botha", "Zanele", "", "..."):
        going(admission, name=typed)
    going(admission, name="Waiting Zanele", state="waiting")
    going(admission, name="Zanele", online=True, seats=0)
    assert [row.name for row in alike(name, by_word(admission.registrations.all()))] == offered


@pytest.mark.parametrize(
    "pressed", [{"in": "x"}, {"in": "-1"}, {"in": "9" * 30}, {"in": "999999"}, {"out": ""}, {}, *NOBODY]
)
def test_door_by_reload_bears_what_nobody_pressed(client: Client, door: str, pressed: dict[str, str]) -> None:
    assert press(client, door, pressed).status_code == 200
    assert CheckIn.objects.count() == 0


def test_door_by_reload_says_why_a_line_is_refused(
    client: Client, admission: Admission, door: str, at: datetime
) -> None:
    walk = uuid4()
    actions.walk_in(admission=evening(at), name="", walk_in=walk, by=PersonFactory(), at=at)
    page = press(client, door, {"walk_in": "1", "form": str(walk), "name": ""})
    assert "belongs to the door of another event" in page.content.decode()
    admission.event.state = "cancelled"
    admission.event.save()
    assert "does not take place" in press(client, door, {"in": str(going(admission)[0].pk)}).content.decode()


def test_page_finds_by_name_without_accents_and_by_code(client: Client, admission: Admission, door: str) -> None:
    row = going(admission, name="Émile N’Diaye")[0]
    going(admission, name="Ama Mensah")
    for words in ("emile", "NDIAYE emile".replace("ND", "n d"), row.code.lower(), f"{row.code[:3]}-{row.code[3:]}"):
        page = client.get(door, {"q": words}).content.decode()
        assert ("Émile" in page, "Ama Mensah" in page) == (True, False), words
    assert "can walk in." in client.get(door, {"q": "nobody"}).content.decode()


@pytest.mark.parametrize("number", ["0", "x", "-1", "99999", "2"])
def test_page_holds_a_hundred_names(client: Client, admission: Admission, door: str, number: str) -> None:
    going(admission, 101, name="Ama")
    assert client.get(door).content.decode().count('name="in"') == 100
    shown = client.get(door, {"page": number}).content.decode().count('name="in"')
    assert shown == {"2": 1, "0": 100, "99999": 100}.get(number, 100)
