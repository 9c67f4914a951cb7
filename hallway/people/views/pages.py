"""The page of a person, as everybody sees it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from hallway.kit import access, localised, text
from hallway.kit.store import keep
from hallway.vocabulary.languages import language_name

from ..models import Person
from ..queries import moved_from, visible_to


@access.public
def person_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, biography, languages, links; higher packages add what the person does."""
    reader = request.user if isinstance(request.user, Person) else None
    person = visible_to(reader).filter(slug=slug).first()
    if person is None:
        now_at = moved_from(slug)
        if now_at is not None and visible_to(reader).filter(pk=now_at.pk).exists():
            return redirect("person", slug=now_at.slug, permanent=True)
        raise Http404
    language = (get_language() or "en")[:2]
    context = {
        "person": person,
        "languages_spoken": [language_name(code, language) for code in person.languages],
        "is_mine": reader is not None and reader.pk == person.pk,
        "linked_data": _linked_data(person),
        "description": person.tagline or text.plain(localised.pick(person.biography).text, limit=200),
        "canonical": f"/p/{person.slug}/",
        "section": "talks",
    }
    return keep(render(request, "people/person.html", context), [f"person:{person.pk}"])


def _linked_data(person: Person) -> dict[str, Any]:
    """The person as schema.org says it."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": person.name,
        "url": f"{settings.HALLWAY_BASE_URL}/p/{person.slug}/",
        "description": person.tagline or text.plain(localised.pick(person.biography).text, limit=300),
        "image": f"{settings.HALLWAY_BASE_URL}/media/{person.picture}" if person.picture else "",
        "knowsLanguage": person.languages,
        "sameAs": [link["url"] for link in person.links if isinstance(link, dict) and link.get("url")],
    }
    return {name: value for name, value in said.items() if value}
