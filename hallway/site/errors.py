"""What a person sees when something cannot be shown: in the frame, in both languages, with a way on.

The page for our own failures is made without context and without any query, so that it works when the database does
not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hallway.front.language import language_of
from hallway.kit.links import id_in
from hallway.kit.refusal import NothingHere
from hallway.kit.text import clean

LONGEST_WORDS = 80
NOT_WORDS = re.compile(r"[\W_]+")
FAILED = gettext_noop("Something went wrong on our side. Try again in a moment.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing stands at this address. The words of the address are in the search field already.

    A page that knows why says so instead, with the way on; what other code says of itself is no sentence for people.
    """
    if isinstance(exception, NothingHere):
        words = "" if exception.way else words_of(request.path)
        context = {"way": exception.way, "way_words": exception.words, "search_words": words}
        return _answer(request, "not_found", str(exception.sentence), 404, context)
    sentence = _("There is nothing at this address. The page may have been deleted, or the address mistyped.")
    return _answer(request, "not_found", sentence, 404, {"search_words": words_of(request.path)})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the page is there, but not for this reader."""
    sentence = _("This page is for others. Ask the team it belongs to, or sign in with another address.")
    return _answer(request, "forbidden", sentence, 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request cannot be read."""
    sentence = _("What your browser sent cannot be read. Go back, reload the page and try again.")
    return _answer(request, "bad_request", sentence, 400)


def form_from_elsewhere(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was not sent from our own pages, or from one that is too old."""
    if not hasattr(request, "user"):
        # Refused before anybody asked who it is; the frame shows it.
        request.user = SimpleLazyObject(lambda: get_user(request))  # type: ignore[assignment]  # lazily the same
    sentence = _("This form was open for too long, or came from another site. Nothing was changed.")
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return _answer(request, "form_from_elsewhere", sentence, 403, {"back": back if is_ours else ""})


def failed(request: HttpRequest) -> HttpResponse:
    """500: our own fault. No context, no query, no session."""
    accept = request.headers.get("Accept-Language", "")
    language = language_of(request.META.get("QUERY_STRING", ""), request.COOKIES.get("hallway_language", ""), accept)
    if _is_program(request):
        with translation.override(language):
            return JsonResponse({"code": "site.failed", "detail": _(FAILED)}, status=500)
    response = HttpResponse(_failed_page(language), status=500)
    response["Cache-Control"] = "no-store"
    return response


@cache
def _failed_page(language: str) -> str:
    with translation.override(language):
        return render_to_string("site/errors/failed.html", {"sentence": _(FAILED), "language": language})


def words_of(path: str) -> str:
    """What to look for instead: the last words of an address, ``/e/jacaranda-conf-2026/`` → ``jacaranda conf 2026``.

    Nothing for a link that stands for a right: it has no words, and no part of it belongs into a search.
    """
    parts = [part for part in unquote(path[:400], errors="replace").split("/") if len(part) > 2]
    words = NOT_WORDS.sub(" ", parts[-1] if parts and not any(map(id_in, parts)) else "")
    # Normalising may lengthen a text, at most threefold.
    return clean(words[:LONGEST_WORDS], limit=4 * LONGEST_WORDS, one_line=True)[:LONGEST_WORDS]


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


def _answer(
    request: HttpRequest, name: str, sentence: str, status: int, context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of an error; a code and a sentence for programs. Never kept: it may be true for this reader only."""
    if _is_program(request):
        response: HttpResponse = JsonResponse({"code": f"site.{name}", "detail": sentence}, status=status)
    else:
        response = render(request, f"site/errors/{name}.html", {"sentence": sentence, **(context or {})}, status=status)
    response["Cache-Control"] = "no-store"
    return response
