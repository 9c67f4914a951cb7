from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hallway.kit import clock
from hallway.notices.models import OutboxMail
from hallway.people.actions import block_person, invite_to_claim
from hallway.people.models import Person
from tests.factories import PersonFactory, SpeakingFactory
from tests.kit.test_uploads import picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client, settings: Any, tmp_path: Any) -> Person:
    settings.MEDIA_ROOT = tmp_path
    person = PersonFactory(name="Thabo Nel", slug="thabo-nel", public_at=None)
    client.force_login(person)
    return person


def profile_of(person: Person, **changes: Any) -> dict[str, Any]:
    return {"name": person.name, "slug": person.slug, **changes}


# --- profile
def test_profile_saved_as_typed(client: Client, me: Person) -> None:
    answer = client.post(
        "/me/profile/",
        profile_of(
            me,
            **{
                "places": "Le Cap\n\nPretoria",
                "languages": "français, English",
                "biography.en": "Hello **you**",
                "biography.fr": "Bonjour",
                "links": "example.org/thabo\nhttps://www.example.net",
                "zone": "Africa/Johannesburg",
                "public": "on",
            },
        ),
    )
    assert answer.status_code == 302
    me.refresh_from_db()
    assert (me.places, me.languages) == (["Le Cap", "Pretoria"], ["fr", "en"])
    assert me.biography == {"en": "Hello **you**", "fr": "Bonjour"}
    assert me.links[0] == {"url": "https://example.org/thabo", "label": "example.org/thabo"}
    assert me.public_at is not None
    page = client.get("/me/profile/").content.decode()
    assert "French, English" in page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("links", "javascript:alert(1)", "is not an address on the web"),
        ("links", "https://[", "is not an address on the web"),
        ("links", "\n".join(f"https://example.org/{n}" for n in range(9)), "The limit is 8"),
        ("languages", "Klingonish", "We know none of these languages"),
        ("name", "x" * 20_000, "too long"),
        ("name", "\x00\x07", "This field is required"),
        ("slug", "Nope!", "lower-case letters"),
        ("zone", "Mars/Olympus", "valid choice"),
    ],
)
def test_profile_refused_beside_the_field_and_nothing_half(
    client: Client, me: Person, field: str, typed: str, sentence: str
) -> None:
    before = Person.objects.filter(pk=me.pk).values().get()
    page = client.post("/me/profile/", profile_of(me, tagline="Kept", **{field: typed})).content.decode()
    assert sentence in page
    assert 'value="Kept"' in page
    assert Person.objects.filter(pk=me.pk).values().get() == before


def test_profile_asks_to_sign_in(client: Client) -> None:
    assert client.get("/me/profile/").url == "/accounts/login/?next=/me/profile/"


def test_picture_shown_and_removed(client: Client, me: Person) -> None:
    client.post("/me/picture/", {"picture": SimpleUploadedFile("me.jpg", picture_bytes())})
    me.refresh_from_db()
    assert me.picture.startswith("people/")
    client.post("/me/picture/remove/")
    me.refresh_from_db()
    assert me.picture == ""


def test_picture_refused_with_a_sentence(client: Client, me: Person) -> None:
    page = client.post("/me/picture/", {"picture": SimpleUploadedFile("me.svg", b"<svg/>")}).content.decode()
    assert "We cannot read this file as a picture" in page


def test_name_is_asked_before_any_other_page(client: Client) -> None:
    client.force_login(PersonFactory(name=""))
    answer = client.get("/me/?a=b", HTTP_ACCEPT="text/html")
    assert answer.url == "/me/name/?next=%2Fme%2F%3Fa%3Db"
    away = client.post("/me/name/", {"name": "Zanele", "next": "https://evil.example/"})
    assert away.url == "/me/"


# --- devices
def add_device(person: Person) -> UserSession:
    session = SessionStore()
    session.create()
    return UserSession.objects.create(
        user=person, ip="127.0.0.1", session_key=session.session_key, user_agent="Firefox/140 Android"
    )


@pytest.mark.parametrize("devices", [1, 3])
def test_logins_listed_with_the_same_number_of_queries(
    client: Client, me: Person, devices: int, django_assert_num_queries: Any
) -> None:
    client.get("/me/logins/")
    for _ in range(devices):
        add_device(me)
    with django_assert_num_queries(4):
        page = client.get("/me/logins/").content.decode()
    assert page.count("Firefox on Android</strong>") == devices


def test_login_ended_and_all_others(client: Client, me: Person) -> None:
    one = add_device(me)
    for _ in range(2):
        add_device(me)
    client.post(f"/me/logins/{one.pk}/end/")
    assert not UserSession.objects.filter(pk=one.pk).exists()
    client.post("/me/logins/end/")
    assert UserSession.objects.filter(user=me, user_agent__contains="Firefox").count() == 0
    assert client.get("/me/").status_code == 200


def test_login_of_somebody_else_is_refused(client: Client, me: Person) -> None:
    theirs = add_device(PersonFactory())
    assert client.post(f"/me/logins/{theirs.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=theirs.pk).exists()


# --- export and leaving
def test_export_is_a_zip_with_everything_and_the_picture(client: Client, me: Person) -> None:
    client.post("/me/picture/", {"picture": SimpleUploadedFile("me.jpg", picture_bytes())})
    answer = client.post("/me/export/")
    box = zipfile.ZipFile(io.BytesIO(answer.content))
    people = json.loads(box.read("people.json"))
    assert people["profile"]["email"] == me.email
    assert people["profile"]["picture"] == "picture.webp"
    assert box.read("picture.webp").startswith(b"RIFF")
    readme = box.read("README.txt").decode()
    assert "holds about you" in readme
    assert "conserve à votre sujet" in readme
    assert client.get("/me/export/").status_code == 405


def test_leave_after_typing_the_word(client: Client, me: Person) -> None:
    page = client.post("/me/leave/", {"word": "no"}).content.decode()
    assert "Nothing was deleted" in page
    assert client.post("/me/leave/", {"word": "Leave"}).url == "/"
    me.refresh_from_db()
    assert me.left_at is not None
    assert client.get("/me/").url.startswith("/accounts/login/")


def test_leave_in_french_asks_for_the_french_word(client: Client, me: Person) -> None:
    client.post("/me/leave/", {"word": "« partir »"}, HTTP_ACCEPT_LANGUAGE="fr")
    me.refresh_from_db()
    assert me.left_at is not None


# --- the page of a person
def test_person_page_says_who_it_is_and_can_be_stored(client: Client, django_assert_num_queries: Any) -> None:
    person = PersonFactory(
        name="Aïcha </script><script>", slug="aicha", languages=["fr"], biography={"fr": "**Bonjour**"},
        links=[{"url": "https://example.org/", "label": "example.org"}], places=["Dakar"],
    )  # fmt: skip
    with django_assert_num_queries(3):
        answer = client.get("/p/aicha/")
    page = answer.content.decode()
    assert f"person:{person.pk}" in answer["X-Hallway-Store"]
    assert '<div class="prose" lang="fr" dir="auto"><p><strong>Bonjour</strong></p>' in page
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert data is not None
    assert json.loads(data[1])["name"] == "Aïcha </script><script>"
    assert json.loads(data[1])["knowsLanguage"] == ["fr"]


def test_person_page_hidden_until_public_but_for_oneself(client: Client, me: Person) -> None:
    assert Client().get("/p/thabo-nel/").status_code == 404
    answer = client.get("/p/thabo-nel/")
    assert "Only you see this page" in answer.content.decode()
    assert "X-Hallway-Store" not in answer


def test_person_page_old_address_redirects(client: Client, me: Person) -> None:
    client.post("/me/profile/", profile_of(me, slug="thabo-n", public="on"))
    answer = Client().get("/p/thabo-nel/")
    assert (answer.status_code, answer.url) == (301, "/p/thabo-n/")


# --- claims
def invitation(at: datetime) -> tuple[Person, str]:
    person = PersonFactory(email=None, claimed_at=None, name="Camille Aubert", slug="camille-aubert")
    invite_to_claim(person=person, address="c@example.org", by=PersonFactory(is_administrator=True), at=at)
    path = "/claims/" + OutboxMail.objects.get().text.partition("/claims/")[2].partition("\n")[0]
    return person, path


def test_claim_opened_changes_nothing_and_pressed_takes_over(client: Client, me: Person) -> None:
    person, path = invitation(clock.now())
    assert "Sign in first" in Client().get(path).content.decode()
    assert "Are you Camille Aubert?" in client.get(path).content.decode()
    person.refresh_from_db()
    assert person.merged_into is None
    assert client.post(path).url == "/me/profile/"
    person.refresh_from_db()
    assert person.merged_into == me
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "used already" in answer.content.decode()


def test_claim_expired_or_unknown_says_what_to_do(client: Client, me: Person) -> None:
    _person, path = invitation(clock.now() - timedelta(days=31))
    answer = client.get(path)
    assert (answer.status_code, "Ask the organiser for a new link" in answer.content.decode()) == (410, True)
    answer = client.get("/claims/somebody-elses/")
    assert (answer.status_code, "We do not know this link" in answer.content.decode()) == (404, True)


def test_claim_by_somebody_not_signed_in_does_nothing(client: Client) -> None:
    person, path = invitation(datetime.now(UTC))
    client.post(path)
    person.refresh_from_db()
    assert person.merged_into is None


# --- inviting somebody to claim
@pytest.fixture
def camille() -> Person:
    person: Person = PersonFactory(email=None, claimed_at=None, name="Camille Aubert", slug="camille-aubert")
    return person


@pytest.fixture
def administrator(client: Client) -> Person:
    person: Person = PersonFactory(is_administrator=True, name="Kagiso Radebe", slug="kagiso-radebe")
    client.force_login(person)
    return person


def test_invitation_is_sent_shown_and_sent_again(client: Client, administrator: Person, camille: Person) -> None:
    assert "has no account yet" in client.get("/p/camille-aubert/").content.decode()
    for address in ("c@example.org", "camille@example.org"):
        answer = client.post("/p/camille-aubert/invite/", {"address": address}, follow=True)
        assert f"on its way to {address}" in answer.content.decode()
    page = client.get("/p/camille-aubert/").content.decode()
    assert "You invited camille@example.org. The link is good until" in page
    assert 'value="camille@example.org"' in page
    assert "Send again" in page
    assert camille.claims.count() == 1
    assert set(OutboxMail.objects.values_list("to_address", flat=True)) == {"c@example.org", "camille@example.org"}
    other = Client()
    other.force_login(PersonFactory(is_administrator=True))
    page = other.get("/p/camille-aubert/").content.decode()
    assert "Kagiso Radebe sent an invitation" in page
    assert "camille@example.org" not in page


def test_invitation_to_no_address_is_refused_beside_the_field(
    client: Client, administrator: Person, camille: Person
) -> None:
    for language, words in (("en", "Enter a valid email address"), ("fr", "adresse")):
        answer = client.post("/p/camille-aubert/invite/", {"address": "c@@"}, HTTP_ACCEPT_LANGUAGE=language)
        page = answer.content.decode()
        assert (answer.status_code, words in page, 'value="c@@"' in page) == (200, True, True)
    assert not OutboxMail.objects.exists()


def test_invitation_is_for_those_who_may(client: Client, me: Person, camille: Person) -> None:
    assert 'id="invite"' not in client.get("/p/camille-aubert/").content.decode()
    assert client.post("/p/camille-aubert/invite/", {"address": "c@example.org"}).status_code == 403
    assert 'id="invite"' not in Client().get("/p/camille-aubert/").content.decode()
    assert Client().post("/p/camille-aubert/invite/").url.startswith("/accounts/login/")
    assert not OutboxMail.objects.exists()


def test_nobody_is_invited_who_has_an_account(client: Client, administrator: Person, me: Person) -> None:
    client.force_login(administrator)
    assert 'id="invite"' not in client.get(f"/p/{me.slug}/").content.decode()
    assert client.post(f"/p/{me.slug}/invite/", {"address": "c@example.org"}).status_code == 409
    assert client.post("/p/nobody-here/invite/", {"address": "c@example.org"}).status_code == 404


# --- two entries of one person
def test_merge_search_compare_and_put_together(client: Client, administrator: Person, camille: Person) -> None:
    other = PersonFactory(name="Camille  Aubert-Roux", slug="camille-roux", places=["Lyon"])
    page = client.get("/p/camille-aubert/").content.decode()
    assert "/p/camille-aubert/merge/" in page
    assert "other entry has this name" not in page
    PersonFactory(name=camille.name.upper())
    assert "1 other entry has this name" in client.get("/p/camille-aubert/").content.decode()
    page = client.get("/p/camille-aubert/merge/").content.decode()
    assert '?with=camille-roux"' in page
    assert "Nobody else has that name" in client.get("/p/camille-aubert/merge/", {"q": "zzz"}).content.decode()
    assert "?with=camille-roux" in client.get("/p/camille-aubert/merge/", {"q": "camille-roux"}).content.decode()
    SpeakingFactory(person=camille)
    page = client.get("/p/camille-aubert/merge/?with=camille-roux").content.decode()
    assert page.index("This entry stays") < page.index("camille-roux") < page.index("This entry goes")
    assert "1 talk moves." in page
    assert "/p/camille-aubert/ leads to /p/camille-roux/" in page
    answer = client.post("/p/camille-aubert/merge/?with=camille-roux&keep=camille-roux")
    assert answer.url == "/p/camille-roux/"
    camille.refresh_from_db()
    assert camille.merged_into == other
    assert Client().get("/p/camille-aubert/").url == "/p/camille-roux/"


def test_merge_keeps_the_other_one_when_asked(client: Client, administrator: Person, camille: Person) -> None:
    other = PersonFactory(name="Camille Roux", slug="camille-roux")
    page = client.get("/p/camille-aubert/merge/?with=camille-roux&keep=camille-aubert").content.decode()
    assert "/p/camille-roux/ leads to /p/camille-aubert/" in page
    client.post("/p/camille-aubert/merge/?with=camille-roux&keep=camille-aubert")
    other.refresh_from_db()
    assert other.merged_into == camille


def test_merge_never_takes_the_entry_of_who_presses(client: Client, administrator: Person, camille: Person) -> None:
    page = client.get("/p/camille-aubert/merge/?with=kagiso-radebe&keep=camille-aubert").content.decode()
    assert "/p/camille-aubert/ leads to /p/kagiso-radebe/" in page
    assert "Keep the other one" not in page


def test_merge_is_for_administrators(client: Client, me: Person, camille: Person) -> None:
    assert client.get("/p/camille-aubert/merge/").status_code == 403
    assert client.post("/p/camille-aubert/merge/?with=thabo-nel").status_code == 403
    assert "/merge/" not in client.get("/p/camille-aubert/").content.decode()
    client.force_login(PersonFactory(is_administrator=True))
    assert client.get("/p/nobody-here/merge/").status_code == 404


# --- places
def test_profile_has_a_box_for_each_place(client: Client, me: Person) -> None:
    client.post("/me/profile/", profile_of(me, places=["Le Cap", "", " Pretoria ", "Le Cap"]))
    me.refresh_from_db()
    assert me.places == ["Le Cap", "Pretoria"]
    page = client.get("/me/profile/").content.decode()
    assert page.count('name="places"') == 5
    assert page.count('data-places="/places"') == 5
    assert 'value="Pretoria" aria-label="Place 2"' in page
    page = client.post("/me/profile/", profile_of(me, places=list("abcdef"))).content.decode()
    assert "The limit is 5" in page
    assert page.count('name="places"') == 6


# --- blocking
def test_block_and_unblock_on_the_page(client: Client, me: Person) -> None:
    other = PersonFactory(name="Piet", slug="piet-nel")
    answer = client.post("/me/blocked/", {"person": other.pk, "do": "block", "next": "/p/piet-nel/"})
    assert (answer.status_code, answer["Location"]) == (302, "/p/piet-nel/")
    page = client.get("/p/piet-nel/").content.decode()
    assert "You blocked this person" in page and "do not see each other here any more" in page
    assert "Piet" in client.get("/me/blocked/").content.decode()
    assert "1 person you do not want to meet here" in client.get("/me/").content.decode()
    answer = client.post("/me/blocked/", {"person": other.pk, "do": "unblock"}, follow=True)
    assert "You blocked nobody." in answer.content.decode()
    assert "You blocked this person" not in client.get("/p/piet-nel/").content.decode()


def test_blocked_one_finds_nobody_and_others_find_the_page(client: Client, me: Person) -> None:
    other = PersonFactory(slug="piet-nel")
    block_person(person=me, by=other, at=clock.now())
    assert client.get("/p/piet-nel/").status_code == 404
    assert Client().get("/p/piet-nel/").status_code == 200
    assert "You blocked nobody." in client.get("/me/blocked/").content.decode()


def test_block_leads_nowhere_else(client: Client, me: Person) -> None:
    other = PersonFactory()
    answer = client.post("/me/blocked/", {"person": other.pk, "do": "block", "next": "https://evil.example/"})
    assert answer["Location"] == "/me/blocked/"


@pytest.mark.parametrize("given", ["", "x", "0", "-1", "99999999999999999999", "٣"])
def test_block_of_nobody_is_not_found(client: Client, me: Person, given: str) -> None:
    for do in ("block", "unblock"):
        assert client.post("/me/blocked/", {"person": given, "do": do}).status_code == 404
    provisional = PersonFactory(name="")
    assert client.post("/me/blocked/", {"person": provisional.pk, "do": "block"}).status_code == 404
