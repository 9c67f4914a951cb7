"""The team: roles, invitations, and the page a mailed link opens."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.actions import (
    accept_team_invitation,
    change_role,
    decline_team_invitation,
    end_role,
    invite_to_team,
    resend_team_invitation,
    withdraw_team_invitation,
)
from hallway.gathering.communities.forms import InviteForm, RoleForm
from hallway.gathering.communities.models import Community, TeamInvitation, TeamRole
from hallway.kit import access, clock
from hallway.kit.actors import Actor, Visitor
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.people.queries import has_address

from .loading import allow, of_community, reader_of
from .pages import frame


@access.ruled("can_see_team_pages")
@of_community
def team(request: HttpRequest, community: Community) -> HttpResponse:
    """Who helps, until when; whom one has invited; invite more."""
    person = _member(request, community)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = invite_to_team(community=community, invited=form.invited(), by=person, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("communities:team", community.slug)
    context = {
        **frame(community, ""),
        "team": list(queries.team_of(community)),
        "invitations": list(queries.open_invitations(community)),
        "form": form,
        "may_manage": policies.can_manage_team(person, community),
        "now": clock.now(),
    }
    return render(request, "communities/team.html", context)


def _member(request: HttpRequest, community: Community) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101 - signed in, for the type checker
    allow(policies.can_see_team_pages(request.user, community))
    return request.user


@access.ruled("can_manage_team")
@of_community
def invitation_change(request: HttpRequest, community: Community, pk: int) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    person = _member(request, community)
    invitation = get_object_or_404(queries.open_invitations(community), pk=pk)
    if request.method == "POST":
        if request.POST.get("do") == "withdraw":
            withdraw_team_invitation(invitation=invitation, by=person, at=clock.now())
            messages.success(request, _("The invitation is withdrawn."))
        else:
            resend_team_invitation(invitation=invitation, by=person, at=clock.now())
            messages.success(request, _("The invitation is on its way again, with a new link."))
    return redirect("communities:team", community.slug)


@access.ruled("can_manage_team")
@of_community
def role(request: HttpRequest, community: Community, pk: int) -> HttpResponse:
    """Change or end one role; one's own can always be ended."""
    person = _member(request, community)
    held = get_object_or_404(_roles(community), pk=pk)
    if not policies.can_manage_team(person, community) and held.person_id != person.pk:
        raise Http404
    form = RoleForm(
        request.POST if request.POST.get("do") == "change" else None,
        initial={"role": held.role, "ends_on": held.ends_on},
    )
    if request.method == "POST":
        try:
            done = _change_role(request, form, held, person)
        except Refusal as refusal:
            _say(request, form, refusal)
        else:
            if done:
                return redirect(
                    "communities:page" if held.person_id == person.pk else "communities:team", community.slug
                )
    context = {
        **frame(community, ""),
        "held": held,
        "form": form,
        "is_mine": held.person_id == person.pk,
        "may_manage": policies.can_manage_team(person, community),
    }
    return render(request, "communities/role.html", context)


def _roles(community: Community) -> QuerySet[TeamRole]:
    return TeamRole.objects.filter(community=community, ended_at=None).select_related("person", "community")


def _change_role(request: HttpRequest, form: RoleForm, held: TeamRole, person: Person) -> bool:
    if request.POST.get("do") == "end":
        end_role(role=held, by=person, at=clock.now())
        messages.success(request, _("%(name)s is no longer in the team.") % {"name": held.person.name})
        return True
    if not form.is_valid():
        return False
    cleaned = form.cleaned_data
    change_role(role=held, new_role=cleaned["role"], ends_on=cleaned["ends_on"], by=person, at=clock.now())
    messages.success(request, _("Saved."))
    return True


def _say(request: HttpRequest, form: RoleForm, refusal: Refusal) -> None:
    if form.is_bound:
        form.refuse(refusal)
    else:
        messages.error(request, str(refusal.sentence))


@access.by_token
def invitation(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What a mailed invitation opens: who asks, for what, and two buttons; or why it no longer works."""
    community = get_object_or_404(Community.objects.select_related("parent"), slug=slug)
    found = queries.invitation_of(community, token)
    reader = reader_of(request)
    problem = None
    if found is not None and request.method == "POST":
        try:
            if request.POST.get("do") == "decline":
                by: Actor = reader or Visitor("invitation")
                decline_team_invitation(invitation=found, by=by, at=clock.now())
                messages.success(request, _("You have declined. The team sees it; nothing more is needed."))
                return redirect("home")
            if reader is not None:
                accept_team_invitation(invitation=found, by=reader, at=clock.now())
                messages.success(request, _("Welcome to the team of %(name)s.") % {"name": community.name})
                return redirect("communities:page", community.slug)
        except Refusal as refusal:
            problem = refusal.sentence
    context = {
        "community": community,
        "invitation": found,
        "problem": problem,
        "state": "unknown" if found is None else _state(found, reader),
    }
    status = 404 if found is None else 409 if problem else 200
    response = render(request, "communities/invitation.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _state(found: TeamInvitation, reader: Person | None) -> str:
    if found.withdrawn_at is not None:
        return "withdrawn"
    if found.answered_at is not None:
        return "used"
    if found.expires_at <= clock.now():
        return "expired"
    if reader is None:
        return "sign_in"
    return "open" if has_address(reader, found.address) else "foreign"
