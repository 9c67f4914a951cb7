"""Pages that could not be shown: in the frame, in both languages, with a way on."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from hallway.kit.refusal import NothingHere
from hallway.kit.store import STORE_HEADER
from hallway.site import errors
from hallway.site import urls as site_urls
from tests.factories import PersonFactory

handler400, handler403, handler404, handler500 = (
    site_urls.handler400, site_urls.handler403, site_urls.handler404, site_urls.handler500,
)  # fmt: skip


def fails(request: HttpRequest) -> HttpResponse:
    raise {"bad": BadRequest, "closed": PermissionDenied, "broken": ZeroDivisionError}[request.GET["how"]]


urlpatterns = [path("fails/", fails), *site_urls.urlpatterns]


@pytest.fixture
def failing(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_not_found_offers_a_search_and_four_ways_on_and_is_never_stored(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        answer = client.get("/nowhere/jacaranda-conf_2026/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert 'name="q" value="jacaranda conf 2026"' in page
    for address in ("/events/", "/communities/", "/talks/", "/accounts/login/?next=/nowhere/jacaranda-conf_2026/"):
        assert f'href="{address}"' in page
    assert STORE_HEADER not in answer
    assert answer["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.django_db
@pytest.mark.parametrize("program", [False, True])
def test_not_found_says_why_where_the_page_knows_and_never_what_code_says_of_itself(
    client: Client, program: bool
) -> None:
    headers = {"Accept": "application/json"} if program else {}
    request = client.get("/nowhere/", headers=headers).wsgi_request
    told = errors.not_found(request, NothingHere("Ask for a new link.", way="/q/", words="Type it again"))
    said = told.content.decode()
    assert (told.status_code, "Ask for a new link." in said, 'href="/q/"' in said) == (404, True, not program)
    silent = errors.not_found(request, Http404("No Floor matches the given query.")).content.decode()
    assert ("No Floor" in silent, "There is nothing at this address." in silent) == (False, True)


@pytest.mark.django_db
def test_not_found_in_french_and_signed_in(client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(PersonFactory())
    with django_assert_max_num_queries(4):
        page = client.get("/p/nobody-here/x/", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert "Cette porte ne mène nulle part" in page
    assert "/accounts/login/" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["/%E2%80%AE<script>/", "/%00%ff/", "/" + "x" * 3000, "/.."])
def test_not_found_holds_any_address(client: Client, typed: str) -> None:
    answer = client.get(typed)
    assert answer.status_code == 404
    assert "<script>/" not in answer.content.decode()


def test_words_of_an_address() -> None:
    assert errors.words_of("/e/jacaranda-conf-2026/schedule.xml") == "schedule xml"
    assert errors.words_of("/c/") == ""
    assert errors.words_of(f"/door/12.{'a' * 24}/") == "", "a link that stands for a right"
    assert len(errors.words_of("/" + "ab-" * 400)) <= errors.LONGEST_WORDS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "status", "english", "french"),
    [
        ("bad", 400, "cannot be read", "ne peut pas être lu"),
        ("closed", 403, "This door is closed for you", "Cette porte vous est fermée"),
        ("broken", 500, "Something went wrong", "Une erreur s’est produite"),
    ],
)
def test_each_failure_has_its_page_in_both_languages(
    failing: Client, how: str, status: int, english: str, french: str
) -> None:
    for language, words in (("en", english), ("fr", french)):
        answer = failing.get("/fails/", {"how": how}, HTTP_ACCEPT_LANGUAGE=language)
        page = answer.content.decode()
        assert (answer.status_code, words in page) == (status, True)
        assert 'href="/"' in page
        assert f'<html lang="{language}"' in page
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize(("how", "code"), [("bad", "bad_request"), ("closed", "forbidden"), ("broken", "failed")])
def test_programs_get_a_code_and_a_sentence(failing: Client, how: str, code: str) -> None:
    answer = failing.get("/fails/", {"how": how}, HTTP_ACCEPT="application/json")
    assert answer.json()["code"] == f"site.{code}"
    assert answer.json()["detail"].endswith(".")


def test_our_own_failure_needs_no_database() -> None:
    # Without the mark of a database test, any query fails here.
    request = RequestFactory().get("/", HTTP_ACCEPT_LANGUAGE="fr")
    page = errors.failed(request).content.decode()
    assert "Une erreur s’est produite" in page
    assert "hallway." in page


def test_whole_way_of_a_failure_without_database(client: Client) -> None:
    client.raise_request_exception = False
    client.cookies["hallway_session"] = "somebody"
    answer = client.get("/")
    assert (answer.status_code, "Something went wrong" in answer.content.decode()) == (500, True)


@pytest.mark.django_db
def test_form_from_elsewhere_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(PersonFactory())
    for referer, back in (("http://testserver/me/profile/", True), ("https://evil.example/", False)):
        answer = client.post(
            "/me/name/",
            {"name": "X"},
            HTTP_SEC_FETCH_SITE="cross-site",
            HTTP_REFERER=referer,
            HTTP_ACCEPT_LANGUAGE="fr",
        )
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Ce formulaire n’a pas été envoyé" in page
        assert ("http://testserver/me/profile/" in page) is back
        assert "evil" not in page
        assert 'class="me"' in page


@pytest.mark.django_db
def test_mistyped_event_says_so_and_keeps_the_words_to_search_for(client: Client) -> None:
    page = client.get("/e/jacaranda-conf_2026/").content.decode()
    assert "There is no event at this address." in page
    assert 'name="q" value="jacaranda conf 2026"' in page


@pytest.mark.django_db
def test_link_that_is_not_true_puts_nothing_of_itself_into_the_search(client: Client) -> None:
    answer = client.get(reverse("moderation:appeal", args=[f"12.{'a' * 24}"]), HTTP_ACCEPT_LANGUAGE="fr")
    page = answer.content.decode()
    assert (answer.status_code, "Ouvrez-le de nouveau depuis votre courriel" in page) == (404, True)
    assert 'name="q" value=""' in page
