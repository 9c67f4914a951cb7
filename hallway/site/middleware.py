"""The few things every request goes through."""

from __future__ import annotations

import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from hallway.front.language import language_of
from hallway.kit import remembered
from hallway.kit.refusal import Refusal
from hallway.kit.store import QUERY_HEADER, STORE_HEADER, UNTIL_HEADER, carry_along

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]


class SecurityHeadersMiddleware:
    """Headers that Django's own middleware does not set; the front repeats them on stored answers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


class StoredPagesMiddleware:
    """Takes the mark of a stored page away when the answer is somebody's own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if STORE_HEADER not in response:
            return response
        user = getattr(request, "user", None)
        personal = (
            request.method not in {"GET", "HEAD"}
            or (user is not None and user.is_authenticated)
            or bool(response.cookies)
            or "hallway_session" in request.COOKIES
            or response.status_code != 200
        )
        if personal:
            for header in (STORE_HEADER, UNTIL_HEADER, QUERY_HEADER):
                response.headers.pop(header, None)
            response.headers.setdefault("Cache-Control", "private, no-cache")
        else:
            carry_along(request, response)
            response.headers.setdefault("Cache-Control", "public, no-cache")
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


class OneLookMiddleware:
    """A request that only reads asks once what has changed since the last one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with remembered.one_look():
            return self.get_response(request)


class LanguageMiddleware:
    """``?lang=``, else the cookie, else the browser's wish; worked out as the front does."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(
            request.META.get("QUERY_STRING", ""),
            request.COOKIES.get("hallway_language", ""),
            request.headers.get("Accept-Language", ""),
        )
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SameOriginMiddleware(CsrfViewMiddleware):
    """Forms stand on stored pages, which carry no token: the browser's word on where a request came from decides.

    Browsers that do not send ``Sec-Fetch-Site`` or ``Origin`` fall back to Django's token.
    """

    def process_view(self, request, callback, callback_args, callback_kwargs):  # type: ignore[no-untyped-def]  # as Django has it
        site = request.headers.get("Sec-Fetch-Site")
        if site in {"same-origin", "none"}:
            request.csrf_processing_done = True
            return None
        if site is None and request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}":
            request.csrf_processing_done = True
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class ZoneMiddleware:
    """A signed-in reader's zone; pages show the venue's beside it where they differ."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "zone", "") if request.user.is_authenticated else ""
        if not zone:
            return self.get_response(request)
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)


class NameMiddleware:
    """Somebody new has no name yet: whatever page they turn to asks for it first."""

    _free = (
        "/me/name/",
        "/me/leave/",
        "/me/export/",
        "/accounts/",
        "/claims/",
        "/static/",
        "/media/",
        "/instance/start/",
    )

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nameless = request.user.is_authenticated and not getattr(request.user, "name", "")
        asks = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if nameless and asks and not request.path.startswith(self._free):
            return redirect(f"/me/name/?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)


class RefusalMiddleware:
    """A refusal nobody caught becomes a sentence: JSON for programs, else a message and the page one came from."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        log.info("refused: %s", error.code)
        if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"code": error.code, "detail": str(error.sentence)}, status=error.status)
        back = request.headers.get("Referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(back, {request.get_host()}):
            messages.error(request, str(error.sentence))
            return redirect(back)
        return render(request, "site/refused.html", {"refusal": error}, status=error.status)
