from __future__ import annotations

from django.urls import path

from .views import changes, programme, sessions, speakers

urlpatterns = [
    path("e/<slug:slug>/schedule/", programme.schedule, name="schedule"),
    path("e/<slug:slug>/now", programme.now, name="schedule_now"),
    path("e/<slug:slug>/changes/", changes.changes, name="schedule_changes"),
    path("e/<slug:slug>/changes.atom", changes.changes_feed, name="schedule_changes_feed"),
    path("e/<slug:slug>/speakers/", speakers.speakers, name="speakers"),
    path("e/<slug:slug>/sessions/<int:pk>-<slug:words>/", sessions.session, name="session"),
    path("e/<slug:slug>/sessions/<int:pk>/", sessions.session, name="session_short"),
    path("e/<slug:slug>/sessions/<int:pk>.ics", changes.calendar, name="session_calendar"),
    path("e/<slug:slug>/edit/preview/", programme.preview, name="programme_preview"),
    path("e/<slug:slug>/edit/programme/", programme.preview, name="programme_editor"),
]
