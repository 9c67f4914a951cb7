"""Every address of the site, in one place."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("", include("hallway.people.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("hallway.gathering.communities.urls")),
    path("", include("hallway.finding.urls")),
]
