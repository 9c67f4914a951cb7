"""Every form of the site, filled with what nobody should type: never an error, never unsafe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import html5lib
import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from tests.matrix import world
from tests.matrix.expected import ROWS
from tests.matrix.world import World, address_of

pytestmark = [pytest.mark.fault, pytest.mark.django_db]

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "markup": f"{SCRIPT}<img src=x onerror=alert(1)>\"'><svg onload=alert(1)>",
    "directions": "‮abc‬\u2066\u2069\u200b\u200d\ufeff 👩‍👩‍👧‍👦" + "e" + "\u0301" * 200,
    "controls": "a\x00b\x1b[31mc\ud800d\udfff\ufffe",
    "long": "é" * 20_001,
    "longer": "x " * 100_000,
    "link": "javascript:alert(1)//http://example.org/",
    "formula": '=cmd|"/c calc"!A1',
    "templates": "{{ 7|add:7 }}{% load x %}%(name)s%s{0}${7*7}",
    "headers": "Title\r\nBcc: victim@example.org\r\n\r\nbody\nBEGIN:VEVENT",
    "year 1": "0001-01-01T00:00",
    "year 9999": "9999-12-31T23:59",
    "no such day": "2027-02-31",
    "negative": "-1",
    "huge": "9" * 40,
    "fraction": "1e309",
    "zone": "Mars/Olympus_Mons",
    "grows": "\ufb2c" * 200,  # a letter that becomes three when it is held the one way
    "path": "../../../../etc/passwd",
    "other digits": "٣",
    "infinite": "NaN",
}


def forms_of(client: Client) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """``(address, fields with what stands in them)`` of every form an organiser, who is administrator too, comes to."""
    for address in ADDRESSES:
        response = client.get(address)
        if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
            continue
        page = html5lib.parse(response.content.decode())
        for form in page.iter(f"{NAMESPACE}form"):
            if form.get("method", "get").lower() == "post":
                yield form.get("action") or address, fields_of(form)


def fields_of(form: Any) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for tag in ("input", "textarea", "select", "button"):
        for element in form.iter(NAMESPACE + tag):
            if element.get("name") and element.get("name") != "csrfmiddlewaretoken":
                fields.setdefault(element.get("name"), []).append(element.get("value") or element.text or "")
    return fields


ADDRESSES: list[str] = []


@pytest.fixture
def client_of_all(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in as somebody who may do everything, in a world that has everything."""
    both: World = world.make_world()
    client = Client(raise_request_exception=False)
    client.force_login(both.people["administrator"])
    own = [p for p in ROWS if not p.startswith(("accounts/", "instance/start", "me/leave", "e/<str:slug>/delete"))]
    monkeypatch.setitem(globals(), "ADDRESSES", [address_of(pattern, both.mine) for pattern in own])
    return client


def post(client: Client, address: str, data: Any, **more: Any) -> Any:
    point = transaction.savepoint()
    try:
        return client.post(address, data, **more)
    finally:
        transaction.savepoint_rollback(point)


def problems(client: Client, names: list[str]) -> list[str]:
    wrong = []
    forms = list(forms_of(client))
    assert forms
    for address, fields in forms:
        for name in names:
            data = {field: HOSTILE[name] for field in fields} | {
                field: values[0] for field, values in fields.items() if field in {"do", "confirmed"}
            }
            data = {field: value.encode("utf-8", "surrogatepass").decode("latin-1") for field, value in data.items()}
            response = post(client, address, encoded(data), content_type="application/x-www-form-urlencoded")
            said = response.content.decode("utf-8", "replace")
            if response.status_code >= 500 or SCRIPT in said or "<svg onload" in said or 'href="javascript:' in said:
                wrong.append(f"{address} with {name}: {response.status_code}")
            if any("\n" in one.subject for one in mail.outbox):
                wrong.append(f"{address} with {name}: a subject of two lines")
    return wrong


def encoded(data: dict[str, str]) -> bytes:
    from urllib.parse import quote_from_bytes

    return "&".join(
        f"{quote_from_bytes(name.encode('latin-1'))}={quote_from_bytes(value.encode('latin-1'))}"
        for name, value in data.items()
    ).encode()


QUARTERS = [
    pytest.param(list(HOSTILE)[start::4], id=list(HOSTILE)[start], marks=[pytest.mark.full] if start else [])
    for start in range(4)
]


@pytest.mark.parametrize("names", QUARTERS)
def test_every_form_answers_hostile_text_with_a_sentence(client_of_all: Client, names: list[str]) -> None:
    assert len(list(forms_of(client_of_all))) >= 40
    assert problems(client_of_all, names) == []


@pytest.mark.full
def test_every_form_answers_broken_bodies(client_of_all: Client) -> None:
    """Fields that are missing, doubled, too many; bodies that are no form at all."""
    wrong = []
    bodies = [
        (b"", "application/x-www-form-urlencoded"),
        (b'{"name": "x"}', "application/json"),
        (b"no boundary", "multipart/form-data"),
        (b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\ncut', "multipart/form-data; boundary=b"),
        (b"&".join(b"f%d=1" % number for number in range(5_001)), "application/x-www-form-urlencoded"),
        (b"name=%ff%fe&name=b&do=%00", "application/x-www-form-urlencoded; charset=utf-16"),
    ]
    forms = list(forms_of(client_of_all))
    assert len(forms) >= 40
    for address, fields in forms:
        doubled = "&".join(f"{name}=1&{name}=2" for name in fields if name.isascii()).encode()
        for body, kind in [*bodies, (doubled, "application/x-www-form-urlencoded")]:
            response = post(client_of_all, address, body, content_type=kind)
            if response.status_code >= 500:
                wrong.append(f"{address} with {body[:40]!r}: {response.status_code}")
    assert wrong == []


def test_form_that_fails_turns_red(client_of_all: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any, **_named: Any) -> None:
        raise ValueError

    monkeypatch.setattr("hallway.programme.schedule.actions.add_track", fails)
    monkeypatch.setitem(globals(), "ADDRESSES", [a for a in ADDRESSES if a.endswith("/tracks/")])
    monkeypatch.setitem(HOSTILE, "negative", "1")
    assert any("/tracks/ with negative: 500" in said for said in problems(client_of_all, ["negative"]))
