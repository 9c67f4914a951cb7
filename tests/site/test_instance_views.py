from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hallway.gathering.communities.models import FoundingRequest
from hallway.kit import clock, instance
from hallway.kit.models import FactRow
from hallway.people.models import Person
from hallway.site import first_start
from tests.factories import CommunityFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh(settings: Any, tmp_path: Path) -> Path:
    settings.HALLWAY_DATA, settings.HALLWAY_MODE, settings.HALLWAY_DEMO = tmp_path, "production", False
    return tmp_path


@pytest.fixture
def admin(client: Client) -> Person:
    person = PersonFactory(is_administrator=True)
    client.force_login(person)
    return person


# --- first start
def test_first_start_makes_the_administrator_once(client: Client, fresh: Path) -> None:
    address = first_start.prepare()
    assert address is not None
    token = address.partition("token=")[2]
    assert stat.S_IMODE((fresh / "first-start.token").stat().st_mode) == 0o600
    assert first_start.prepare() == address, "a second start keeps the same token"
    assert client.get("/").url == "/instance/start/"
    assert token in client.get(f"/instance/start/?token={token}").content.decode()
    assert not Person.objects.exists()
    typed = {"token": token, "name": "Zanele Dube", "email": "z@example.org"}
    assert client.post("/instance/start/", typed).url == "/instance/"
    assert Person.objects.get().is_administrator
    assert client.get("/instance/").status_code == 200
    assert Client().post("/instance/start/", typed).url == "/"
    assert Client().get("/").status_code == 200
    assert first_start.prepare() is None


@pytest.mark.parametrize("token", ["wrong", "é" * 30, "\x00"])
def test_first_start_refused_with_another_word(client: Client, fresh: Path, token: str) -> None:
    first_start.prepare()
    page = client.post("/instance/start/", {"token": token, "name": "X", "email": "x@example.org"})
    assert page.status_code == 200
    assert not Person.objects.exists()


# --- settings
def test_settings_changed_leave_a_trail_without_secrets(client: Client, admin: Person) -> None:
    typed = {
        "notices-smtp_host": "mail.example.org", "notices-smtp_port": "465", "notices-smtp_user": "u",
        "notices-smtp_password": "s3cret words", "notices-smtp_tls": "tls",
        "notices-mail_from": "Highveld <hello@example.org>",
    }  # fmt: skip
    for _ in range(2):
        assert client.post("/instance/notices/", typed).status_code == 302
    row = FactRow.objects.get(kind="site.instance_settings_changed")
    assert "s3cret" not in str(row.payload)
    page = client.get("/instance/notices/").content.decode()
    assert "s3cret" not in page
    assert "One is stored" in page
    client.post("/instance/notices/", {**typed, "notices-smtp_password": ""})
    assert instance.value("notices.smtp_password") == "s3cret words"


def test_settings_refused_when_malformed(client: Client, admin: Person) -> None:
    page = client.post(
        "/instance/notices/", {"notices-smtp_port": "-1", "notices-mail_from": "nobody", "notices-smtp_tls": "none"}
    ).content.decode()
    assert "Write an address" in page
    assert instance.value("notices.mail_from") == ""
    assert client.get("/instance/nothing/").status_code == 404


def test_settings_of_every_package_are_shown(client: Client, admin: Person) -> None:
    from hallway.site.forms import groups

    shown = "".join(client.get(f"/instance/{group}/").content.decode() for group in groups())
    for key in instance.DECLARED:
        assert f'name="{key.replace(".", "-")}' in shown, key


def test_settings_refused_to_others(client: Client) -> None:
    assert client.get("/instance/").url.startswith("/accounts/login/")
    client.force_login(PersonFactory())
    assert client.get("/instance/").status_code == 403
    assert client.post("/instance/site/", {"site-name": "Mine"}).status_code == 403
    assert client.post("/instance/mail/test/").status_code == 403
    assert instance.value("site.name") == "Hallway"


def test_test_mail_shows_what_the_server_says(client: Client, admin: Person, settings: Any) -> None:
    page = client.post("/instance/mail/test/", follow=True).content.decode()
    assert f"accepted a test mail for {admin.email}" in page
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = client.post(
        "/instance/mail/test/", follow=True, HTTP_REFERER="http://testserver/instance/notices/"
    ).content.decode()
    assert "Nothing listens at 127.0.0.1, port 1" in page


# --- administrators
def test_administrators_named_and_dismissed_from_the_page(client: Client, admin: Person) -> None:
    address = "/instance/administrators/"
    page = client.get(address).content.decode()
    assert "You are alone" in page
    assert 'value="dismiss"' not in page
    page = client.post(address, {"do": "name", "address": "nobody@example.org"}).content.decode()
    assert "Nobody signs in with this address yet" in page
    assert 'value="nobody@example.org"' in page
    other = PersonFactory(name="Zanele Dube")
    client.post(address, {"do": "name", "address": other.email})
    page = client.get(address).content.decode()
    assert page.count('value="dismiss"') == 2
    assert "Zanele Dube became an administrator" in page
    assert client.post(address, {"do": "dismiss", "person": admin.pk}).url == "/me/"
    assert client.get(address).status_code == 403
    client.force_login(other)
    assert (
        "Name another administrator first"
        in client.post(address, {"do": "dismiss", "person": other.pk}).content.decode()
    )
    assert client.post(address, {"do": "dismiss", "person": "x" * 50}).url == address
    assert list(Person.objects.filter(is_administrator=True)) == [other]


def test_administrators_find_what_waits_and_the_settings(client: Client, admin: Person) -> None:
    FoundingRequest.objects.create(community=CommunityFactory(public_at=None), asked_at=clock.now())
    assert 'href="/instance/administrators/"' in client.get("/instance/").content.decode()
    assert 'href="/communities/requests/"' in client.get("/instance/communities/").content.decode()
    page = client.get("/me/").content.decode()
    assert 'href="/communities/requests/"' in page
    assert "1 waits for your answer" in page
    client.force_login(PersonFactory())
    assert "/communities/requests/" not in client.get("/me/").content.decode()


# --- pages about the instance
@pytest.mark.parametrize("name", ["legal", "privacy", "conduct"])
def test_text_page_has_a_good_text_in_both_languages(client: Client, name: str) -> None:
    english, french = (client.get(f"/{name}/", HTTP_ACCEPT_LANGUAGE=code).content.decode() for code in ("en", "fr"))
    assert 'class="prose" lang="en"' in english
    assert 'class="prose" lang="fr"' in french
    assert "<h2>" in english
    assert "<br" not in english + french


def test_text_page_shows_what_the_administrator_wrote_at_once(client: Client, admin: Person) -> None:
    client.post("/instance/pages/", {"site-legal.en": "# Us\n\nWe are <script>we</script>."})
    page = Client().get("/legal/")
    assert "<h2>Us</h2>" in page.content.decode()
    assert "<script>we" not in page.content.decode()
    assert "“Legal notice” is not written in French yet" in client.get("/instance/pages/").content.decode()
    client.post("/instance/pages/", {"site-legal.en": "Us", "site-legal.fr": "Nous"})
    assert "is not written in" not in client.get("/instance/pages/").content.decode()
    assert page["X-Hallway-Store"] == "instance"
