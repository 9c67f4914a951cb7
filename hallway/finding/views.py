from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hallway.kit import access
from hallway.people.models import Person

from . import queries

HEADINGS = {
    "event": _("Events"),
    "talk": _("Talks"),
    "community": _("Communities"),
    "person": _("People"),
    "question": _("Questions"),
    "product": _("Tools"),
}


@access.public
def search(request: HttpRequest) -> HttpResponse:
    """``/search?q=``: plain words over what is public: talks, people, events, questions, tools."""
    text = " ".join(request.GET.get("q", "")[:200].replace("\x00", " ").split())
    kind = request.GET.get("kind", "")
    kind = kind if kind in HEADINGS else ""
    number = request.GET.get("page", "1")
    page = max(1, min(500, int(number))) if number.isascii() and number.isdecimal() and len(number) < 5 else 1
    reader = request.user if isinstance(request.user, Person) else None
    found = queries.results(text, kind=kind, page=page, reader=reader)
    groups = [
        {
            "kind": part.kind,
            "heading": HEADINGS[part.kind],
            "entries": part.entries,
            "total": part.total,
            "more": not kind and part.total > len(part.entries),
            "next": page + 1 if kind and part.total > page * queries.PAGE else None,
        }
        for part in found
    ]
    context = {"search_words": text, "groups": groups, "kind": kind, "page": page, "nothing": bool(text) and not groups}
    return render(request, "finding/search.html", context)
