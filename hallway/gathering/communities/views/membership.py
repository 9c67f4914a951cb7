"""Joining, following, being named, quitting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hallway.gathering.communities.actions import join_community, quit_community, show_membership
from hallway.gathering.communities.models import Community, Membership
from hallway.kit import access, clock
from hallway.people.models import Person

from .loading import of_community
from .pages import frame


@access.signed_in
@of_community
def membership(request: HttpRequest, community: Community) -> HttpResponse:
    """One's own membership: join or follow, be named or not, leave. Also where signing in leads back to."""
    assert isinstance(request.user, Person)  # noqa: S101 - signed in, for the type checker
    if request.method == "POST":
        return _change(request, community, request.user)
    mine = Membership.objects.filter(community=community, person=request.user).first()
    context = {**frame(community, ""), "mine": mine}
    return render(request, "communities/membership.html", context)


def _change(request: HttpRequest, community: Community, person: Person) -> HttpResponse:
    wanted, at = request.POST.get("do", ""), clock.now()
    if wanted in Membership.Kind.values:
        join_community(community=community, kind=wanted, by=person, at=at)
        if wanted == Membership.Kind.MEMBER:
            messages.success(request, _("You are a member of %(name)s.") % {"name": community.name})
        else:
            messages.success(request, _("You follow %(name)s and hear of its dates.") % {"name": community.name})
        return redirect("communities:page", community.slug)
    if wanted in {"show", "hide"}:
        show_membership(community=community, shown=wanted == "show", by=person, at=at)
        said = _("Your name is shown on the page “People” now.") if wanted == "show" else _("Your name is not shown.")
        messages.success(request, said)
        return redirect("communities:membership", community.slug)
    if wanted == "quit":
        quit_community(community=community, by=person, at=at)
        messages.success(
            request, _("You have left %(name)s. You can come back at any time.") % {"name": community.name}
        )
        return redirect("communities:page", community.slug)
    messages.error(request, _("Choose to follow or to become a member."))
    return redirect("communities:membership", community.slug)
