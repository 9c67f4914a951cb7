"""Who may open a page. Every view declares a rule; a view without one does not start (a system check sees to it)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Anybody may open it; what they see goes through ``visible_to``."""
    view.access_rule = "public"  # type: ignore[attr-defined]  # functions carry their rule
    return view


def signed_in(view: View) -> View:
    """Only people who signed in; others are asked to, and come back to the same page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.access_rule = "signed in"  # type: ignore[attr-defined]  # functions carry their rule
    return guarded


def ruled(rule: str) -> Callable[[View], View]:
    """The view asks a policy itself, named here for the reader and for the check (``can_edit_event``)."""

    def declare(view: View) -> View:
        guarded = signed_in(view)
        guarded.access_rule = rule  # type: ignore[attr-defined]  # functions carry their rule
        return guarded

    return declare


def by_token(view: View) -> View:
    """Whoever holds the link: a token in the address stands for the right. No search engine and no cache keeps it."""

    @wraps(view)
    def unlisted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    unlisted.access_rule = "token"  # type: ignore[attr-defined]  # functions carry their rule
    return unlisted
