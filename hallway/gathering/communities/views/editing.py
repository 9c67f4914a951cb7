"""Editing a community: its words, picture, whether it is seen, its network, its trail."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.actions import (
    answer_network,
    ask_founding_again,
    ask_network,
    edit_community,
    hide_community,
    leave_network,
    publish_community,
    set_picture,
    show_community,
    unpublish_community,
    withdraw_network_question,
)
from hallway.gathering.communities.forms import EditForm, NetworkForm
from hallway.gathering.communities.models import Community
from hallway.kit import access, clock, trail, uploads
from hallway.kit.refusal import Refusal
from hallway.people.models import Person

from .loading import allow, of_community
from .pages import frame


@access.ruled("can_edit_community")
@of_community
def edit(request: HttpRequest, community: Community) -> HttpResponse:
    """Everything the community says of itself."""
    person = _organiser(request, community)
    form = EditForm(request.POST or None, request.FILES or None, community=community)
    if request.method == "POST" and form.is_valid():
        try:
            slug = _save(form, community, person)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("communities:page", slug)
    return render(request, "communities/edit.html", {**frame(community, ""), "form": form})


def _organiser(request: HttpRequest, community: Community) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101 - signed in, for the type checker
    allow(policies.can_edit_community(request.user, community))
    return request.user


def _save(form: EditForm, community: Community, person: Person) -> str:
    at, before = clock.now(), community.picture
    upload = form.cleaned_data.get("picture")
    # The picture is read first: one that cannot be shown leaves everything else as it was.
    picture = uploads.picture_from(upload) if upload else None
    changes = form.changes()
    edit_community(community=community, changes=changes, by=person, at=at)
    if picture is not None:
        name = uploads.keep_file("communities", picture, owner=f"community:{community.pk}")
        set_picture(community=community, picture=name, by=person, at=at)
    elif form.cleaned_data.get("remove_picture"):
        set_picture(community=community, picture="", by=person, at=at)
        uploads.remove_file(before)
    return str(changes["slug"])


@access.ruled("can_edit_community")
@of_community
def visibility(request: HttpRequest, community: Community) -> HttpResponse:
    """Publish, take back, hide, show, or ask the administrators once more."""
    assert isinstance(request.user, Person)  # noqa: S101 - signed in, for the type checker
    choices = {
        "publish": (publish_community, _("The page can be seen by everybody now.")),
        "unpublish": (unpublish_community, _("Only the team can see the page now.")),
        "hide": (hide_community, _("The community is hidden now.")),
        "show": (show_community, _("The community is shown again.")),
        "ask": (ask_founding_again, _("An administrator looks at it now. You get a mail when it is decided.")),
    }
    chosen = choices.get(request.POST.get("do", ""))
    if request.method == "POST" and chosen is not None:
        action, said = chosen
        action(community=community, by=request.user, at=clock.now())
        messages.success(request, said)
        return redirect("communities:page", community.slug)
    allow(policies.can_edit_community(request.user, community))
    context = {**frame(community, ""), "may_edit": True, "may_hide": policies.can_hide_community(request.user)}
    return render(request, "communities/visibility.html", context)


@access.ruled("can_edit_community")
@of_community
def network(request: HttpRequest, community: Community) -> HttpResponse:
    """The network above, and questions from communities that want to be below."""
    person = _organiser(request, community)
    question = queries.network_question_of(community)
    form = NetworkForm(request.POST if request.POST.get("do") == "ask" else None, reader=person)
    if request.method == "POST":
        try:
            said = _change_network(request, community, form, person)
        except Refusal as refusal:
            form.is_bound = True
            if not form.is_valid() or refusal.field:
                form.refuse(refusal)
            else:
                messages.error(request, str(refusal.sentence))
        else:
            if said:
                messages.success(request, said)
                return redirect("communities:network", community.slug)
    context = {
        **frame(community, ""),
        "form": form,
        "question": question,
        "asked": list(queries.network_questions_to(community)),
        "chapters": list(queries.chapters_of(community, person)),
    }
    return render(request, "communities/network.html", context)


def _change_network(request: HttpRequest, community: Community, form: NetworkForm, person: Person) -> str:
    """Do what the pressed button says; the sentence about it, or "" when the form is not right yet."""
    wanted, at = request.POST.get("do"), clock.now()
    if wanted == "ask":
        if not form.is_valid():
            return ""
        parent = form.cleaned_data["parent"]
        ask_network(community=community, parent=parent, by=person, at=at)
        return _("%(name)s is asked. You see here when they answer.") % {"name": parent.name}
    if wanted == "withdraw":
        question = queries.network_question_of(community)
        if question is not None:
            withdraw_network_question(question=question, by=person, at=at)
        return _("The request is withdrawn.")
    if wanted == "leave":
        leave_network(community=community, by=person, at=at)
        return _("The community is on its own again.")
    return _answer_network(request, community, person)


def _answer_network(request: HttpRequest, community: Community, person: Person) -> str:
    wanted, at = request.POST.get("do"), clock.now()
    given = request.POST.get("community", "")
    pk = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
    if wanted == "release":
        chapter = queries.chapters_of(community, person).filter(pk=pk).first()
        if chapter is None:
            raise Http404
        leave_network(community=chapter, by=person, at=at)
        return _("%(name)s is no longer part of the network.") % {"name": chapter.name}
    question = queries.network_questions_to(community).filter(community_id=pk).first()
    if question is None or wanted not in {"accept", "decline"}:
        raise Refusal("network.answered", _("This request was already answered or withdrawn."))
    answer_network(question=question, accept=wanted == "accept", by=person, at=at)
    return _("Answered.")


@access.ruled("can_see_team_pages")
@of_community
def trail_page(request: HttpRequest, community: Community) -> HttpResponse:
    """Who did what, for the team."""
    assert isinstance(request.user, Person)  # noqa: S101 - signed in, for the type checker
    allow(policies.can_see_team_pages(request.user, community))
    context = {**frame(community, ""), "entries": trail.entries(f"community:{community.pk}", most=200)}
    return render(request, "communities/trail.html", context)
