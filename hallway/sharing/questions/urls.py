"""Addresses of questions: short ones, since they stand on slides and are typed by hand."""

from __future__ import annotations

from django.urls import path

from .views import answers, asking, fragments, hallways, mailed, room, team, thread, wall

app_name = "questions"
urlpatterns = [
    # Asking.
    path("q/", asking.code, name="code"),
    path("q/<str:code>/", asking.floor, name="floor"),
    path("q/<str:code>/mine.json", fragments.mine, name="mine"),
    path("q/<str:code>/votes.json", fragments.votes, name="votes"),
    path("q/<str:code>/similar.json", fragments.similar, name="similar"),
    path("q/<str:code>/<int:pk>/item/", fragments.item, name="item"),
    path("q/<str:code>/<int:pk>/vote/", asking.vote, name="vote"),
    path("q/<str:code>/<int:pk>/me-too/", asking.me_too, name="me_too"),
    path("q/<str:code>/<int:pk>/edit/", asking.edit, name="edit"),
    # In the room: moderators and speakers, the projector, the team.
    path("q/room/<str:token>/", room.room_by_link, name="room_by_link"),
    path("q/<str:code>/room/", room.room, name="room"),
    path("q/<str:code>/wall/", wall.wall, name="wall"),
    path("q/<str:code>/code.svg", team.code_file, {"kind": "svg"}, name="code_svg"),
    path("q/<str:code>/code.png", team.code_file, {"kind": "png"}, name="code_png"),
    path("q/<str:code>/poster/", team.poster, name="poster"),
    path("q/<str:code>/poster.pdf", team.poster_pdf, name="poster_pdf"),
    path("e/<str:slug>/questions/", team.rooms, name="rooms"),
    path("e/<str:slug>/wall/<int:room_id>/", wall.wall_of_room, name="wall_of_room"),
    # Afterwards: one question, by mailed link, over many sessions.
    path("q/speaker/<int:person_id>/<str:token>/", mailed.speaker, name="speaker"),
    path("q/stop/<str:token>/", mailed.stop, name="stop"),
    path("q/<str:code>/<int:pk>/", thread.thread, name="thread"),
    path("q/<str:code>/<int:pk>/answers/<int:answer_id>/", answers.answer, name="answer"),
    path("q/<str:code>/<int:pk>/cases/<int:case_id>/", answers.case, name="case"),
    path("q/<str:code>/<int:pk>/meetings/<int:meeting_id>/", answers.meeting, name="meeting"),
    path("e/<str:slug>/hallway/", hallways.of_event, name="event"),
    path("c/<address:slug>/hallway/", hallways.of_one_community, name="community"),
    path("me/help/", hallways.helping, name="helping"),
]
