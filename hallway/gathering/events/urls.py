"""Addresses of events, their feeds, and what organisers do with them."""

from __future__ import annotations

from django.urls import path

from .views import editing, feeds, hosting, pages, running, venues, writing

app_name = "events"
urlpatterns = [
    path("events/", pages.events, name="list"),
    path("c/<str:slug>/events/", pages.community_events, name="community"),
    path("c/<str:slug>/events/new/", editing.new_event, name="new"),
    path("c/<str:slug>/venues/", venues.venues, name="venues"),
    path("c/<str:slug>/venues/new/", venues.venue, name="venue_new"),
    path("c/<str:slug>/venues/<int:venue_id>/", venues.venue, name="venue"),
    path("c/<str:slug>/venues/<int:venue_id>/remove/", venues.remove_venue, name="venue_remove"),
    path("c/<str:slug>/calendar.ics", feeds.community_calendar, name="community_calendar"),
    path("series/<str:slug>/calendar.ics", feeds.series_calendar, name="series_calendar"),
    path("hosting/<int:host_id>/", hosting.host, name="host"),
    path("e/<str:slug>/", pages.event, name="page"),
    path("e/<str:slug>/preview.png", pages.preview_picture, name="preview"),
    path("e/<str:slug>/calendar.ics", feeds.event_calendar, name="calendar"),
    path("e/<str:slug>/write/", writing.write, name="write"),
    path("e/<str:slug>/edit/", editing.edit_event, name="edit"),
    path("e/<str:slug>/edit/rooms/", editing.edit_rooms, name="rooms"),
    path("e/<str:slug>/edit/rooms/<int:room_id>/", editing.edit_rooms, name="room"),
    path("e/<str:slug>/edit/rooms/<int:room_id>/remove/", editing.remove_room, name="room_remove"),
    path("e/<str:slug>/edit/hosts/", hosting.hosts, name="hosts"),
    path("e/<str:slug>/edit/hosts/<int:host_id>/withdraw/", hosting.withdraw_host, name="host_withdraw"),
    path("e/<str:slug>/edit/<str:section>/", editing.edit_event, name="edit_section"),
    path("e/<str:slug>/publish/", running.publish_event, name="publish"),
    path("e/<str:slug>/unpublish/", running.unpublish_event, name="unpublish"),
    path("e/<str:slug>/postpone/", running.postpone_event, name="postpone"),
    path("e/<str:slug>/cancel/", running.cancel_event, name="cancel"),
    path("e/<str:slug>/copy/", editing.copy_event, name="copy"),
    path("e/<str:slug>/delete/", running.delete_event, name="delete"),
]
