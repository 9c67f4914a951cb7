"""Everybody who speaks at an event."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hallway.kit import access, store
from hallway.kit.text import fold
from hallway.people.models import Person
from hallway.programme.schedule.queries import programme_of

from .loading import Moved, event_for, frame_of


@access.public
def speakers(request: HttpRequest, slug: str) -> HttpResponse:
    """Names in order of the alphabet, each with what they speak about."""
    try:
        event = event_for(request, slug)
    except Moved as moved:
        return redirect("speakers", moved.slug, permanent=True)
    programme = programme_of(event)
    said: dict[int, dict[int, tuple[str, str, str]]] = {}
    names: dict[int, str] = {}
    for entry in programme.entries:
        for pk, name in entry.speakers:
            names[pk] = name
            said.setdefault(pk, {})[entry.session_id] = (entry.address, entry.title, entry.title_language)
    slugs = dict(Person.objects.filter(talks__sessions__event=event, left_at=None).values_list("pk", "slug").distinct())
    people = [
        (names[pk], slugs.get(pk, ""), list(sessions.values()))
        for pk, sessions in sorted(said.items(), key=lambda pair: fold(names[pair[0]]))
    ]
    context = {**frame_of(event), "canonical": reverse("speakers", args=[slug]), "people": people}
    return store.keep(render(request, "schedule/speakers.html", context), [f"event:{event.pk}"])
