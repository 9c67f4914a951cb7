from __future__ import annotations

from django.urls import path

from .views import changes, editor, materials, programme, seats, sessions, slides, speakers, talks, writing

urlpatterns = [
    path("e/<slug:slug>/schedule/", programme.schedule, name="schedule"),
    path("e/<slug:slug>/now", programme.now, name="schedule_now"),
    path("e/<slug:slug>/changes/", changes.changes, name="schedule_changes"),
    path("e/<slug:slug>/changes.atom", changes.changes_feed, name="schedule_changes_feed"),
    path("e/<slug:slug>/speakers/", speakers.speakers, name="speakers"),
    path("e/<slug:slug>/sessions/<int:pk>-<slug:words>/", sessions.session, name="session"),
    path("e/<slug:slug>/sessions/<int:pk>/", sessions.session, name="session_short"),
    path("e/<slug:slug>/sessions/<int:pk>.ics", changes.calendar, name="session_calendar"),
    path("e/<slug:slug>/sessions/<int:pk>.png", sessions.preview_picture, name="session_preview"),
    path("e/<slug:slug>/sessions/<int:pk>/slides/", slides.ask, name="session_slides"),
    path("slides/<str:token>/", materials.by_link, name="slides_by_link"),
    path("talks/<int:pk>/materials/", materials.materials, name="talk_materials"),
    path("talks/<int:pk>/materials/<int:material_id>/<str:filename>", materials.download, name="material"),
    path("talks/", talks.library, name="talks"),
    path("talks/<int:pk>/", talks.talk, name="talk"),
    path("c/<slug:slug>/talks/", talks.of_one_community, name="community_talks"),
    path("e/<slug:slug>/edit/preview/", programme.preview, name="programme_preview"),
    path("e/<slug:slug>/edit/programme/", editor.editor, name="programme_editor"),
    path("e/<slug:slug>/edit/programme/add/", writing.add, name="programme_add"),
    path("e/<slug:slug>/edit/programme/add-break/", writing.add_break, name="programme_add_break"),
    path("e/<slug:slug>/edit/programme/release/", editor.release, name="programme_release"),
    path("e/<slug:slug>/edit/programme/reset/", editor.reset, name="programme_reset"),
    path("e/<slug:slug>/edit/programme/tracks/", editor.tracks, name="programme_tracks"),
    path("e/<slug:slug>/edit/programme/tracks/<int:pk>/", editor.track, name="programme_track"),
    path("e/<slug:slug>/edit/programme/slots/<int:pk>/", writing.slot, name="programme_slot"),
    path("e/<slug:slug>/edit/programme/<int:pk>/", writing.edit, name="programme_session"),
    path("e/<slug:slug>/edit/programme/<int:pk>/remove/", writing.remove, name="programme_remove"),
    path("e/<slug:slug>/edit/programme/<int:pk>/seats/", seats.own_seats, name="programme_seats"),
    path("e/<slug:slug>/edit/programme/<int:pk>/slots/", writing.add_slot, name="programme_add_slot"),
]
