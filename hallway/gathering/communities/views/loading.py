"""How a community's page finds its community: by its address, or by one it had before."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from hallway.gathering.communities import queries
from hallway.gathering.communities.models import Community
from hallway.kit.refusal import NotAllowed
from hallway.kit.slugs import forwarded
from hallway.people.models import Person

View = Callable[..., HttpResponse]


def reader_of(request: HttpRequest) -> Person | None:
    """Whoever signed in, or None."""
    return request.user if isinstance(request.user, Person) else None


def of_community(view: View) -> View:
    """Give the view the community of its address instead of the slug; an old address redirects to today's."""

    @wraps(view)
    def loaded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        visible = queries.visible_to(reader_of(request)).select_related("parent", "founding_request")
        community = visible.filter(slug=slug).first()
        if community is not None:
            return view(request, community, **kwargs)
        moved = visible.filter(pk=forwarded("community", slug) or 0).first()
        if moved is None or request.method not in {"GET", "HEAD"}:
            raise Http404
        address = request.get_full_path().replace(f"/c/{slug}/", f"/c/{moved.slug}/", 1)
        return HttpResponsePermanentRedirect(address)

    return loaded


def allow(allowed: bool) -> None:
    """Refuse a page to people the policy does not let in."""
    if not allowed:
        raise NotAllowed("community.not_yours", _("This page is for the team of the community. Ask one of them."))


def page_of(request: HttpRequest) -> int:
    """The ``page`` parameter as a number from 1 on."""
    given = request.GET.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def tags_of(community: Community) -> list[str]:
    """What makes a stored page of the community old."""
    return [f"community:{community.pk}"]
