"""Talks over all events: the list, a community's, and a talk that was given several times."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hallway.gathering.communities.models import Community
from hallway.gathering.communities.views.loading import of_community
from hallway.kit import access, store
from hallway.kit.localised import pick
from hallway.programme.schedule.filters import language_name
from hallway.programme.schedule.queries.library import listed, public_talks, years_of_talks
from hallway.programme.schedule.queries.visible import visible_to
from hallway.programme.talks import queries as talks
from hallway.programme.talks.models import Talk
from hallway.programme.talks.policies import can_change_materials
from hallway.vocabulary.models import Topic

from .loading import reader_of

TALKS_A_PAGE = 30
FILTERS = ("topic", "language", "level", "year", "page")
LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "nl", "ar", "sw", "zh", "ja")


@access.public
def library(request: HttpRequest) -> HttpResponse:
    """Every public talk, latest first."""
    context = _list_of(request, None) | {"section": "talks", "canonical": "/talks/"}
    response = render(request, "schedule/talks.html", context)
    return store.keep(response, ["talks"], query=FILTERS) if len(context["asked"]) <= 1 else response


@access.public
@of_community
def of_one_community(request: HttpRequest, community: Community) -> HttpResponse:
    """The talks given at a community's events."""
    context = _list_of(request, community) | {
        "section": "communities", "community": community, "tab": "talks", "canonical": f"/c/{community.slug}/talks/",
    }  # fmt: skip
    response = render(request, "schedule/community_talks.html", context)
    tags = ["talks", f"community:{community.pk}"]
    return store.keep(response, tags, query=FILTERS) if len(context["asked"]) <= 1 else response


def _list_of(request: HttpRequest, community: Community | None) -> dict[str, Any]:
    years = years_of_talks()
    topics = Topic.objects.filter(talks__public_at__isnull=False, talks__hidden_at=None).distinct()
    choices: dict[str, dict[str, str]] = {
        "topic": {topic.slug: topic.name for topic in topics},
        "language": {code: language_name(code) for code in LANGUAGES},
        "level": {value: str(label) for value, label in Talk.Level.choices if value},
        "year": {str(year): str(year) for year in years},
    }
    asked = {name: request.GET[name] for name in choices if request.GET.get(name, "") in choices[name]}
    page = Paginator(public_talks(community=community, **asked), TALKS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "choices": {name: options for name, options in choices.items() if len(options) > 1 or name in asked},
        "asked": asked,
        "page": page,
        "talks": listed(page.object_list),
    }


@access.public
def talk(request: HttpRequest, pk: int, words: str = "") -> HttpResponse:
    """A talk given several times, with its occasions; one given once is its session's page."""
    reader = reader_of(request)
    found = talks.visible_to(reader).filter(pk=pk).first()
    if found is None:
        raise Http404
    sessions = list(visible_to(reader).filter(talk=found).select_related("event").order_by("-pk")[:2])
    if len(sessions) == 1:
        one = sessions[0]
        return redirect("session", one.event.slug, one.pk, one.slug)
    row = listed([found])[0]
    context = {
        "section": "talks",
        "canonical": reverse("talk", args=[pk]),
        "talk": found,
        "row": row,
        "title": pick(found.title).text,
        "topics": list(found.topics.all()),
        "materials": talks.materials_of(found),
        "may_bring": reader is not None and can_change_materials(reader, found),
    }
    people = found.speakings.values_list("person_id", flat=True)
    tags = [f"talk:{pk}", *(f"person:{one}" for one in people), *(f"event:{g.session.event_id}" for g in row.given)]
    return store.keep(render(request, "schedule/talk.html", context), tags)
