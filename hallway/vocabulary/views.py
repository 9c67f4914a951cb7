"""What forms ask while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from hallway.kit import access
from hallway.vocabulary.places import Place, country_name, find_place

MOST = 8
LONGEST = 100
ONE_HOUR = 3600


@access.public
def places(request: HttpRequest) -> HttpResponse:
    """``?q=joh`` → ``{"places": [{"name", "label", "country", "zone"}, …]}``, at most eight, no query.

    ``label`` is the name and what tells it from its namesakes, as forms understand it: ``Portland, Oregon``.
    """
    language = (get_language() or "en")[:2]
    typed = request.GET.get("q", "")[:LONGEST]
    found: dict[str, dict[str, str]] = {}
    for place in find_place(typed, limit=MOST):
        one = _said(place, language)
        found.setdefault(one["label"], one)  # of two that nothing tells apart, the bigger
    response = JsonResponse({"places": list(found.values())})
    response["Cache-Control"] = f"private, max-age={ONE_HOUR}"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _said(place: Place, language: str) -> dict[str, str]:
    name = place.called(language)
    around = place.region or country_name(place.country, language)
    return {"name": name, "label": f"{name}, {around}", "country": place.country, "zone": place.zone}
