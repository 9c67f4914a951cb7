from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .views import editing, founding, membership, pages, requests, series, team, writing


class ScreenConverter(StringConverter):
    regex = "|".join(founding.KEYS)


class AddressConverter(StringConverter):
    regex = "[a-z0-9_-]{4,60}"


register_converter(ScreenConverter, "screen")
register_converter(AddressConverter, "address")

app_name = "communities"
urlpatterns = [
    path("communities/", pages.communities, name="communities"),
    path("communities/requests/", requests.requests, name="requests"),
    path("c/new/", founding.start, name="new"),
    path("c/new/dates/", founding.dates, name="dates"),
    path("c/new/<screen:key>/", founding.screen, name="found"),
    path("c/<address:slug>/", pages.page, name="page"),
    path("c/<address:slug>/people/", pages.people, name="people"),
    path("c/<address:slug>/about/", pages.about, name="about"),
    path("c/<address:slug>/membership/", membership.membership, name="membership"),
    path("c/<address:slug>/edit/", editing.edit, name="edit"),
    path("c/<address:slug>/visibility/", editing.visibility, name="visibility"),
    path("c/<address:slug>/network/", editing.network, name="network"),
    path("c/<address:slug>/trail/", editing.trail_page, name="trail"),
    path("c/<address:slug>/write/", writing.write, name="write"),
    path("c/<address:slug>/messages/", writing.messages, name="messages"),
    path("c/<address:slug>/team/", team.team, name="team"),
    path("c/<address:slug>/team/<int:pk>/", team.role, name="role"),
    path("c/<address:slug>/team/invitations/<int:pk>/", team.invitation_change, name="invitation_change"),
    path("c/<address:slug>/invitation/<str:token>/", team.invitation, name="invitation"),
    path("c/<address:slug>/series/", series.series_list, name="series"),
    path("c/<address:slug>/series/new/", series.series_new, name="series_new"),
    path("c/<address:slug>/series/<int:pk>/", series.series_edit, name="series_edit"),
]
