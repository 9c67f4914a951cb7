"""Somebody without an account, known again by a signed cookie of their device, written when they first do something.

Strictly necessary: it holds one random number and nothing else, and no script can read it. Reading pages sets none.
Beside it goes a flag that scripts can read: pages everybody shares ask for what is one's own where it is set, and
nowhere else. The server sets it, with the cookie it speaks of, so that both are there from the same moment and for the
same time; what scripts keep would come later, and some browsers drop that within a week.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from .actors import Visitor

COOKIE = "hallway_device"
KNOWN = "hallway_known"
KEPT = timedelta(days=400)
_SALT = "hallway.visitors"


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Who this device was before; None for a device that never did anything, or a cookie that is not ours."""
    try:
        return Visitor(str(UUID(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT))))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def new_visitor() -> Visitor:
    """Somebody never seen before."""
    return Visitor(str(uuid4()))


def know_again(response: HttpResponse, visitor: Visitor) -> HttpResponse:
    """Let the device be known by its next request."""
    response.set_cookie(
        COOKIE,
        signing.dumps(visitor.device, salt=_SALT),
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return flag_known(response)


def flag_known(response: HttpResponse) -> HttpResponse:
    """Say to the scripts of this device that there is something of its own to ask for."""
    response.set_cookie(
        KNOWN,
        "1",
        max_age=int(KEPT.total_seconds()),
        httponly=False,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
