"""What everybody may read: the list, and a community's page, people and about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.models import Community
from hallway.kit import access, clock, store
from hallway.kit.text import clean
from hallway.people.queries import visible_to as people_visible_to
from hallway.vocabulary.languages import language_name
from hallway.vocabulary.models import Topic

from .loading import of_community, page_of, reader_of, tags_of

A_PAGE = 24
# What is next changes with the clock; panels of higher packages say it, so the page is made anew now and then.
FRESH = timedelta(minutes=10)


@access.public
def communities(request: HttpRequest) -> HttpResponse:
    """All public communities, found by name or place, topic and language."""
    reader = reader_of(request)
    words = clean(request.GET.get("q", "")[:100], limit=400, one_line=True)
    topic = clean(request.GET.get("topic", "")[:60], limit=240, one_line=True)
    language = clean(request.GET.get("language", "")[:8], limit=32, one_line=True)
    found = queries.listed(reader, words=words, topic=topic, language=language)
    pages = Paginator(found.prefetch_related("topics"), A_PAGE)
    page = pages.get_page(page_of(request))
    ids = [community.pk for community in page.object_list]
    context = {
        "section": "communities",
        "canonical": "/communities/",
        "page": page,
        "members": queries.member_counts(ids),
        "words": words,
        "topic": topic,
        "language": language,
        "topics": Topic.objects.filter(communities__in=queries.listed(reader)).distinct(),
        "languages_spoken": _languages_spoken(reader),
        "filtered": bool(words or topic or language),
        "pager_query": _pager_query(words, topic, language),
    }
    response = render(request, "communities/list.html", context)
    if words:
        return response
    return store.keep(response, ["communities"], query=["topic", "language", "page"])


def _pager_query(words: str, topic: str, language: str) -> str:
    given = {"q": words, "topic": topic, "language": language}
    kept = urlencode({name: value for name, value in given.items() if value})
    return f"{kept}&" if kept else ""


def _languages_spoken(reader: Any) -> list[tuple[str, str]]:
    spoken = {code for codes in queries.listed(reader).order_by().values_list("languages", flat=True) for code in codes}
    named = ((code, language_name(code, get_language() or "en")) for code in spoken)
    return sorted(named, key=lambda entry: entry[1].casefold())


def frame(community: Community, tab: str) -> dict[str, Any]:
    """What every page in a community's frame needs; see ``communities/frame.html``."""
    return {"section": "communities", "community": community, "tab": tab}


@access.public
@of_community
def page(request: HttpRequest, community: Community) -> HttpResponse:
    """The community's first page: what is next, and who runs it. Higher packages fill most of it."""
    may_edit = policies.can_edit_community(reader_of(request), community)
    context = {
        **frame(community, "meetups"),
        "canonical": f"/c/{community.slug}/",
        "team": list(queries.team_of(community)),
        "series": list(queries.series_of(community)),
        "now": clock.now(),
        "is_team": policies.can_see_team_pages(reader_of(request), community),
        "may_edit": may_edit,
        "asked_network": queries.network_questions_to(community).count() if may_edit else 0,
    }
    response = render(request, "communities/page.html", context)
    return store.keep(response, tags_of(community), good_until=clock.now() + FRESH)


@access.public
@of_community
def people(request: HttpRequest, community: Community) -> HttpResponse:
    """The team, and those members who chose to be named; the others are a number."""
    reader = reader_of(request)
    shown = Paginator(queries.shown_members(community, reader), 60).get_page(page_of(request))
    team = list(queries.team_of(community))
    ids = {role.person_id for role in team} | {entry.person_id for entry in shown.object_list}
    context = {
        **frame(community, "people"),
        "canonical": f"/c/{community.slug}/people/",
        "team": team,
        "shown": shown,
        "members": queries.member_counts([community.pk]).get(community.pk, 0),
        "open_pages": set(
            people_visible_to(reader).filter(pk__in=ids, public_at__isnull=False).values_list("pk", flat=True)
        ),
    }
    response = render(request, "communities/people.html", context)
    tags = [*tags_of(community), *(f"person:{pk}" for pk in sorted(ids))]
    return store.keep(response, tags, query=["page"])


@access.public
@of_community
def about(request: HttpRequest, community: Community) -> HttpResponse:
    """Description, how it meets, topics, links, network, code of conduct."""
    now = clock.now()
    series = list(queries.series_of(community))
    parent = community.parent
    if parent is not None and not policies.can_view_community(None, parent):
        parent = None
    context = {
        **frame(community, "about"),
        "canonical": f"/c/{community.slug}/about/",
        "series": [(one, queries.next_dates(one, now) if one.paused_at is None else []) for one in series],
        "parent": parent,
        "chapters": list(queries.chapters_of(community, None)),
        "topics": list(community.topics.all()),
        "spoken": [language_name(code, get_language() or "en") for code in community.languages],
    }
    tags = [*tags_of(community), *([f"community:{parent.pk}"] if parent else [])]
    dates = [moments[0] for _one, moments in context["series"] if moments]
    response = render(request, "communities/about.html", context)
    return store.keep(response, tags, good_until=min(dates, default=None))
