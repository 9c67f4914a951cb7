"""Writing to the team, for anybody; and what was written, for its organisers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core.internal import ratelimit
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.actions import write_to_team
from hallway.gathering.communities.forms import WriteForm
from hallway.gathering.communities.models import Community
from hallway.kit import access, clock
from hallway.kit.actors import Actor
from hallway.kit.refusal import NothingHere, Refusal
from hallway.kit.visitors import know_again, new_visitor, visitor_of
from hallway.people.models import Person

from .loading import allow, of_community, page_of, reader_of
from .pages import frame

A_PAGE = 25
# Without an account, from one network address. A room shares one, so there are some.
PACE = {"visitor": "20/h/ip"}


@access.public
@never_cache
@of_community
def write(request: HttpRequest, community: Community) -> HttpResponse:
    """A few words to those who run the community."""
    return write_page(
        request, community, writer=reader_of(request), back=reverse("communities:page", args=[community.slug])
    )


def write_page(
    request: HttpRequest,
    community: Community,
    *,
    writer: Person | None,
    back: str,
    about: str = "",
    may_write: Callable[[Actor], bool] | None = None,
    send: Callable[..., Any] | None = None,
) -> HttpResponse:
    """The page of the form, for this and for higher packages: ``send`` is their action, ``about`` what it is about.

    ``writer`` is whoever is known, signed in or by a link that was mailed to them; somebody unknown is their device.
    """
    if not policies.can_view_community(writer, community):
        raise NothingHere(_("This community is not open at the moment, so nobody can write to it."))
    by = writer or visitor_of(request) or new_visitor()
    form = WriteForm(request.POST or None, writer=writer)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _send(request, form, community, by, send)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            response = redirect(f"{request.path}?sent")
            return know_again(response, by) if not isinstance(by, Person) else response
    context = {
        **frame(community, ""), "form": form, "writer": writer, "about": about, "back": back,
        "may": policies.can_write_to_team(by, community) and (may_write is None or may_write(by)),
        "sent": "sent" in request.GET and request.method == "GET",
    }  # fmt: skip
    return render(request, "communities/write.html", context, status=status)


def _send(
    request: HttpRequest, form: WriteForm, community: Community, by: Any, send: Callable[..., Any] | None
) -> None:
    if not isinstance(by, Person) and not ratelimit.consume(
        request, app="hallway.communities", action="visitor", config=PACE
    ):
        raise Refusal(
            "message.flood",
            _("Very many messages come from your network. Sign in to send yours, or come back in an hour."),
            status=429,
        )
    if send is None:
        write_to_team(community=community, by=by, at=clock.now(), **form.said)
    else:
        send(by=by, at=clock.now(), **form.said)


@access.ruled("can_read_messages")
@of_community
def messages(request: HttpRequest, community: Community) -> HttpResponse:
    """What people wrote to the team in the last ninety days, latest first."""
    allow(policies.can_read_messages(reader_of(request), community))
    rows = queries.messages_visible_to(reader_of(request), community)
    page = Paginator(rows, A_PAGE).get_page(page_of(request))
    return render(request, "communities/messages.html", {**frame(community, ""), "page": page})
