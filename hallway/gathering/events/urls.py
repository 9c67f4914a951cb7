from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from hallway.kit import access


@access.public
def event(request: HttpRequest, slug: str) -> HttpResponse:
    return redirect("schedule", slug)


urlpatterns = [path("e/<slug:slug>/", event, name="event")]
