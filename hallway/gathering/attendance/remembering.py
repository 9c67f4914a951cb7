"""What this device registered for, so that pages recognise it without an account: ids in one signed cookie.

Strictly necessary: it is written when somebody registers here, holds nothing but ids of registrations, and no
script can read it; that it is there, a flag beside it says (``kit.visitors``).
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from hallway.kit.visitors import KEPT, flag_known

from .models import Registration

COOKIE = "hallway_registrations"
MOST = 20
_SALT = "hallway.attendance.remembering"


def remember(request: HttpRequest, response: HttpResponse, registration: Registration) -> None:
    """Let this device know the registration again: the newest first, and beyond twenty the oldest is forgotten."""
    ids = [registration.pk, *(pk for pk in _ids(request) if pk != registration.pk)]
    response.set_cookie(
        COOKIE,
        signing.dumps(ids[:MOST], salt=_SALT),
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    flag_known(response)


def remembered(request: HttpRequest) -> list[Registration]:
    """What this device registered for, newest first; nothing for a cookie that is not ours, or too old."""
    ids = _ids(request)
    if not ids:
        return []
    rows = Registration.objects.filter(pk__in=ids, person__left_at=None).select_related(
        "person", "admission__event__community", "admission__event__venue"
    )
    return sorted(rows, key=lambda row: ids.index(row.pk))


def _ids(request: HttpRequest) -> list[int]:
    try:
        ids: list[int] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        return []
    return ids
