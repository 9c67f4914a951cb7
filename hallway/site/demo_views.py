"""The demonstration's own pages: its mail, and signing in by one click. They exist in a demonstration only."""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hallway.kit import access
from hallway.notices.letters import Attachment
from hallway.notices.models import OutboxMail
from hallway.people.models import Person

from .demo.people import WHO

NEWEST = 50


def _only_from_here(request: HttpRequest) -> None:
    """Whoever is not at this machine finds nothing."""
    try:
        local = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        local = False
    if not local or "X-Forwarded-For" in request.headers:
        raise Http404


@access.public
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Every mail the demonstration wrote, newest first; none of it leaves."""
    _only_from_here(request)
    mails, address = OutboxMail.objects.order_by("-pk"), request.GET.get("to", "")[:254]
    mails = mails.filter(to_address=address) if address else mails
    return render(request, "site/demo_inbox.html", {"mails": mails[:NEWEST], "address": address})


@access.public
@never_cache
def attached(request: HttpRequest, mail: int, filename: str) -> HttpResponse:
    """A file that goes with a mail, to try it in a calendar."""
    _only_from_here(request)
    files = get_object_or_404(OutboxMail, pk=mail).attachments
    file = next((Attachment(**given) for given in files if given["filename"] == filename), None)
    if file is None:
        raise Http404
    response = HttpResponse(file.text.encode(), content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.filename}"'
    return response


@access.public
@require_POST
def sign_in(request: HttpRequest, who: str) -> HttpResponse:
    """Become one of the invented people: by the part they play, or by the slug of their page."""
    _only_from_here(request)
    slug = WHO.get(who, who)
    person = Person.objects.filter(slug=slug, is_active=True, left_at=None, merged_into=None).first()
    if person is None:
        raise Http404
    get_adapter(request).login(request, person)
    UserSession.objects.create_from_request(request)
    messages.success(request, _("You are %(name)s now.") % {"name": person.name})
    wanted = request.POST.get("next", "")
    return redirect(wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "home")
