"""Signing in as people do it: by a code in a mail that a real mail server took."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hallway.kit import clock, instance
from hallway.notices.models import OutboxMail
from hallway.notices.sweeps import send_due_mail
from hallway.people.models import Person
from tests.factories import AdmissionFactory, EventFactory, PersonFactory
from tests.notices.test_sweeps import Letterbox, letterbox  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

HTML = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def ask(client: Client, email: str = "new@example.org", **headers: Any) -> Any:
    return client.post(reverse("account_request_login_code"), {"email": email}, **headers)


def newest_code() -> str:
    return re.search(r"[A-Z]{4}-[A-Z]{4}", OutboxMail.objects.order_by("-pk")[0].text)[0]


def hand_in(client: Client, code: str, **more: str) -> Any:
    return client.post(reverse("account_confirm_login_code"), {"code": code, **more})


def test_sign_in_by_a_code_from_a_real_mail_server(client: Client, letterbox: Letterbox) -> None:  # noqa: F811 - a fixture
    assert ask(client).url == reverse("account_confirm_login_code")
    assert send_due_mail() == 1
    [mail] = letterbox.taken
    plain, html = (part.get_payload(decode=True).decode() for part in mail.get_payload())
    code = re.search(r"[A-Z]{4}-[A-Z]{4}", plain)[0]
    assert code in mail["Subject"]
    assert f"/accounts/code/{code}/" in plain
    assert f"/accounts/code/{code}/" in html
    assert "<style" not in html
    assert hand_in(client, code).url == "/me/name/?next=/me/"
    person = Person.objects.get(email="new@example.org")
    assert person.claimed_at is not None
    assert EmailAddress.objects.get(user=person).verified
    answer = client.post("/me/name/", {"name": "Thabo Nel", "next": "/events/"})
    assert answer.url == "/events/"
    person.refresh_from_db()
    assert (person.name, person.slug) == ("Thabo Nel", "thabo-nel")


def test_sign_in_mail_is_in_the_language_of_the_page(client: Client) -> None:
    ask(client, HTTP_ACCEPT_LANGUAGE="fr")
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.language) == ("sign_in", "fr")
    assert "est votre code pour Hallway" in mail.subject
    assert "quinze minutes" in mail.text


def test_known_and_unknown_addresses_get_the_same_answer(client: Client) -> None:
    PersonFactory(email="known@example.org")
    answers = [ask(Client(), email) for email in ("known@example.org", "unknown@example.org")]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    subjects = {re.sub("[A-Z]{4}-[A-Z]{4}", "", mail.subject) for mail in OutboxMail.objects.all()}
    assert len(subjects) == 1


def test_mail_scanner_that_follows_the_link_changes_nothing(client: Client) -> None:
    ask(client)
    code = newest_code()
    scanner = Client()
    for _ in range(3):
        page = scanner.get(reverse("open_code", args=[code]))
        assert code in page.content.decode()
        assert 'action="/accounts/login/code/confirm/"' not in page.content.decode()
    page = client.get(reverse("open_code", args=[code]), **HTML)
    assert f'value="{code}"' in page.content.decode()
    assert "_auth_user_id" not in client.session
    assert hand_in(client, code).status_code == 302
    assert "_auth_user_id" in client.session


def test_code_works_only_in_the_browser_that_asked(client: Client) -> None:
    ask(client)
    thief = Client()
    assert hand_in(thief, newest_code()).url.startswith("/accounts/login")
    assert "_auth_user_id" not in thief.session


def test_code_handed_in_twice_signs_in_once(client: Client) -> None:
    PersonFactory(email="known@example.org")
    ask(client, "known@example.org")
    code = newest_code()
    answers = [hand_in(client, code, next="/events/") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == "/events/"
    assert client.get("/me/").status_code == 200


def test_wrong_codes_end_after_five_with_a_sentence(client: Client) -> None:
    ask(client)
    code = newest_code()
    for _ in range(4):
        page = hand_in(client, "WRON-GONE")
        assert "This is not the code" in page.content.decode()
    page = client.post(reverse("account_confirm_login_code"), {"code": "WRON-GONE"}, follow=True)
    assert "Wait a few minutes" in page.content.decode()
    hand_in(client, code)
    assert "_auth_user_id" not in client.session


def test_limit_by_address_is_refused_with_a_sentence(client: Client) -> None:
    for _ in range(3):
        assert ask(Client()).status_code == 302
    refused = ask(client)
    assert "Too many attempts for this address" in refused.content.decode()
    assert 'value="new@example.org"' in refused.content.decode()
    assert ask(client, "other@example.org").status_code == 302
    assert OutboxMail.objects.count() == 4


def test_an_address_nobody_confirmed_has_three_mails_a_day_however_it_is_typed(client: Client) -> None:
    admission = AdmissionFactory(
        event=EventFactory(starts_at=clock.now() + timedelta(days=9), ends_at=clock.now() + timedelta(days=10))
    )
    register = {"path": f"/e/{admission.event.slug}/register/", "headers": {"Sec-Fetch-Site": "same-origin"}}

    def registers(email: str) -> Any:
        return Client().post(data={"address": email}, **register)

    def mails() -> int:
        return OutboxMail.objects.filter(to_address__icontains="new").count()

    first = ask(Client(), follow=True).content.decode()
    assert "Look at your mail" in registers("New@Example.org").content.decode()
    ask(Client(), "NEW+1@example.org")
    assert mails() == 3
    cache.clear()  # the limits by minute and hour, which would refuse before
    last = ask(Client(), follow=True).content.decode()
    assert "Look at your mail" in registers("new+2@example.org").content.decode()
    assert mails() == 3
    assert "We write three times a day at most to an address nobody has confirmed." in last
    assert plain(first) == plain(last)
    PersonFactory(email="known@example.org", slug="known")
    EmailAddress.objects.create(user=Person.objects.get(slug="known"), email="known@example.org", verified=True)
    for _time in range(5):
        cache.clear()
        assert plain(
            ask(Client(), "known@example.org", follow=True).content.decode().replace("known@", "new@")
        ) == plain(last)
    assert OutboxMail.objects.filter(to_address="known@example.org").count() == 5


def plain(page: str) -> str:
    """A page without what is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|\?v=\w+', "", page)


def test_limit_by_address_outlasts_requests_for_many_others(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "request_login_code": "3/m/key"}
    for _ in range(3):
        ask(Client())
    for number in range(1_000):
        cache.set(f"other-{number}", number)
    assert "Too many attempts for this address" in ask(client).content.decode()


def test_link_to_a_new_password_names_this_instance_whatever_host_was_asked(client: Client) -> None:
    person = PersonFactory(email="thabo@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    person.set_password("kiln-night-2040")
    person.save()
    client.post(reverse("account_reset_password"), {"email": person.email}, HTTP_HOST="127.0.0.1:6666")
    text = OutboxMail.objects.get(to_address=person.email).text
    assert "http://localhost:8000/accounts/password/reset/key/" in text
    assert "127.0.0.1" not in text


def test_limit_by_network_address_is_refused_with_a_page(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    for _ in range(2):
        client.post(reverse("account_login"), {"login": "a@example.org", "password": "x"})
    refused = client.post(
        reverse("account_login"), {"login": "a@example.org", "password": "x"}, HTTP_ACCEPT_LANGUAGE="fr"
    )
    assert refused.status_code == 429
    assert "Trop de tentatives" in refused.content.decode()


def test_limit_of_the_whole_instance_is_refused_with_a_sentence(client: Client, settings: Any) -> None:
    settings.INSTANCE_RATE_LIMITS = {"sign_in_mail": "2/m/key"}
    for number in range(2):
        ask(Client(REMOTE_ADDR=f"10.0.0.{number}"), f"p{number}@example.org")
    refused = ask(Client(REMOTE_ADDR="10.0.0.9"), "p9@example.org")
    assert "Very many people are signing in just now" in refused.content.decode()
    assert OutboxMail.objects.count() == 2


def test_sign_in_refused_to_somebody_whose_account_is_closed(client: Client) -> None:
    PersonFactory(email="closed@example.org", is_active=False)
    ask(client, "closed@example.org")
    answer = client.post(reverse("account_confirm_login_code"), {"code": newest_code()}, follow=True)
    assert "This account is closed" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_password_wrong_is_refused_in_our_words(client: Client) -> None:
    page = client.post(reverse("account_login"), {"login": "a@example.org", "password": "x"})
    assert "do not belong together" in page.content.decode()


def test_change_of_an_account_is_mailed(client: Client) -> None:
    person = PersonFactory()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    client.force_login(person)
    words = "the hallway stays open for ever"
    assert client.post(reverse("account_set_password"), {"password1": words, "password2": words}).status_code == 302
    mail = OutboxMail.objects.get()
    assert mail.subject == "A password was set"
    assert "/me/logins/" in mail.text


def test_added_address_is_confirmed_by_a_code_and_the_link_knows_it(client: Client) -> None:
    person = PersonFactory()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    client.force_login(person)
    client.post(reverse("account_email"), {"action_add": "", "email": "second@example.org"})
    code = newest_code()
    page = client.get(reverse("open_code", args=[code])).content.decode()
    assert 'action="/accounts/confirm-email/"' in page
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert EmailAddress.objects.get(email="second@example.org").verified


def test_sign_in_asks_for_the_second_lock_only_with_an_authenticator_app(client: Client) -> None:
    from allauth.mfa.models import Authenticator

    person = PersonFactory(email="known@example.org")
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"})
    ask(client, "known@example.org")
    assert hand_in(client, newest_code()).url == "/me/"
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    other = Client()
    ask(other, "known@example.org")
    assert hand_in(other, newest_code()).url == reverse("mfa_authenticate")


def arrived(client: Client, email: str = "new@example.org") -> Person:
    """Somebody new, signed in a moment ago by the code of a mail, with a name."""
    ask(client, email)
    hand_in(client, newest_code())
    client.post("/me/name/", {"name": "Thabo Nel"})
    return Person.objects.get(email=email)


def six_figures(secret: str) -> str:
    """What an authenticator app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


@time_machine.travel(datetime(2026, 10, 8, 9, 0, 1, tzinfo=UTC), tick=False)
def test_authenticator_app_set_up_then_asked_for_and_limited(client: Client) -> None:
    instance.change({"site.name": "Highveld Hallway"})
    arrived(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "data:image/svg+xml" in page
    secret = re.search(r'id="authenticator_secret" value="([A-Z2-7]+)"', page)[1]
    assert "issuer=Highveld" in get_adapter().build_totp_url(Person.objects.get(), secret)
    assert "This field is required" in client.post("/accounts/2fa/totp/activate/", {"code": ""}).content.decode()
    answer = client.post("/accounts/2fa/totp/activate/", {"code": six_figures(secret)})
    assert answer.url == "/accounts/2fa/recovery-codes/"
    # From now on whatever protects the account is shown after the figures alone.
    asked = client.get(answer.url)
    assert asked.url.startswith("/accounts/2fa/reauthenticate/")
    client.post(asked.url, {"code": six_figures(secret)})
    spare = re.search(r"<li><code>(\d{8})</code>", client.get(answer.url).content.decode())[1]
    client.post("/accounts/logout/")
    cache.clear()
    ask(client)
    assert hand_in(client, newest_code()).url.startswith("/accounts/2fa/authenticate/")
    wrong = [client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode() for _ in range(6)]
    assert "These are not the figures your app shows now." in wrong[0]
    assert "Too many attempts for this address" in wrong[5]
    assert client.get("/me/").url.startswith("/accounts/login/")
    cache.clear()
    assert client.post("/accounts/2fa/authenticate/", {"code": spare}).url == "/me/"


def test_password_set_used_and_limited(client: Client) -> None:
    arrived(client)
    words = "three hedgehogs on a slow ferry"
    assert client.post("/accounts/password/set/", {"password1": words, "password2": words}).status_code == 302
    client.post("/accounts/logout/")
    wrong = [
        client.post("/accounts/login/", {"login": "new@example.org", "password": f"wrong {n}"}).content.decode()
        for n in range(6)
    ]
    assert "do not belong together" in wrong[0]
    assert "Too many attempts for this address" in wrong[5]
    right = {"login": "new@example.org", "password": words}
    assert "Too many attempts for this address" in client.post("/accounts/login/", right).content.decode()
    cache.clear()
    assert client.post("/accounts/login/", right).url == "/me/"


def test_passkeys_and_new_passwords_are_limited_by_network_address(client: Client, settings: Any) -> None:
    settings.MFA_RATE_LIMITS = {"webauthn_login": "2/m/ip"}
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reset_password": "2/m/ip"}
    for path, data in (
        ("/accounts/2fa/webauthn/login/", {}),
        ("/accounts/password/reset/", {"email": "x@example.org"}),
    ):
        statuses = [client.post(path, data).status_code for _ in range(3)]
        assert statuses[-1] == 429, path
        assert 429 not in statuses[:2], path


def test_sign_in_site_that_does_not_answer_is_said(client: Client, settings: Any) -> None:
    app = {"client_id": "x", "secret": "y", "provider_id": "oidc", "name": "Keycloak",
           "settings": {"server_url": "http://127.0.0.1:1"}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    assert "Continue with Keycloak" in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/oidc/login/").status_code == 200
    answer = client.post("/accounts/oidc/oidc/login/")
    assert answer.status_code == 401
    assert "The other site sent you back without signing you in" in answer.content.decode()
    assert client.get("/accounts/oidc/other/login/").status_code == 404


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/accounts/login/", "Entrez"),
        ("/accounts/password/reset/", "Un nouveau mot de passe"),
        ("/accounts/password/reset/done/", "Consultez votre messagerie"),
        ("/accounts/password/reset/key/done/", "Votre mot de passe est changé"),
        ("/accounts/password/reset/key/1-x/", "Ce lien ne sert plus"),
        ("/accounts/inactive/", "Ce compte est fermé"),
        ("/accounts/3rdparty/login/cancelled/", "Vous avez annulé"),
        ("/accounts/3rdparty/login/error/", "Cela n’a pas marché"),
        ("/accounts/code/ABCD-EFGH/", "Voici votre code"),
    ],
)
def test_entrance_pages_in_french(client: Client, path: str, sentence: str) -> None:
    page = client.get(path, HTTP_ACCEPT_LANGUAGE="fr", follow=True).content.decode()
    assert sentence in page
    assert '<main id="main">' in page


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/accounts/email/", "Vos adresses électroniques"),
        ("/accounts/password/set/", "Définir un mot de passe"),
        ("/accounts/2fa/", "Vos moyens de connexion"),
        ("/accounts/2fa/totp/activate/", "Activer une application"),
        ("/accounts/2fa/webauthn/", "Clés d’accès"),
        ("/accounts/2fa/webauthn/add/", "Ajouter une clé d’accès"),
        ("/accounts/3rdparty/", "Sites reliés"),
        ("/accounts/logout/", "Se déconnecter ?"),
        ("/accounts/sessions/", "Vos appareils"),
        ("/me/", "Ce qui est à vous"),
        ("/me/profile/", "Votre profil"),
        ("/me/leave/", "Partir pour de bon"),
    ],
)
def test_account_pages_in_french(client: Client, path: str, sentence: str) -> None:
    client.force_login(PersonFactory())
    page = client.get(path, HTTP_ACCEPT_LANGUAGE="fr", follow=True).content.decode().replace("\u202f", " ")
    assert sentence in page
    assert "kit/hallway" in page
