"""Taking over a page by the link in a mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock
from hallway.kit.refusal import Refusal

from ..actions import accept_claim
from ..actions.claims import token_hash
from ..models import PersonClaim
from ..queries import open_claim
from .mine import me_of
from .sign_in import login_address


@access.by_token
@never_cache
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose page it is and who invites; a button takes it over. Opening the link changes nothing."""
    found = open_claim(token_hash(token))
    refusal: Refusal | None = None
    if request.method == "POST" and request.user.is_authenticated:
        try:
            person = accept_claim(token=token, by=me_of(request), at=clock.now())
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("This page is yours now. Look it over."))
            return redirect("my_profile" if person.name else "my_name")
    state = _state(found)
    context = {
        "claim": found,
        "refusal": refusal,
        "state": state,
        "login_address": login_address(request.path),
    }
    status = refusal.status if refusal else {"unknown": 404, "used": 410, "expired": 410}.get(state, 200)
    return render(request, "people/claim.html", context, status=status)


def _state(found: PersonClaim | None) -> str:
    if found is None:
        return "unknown"
    if found.accepted_at is not None:
        return "used"
    return "expired" if found.expires_at <= clock.now() else "open"
