"""Whom I blocked: seen by me alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.kit import access, clock
from hallway.kit.refusal import NothingHere

from ..actions import block_person, unblock_person
from ..models import Person
from ..queries import blocked_by
from .mine import me_of


@access.signed_in
@never_cache
def blocked(request: HttpRequest) -> HttpResponse:
    """Those I blocked, and the way back. Other pages send their “Block” here."""
    me = me_of(request)
    if request.method == "POST":
        return _change(request, me)
    context = {"blocks": list(blocked_by(me)), "tab": "me", "zone": me.zone or "UTC"}
    return render(request, "people/blocked.html", context)


def _change(request: HttpRequest, me: Person) -> HttpResponse:
    given = request.POST.get("person", "")
    pk = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
    person = Person.objects.filter(pk=pk, left_at=None, merged_into=None).exclude(name="").first()
    if person is None:
        raise NothingHere(_("There is nobody to block here any more."))
    if request.POST.get("do") == "unblock":
        unblock_person(person=person, by=me, at=clock.now())
        messages.success(request, _("You and %(name)s can see each other again.") % {"name": person.name})
        return redirect("my_blocked")
    block_person(person=person, by=me, at=clock.now())
    said = _("You and %(name)s do not see each other here any more. Nobody tells them; you find them under “Blocked”.")
    messages.success(request, said % {"name": person.name})
    onward = request.POST.get("next", "")
    return redirect(onward if url_has_allowed_host_and_scheme(onward, {request.get_host()}) else "my_blocked")
