from __future__ import annotations

import importlib
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import clear_url_caches

from hallway.kit.actors import SystemPerson
from hallway.notices.actions import send_notice
from hallway.notices.letters import Attachment
from hallway.site import urls
from hallway.site.demo.people import WHO
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any) -> Any:
    """The addresses as a demonstration has them."""
    settings.HALLWAY_DEMO = True
    importlib.reload(urls)
    clear_url_caches()
    yield
    settings.HALLWAY_DEMO = False
    importlib.reload(urls)
    clear_url_caches()


def test_demo_pages_exist_in_a_demonstration_only(client: Client) -> None:
    assert client.get("/demo/inbox/").status_code == 404
    assert client.post("/demo/sign-in/organiser/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_inbox_shows_mail_with_links_that_open(client: Client) -> None:
    assert "No mail yet" in client.get("/demo/inbox/").content.decode()
    cache.clear()
    client.post("/accounts/login/code/", {"email": "new@example.org"})
    page = client.get("/demo/inbox/").content.decode()
    assert 'href="http://localhost:8000/accounts/code/' in page


@pytest.mark.usefixtures("demo")
def test_inbox_offers_the_files_of_a_mail(client: Client, at: datetime) -> None:
    file = Attachment(
        "seat.ics", "text/calendar; method=PUBLISH; charset=utf-8", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    )
    mail = send_notice(
        to_address="a@example.org", template="notices/test_mail", context={}, attachments=[file],
        by=SystemPerson("tests"), at=at,
    )  # fmt: skip
    assert mail is not None
    link = f"{mail.pk}/seat.ics"
    assert f'href="{link}" download' in client.get("/demo/inbox/").content.decode()
    address = urljoin("/demo/inbox/", link)
    answer = client.get(address)
    assert (answer.content.decode(), answer["Content-Type"]) == (file.text, file.content_type)
    assert answer["Content-Disposition"] == 'attachment; filename="seat.ics"'
    for other in (f"/demo/inbox/{mail.pk}/other.ics", f"/demo/inbox/{mail.pk + 1}/seat.ics"):
        assert client.get(other).status_code == 404
    assert client.get(address, REMOTE_ADDR="203.0.113.7").status_code == 404


@pytest.mark.usefixtures("demo")
def test_sign_in_by_part_or_by_slug(client: Client) -> None:
    PersonFactory(slug=WHO["organiser"])
    PersonFactory(slug="somebody-else")
    assert client.post("/demo/sign-in/organiser/", {"next": "/me/"}).url == "/me/"
    assert "Signed in on 1 device" in client.get("/me/").content.decode()
    assert client.post("/demo/sign-in/somebody-else/", {"next": "https://evil.example/"}).url == "/"
    assert client.post("/demo/sign-in/nobody-there/").status_code == 404
    assert client.get("/demo/sign-in/organiser/").status_code == 405


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("origin", [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}])
def test_demo_pages_refused_from_elsewhere(client: Client, origin: dict[str, str]) -> None:
    PersonFactory(slug=WHO["organiser"])
    assert client.get("/demo/inbox/", **origin).status_code == 404
    assert client.post("/demo/sign-in/organiser/", **origin).status_code == 404


@pytest.mark.usefixtures("demo")
def test_inbox_of_one_address_holds_nobody_elses_mail(client: Client, at: datetime) -> None:
    for address in ("a@example.org", "b+c@example.org"):
        send_notice(template="notices/test_mail", context={}, to_address=address, by=SystemPerson("test"), at=at)
    page = client.get("/demo/inbox/").content.decode()
    assert "?to=b%2Bc%40example.org" in page
    page = client.get("/demo/inbox/?to=b%2Bc%40example.org").content.decode()
    assert "b+c@example.org" in page
    assert "a@example.org" not in page
