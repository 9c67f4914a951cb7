"""Addresses of registrations, the team's lists and the door."""

from __future__ import annotations

from django.urls import path

from .views import afterwards, asking, attending, control, door, lists, standing, team, wall

app_name = "attendance"
urlpatterns = [
    # For those who come.
    path("e/<str:slug>/register/", attending.register, name="register"),
    path("e/<str:slug>/register/<int:admission_id>/", attending.register, name="register_workshop"),
    path("e/<str:slug>/registration/", standing.mine, name="mine"),
    path("e/<str:slug>/registration/where/", standing.where, name="where"),
    path("e/<str:slug>/registration/<int:admission_id>/", standing.mine, name="mine_workshop"),
    path("registrations/confirm/<str:token>/", attending.confirm, name="confirm"),
    path("registrations/invited/<str:token>/", attending.invitation, name="invitation"),
    path("registrations/<str:token>/", standing.registration, name="registration"),
    path("registrations/<str:token>/take/", standing.take, name="take"),
    path("registrations/<str:token>/give-up/", standing.give_up, name="give_up"),
    path("registrations/<str:token>/coming/", standing.coming, name="coming"),
    path("registrations/<str:token>/change/", standing.change, name="change"),
    path("registrations/<str:token>/alone/", standing.alone, name="alone"),
    path("registrations/<str:token>/again/", standing.again, name="again"),
    path("registrations/<str:token>/shown/", standing.shown, name="shown"),
    path("registrations/<str:token>/every-time/", standing.every_time, name="every_time"),
    path("registrations/<str:token>/write/", standing.write, name="write"),
    path("registrations/<str:token>/calendar.ics", standing.calendar, name="registration_calendar"),
    path("me/every-time/<int:standing_id>/end/", standing.end_every_time, name="end_every_time"),
    # For those at the door.
    path("door/<str:token>/", door.helper_door, name="helper_door"),
    path("door/<str:token>/list.json", door.helper_list, name="helper_list"),
    path("door/<str:token>/book/", door.helper_book, name="helper_book"),
    path("e/<str:slug>/door/", control.control, name="door_control"),
    path("e/<str:slug>/door/list/", door.team_door, name="team_door"),
    path("e/<str:slug>/door/list/list.json", door.team_list, name="team_list"),
    path("e/<str:slug>/door/list/book/", door.team_book, name="team_book"),
    path("e/<str:slug>/door/paper/", control.paper, name="door_paper"),
    path("e/<str:slug>/door/print/<str:what>/", control.printed, name="door_print"),
    path("e/<str:slug>/door/wall/", wall.projector, name="door_wall"),
    path("e/<str:slug>/here/<str:token>/", wall.here, name="here"),
    # What the team runs.
    path("e/<str:slug>/registrations/", team.registrations, name="registrations"),
    path("e/<str:slug>/registrations/<int:registration_id>/", team.person, name="person"),
    path("e/<str:slug>/registrations/seats/", team.seats, name="seats"),
    path("e/<str:slug>/registrations/opening/", team.opening, name="opening"),
    path("e/<str:slug>/registrations/settings/", asking.settings, name="settings"),
    path("e/<str:slug>/registrations/questions/", asking.questions, name="questions"),
    path("e/<str:slug>/registrations/questions/<int:question_id>/", asking.question, name="question"),
    path("e/<str:slug>/registrations/invitations/", asking.invitations, name="invitations"),
    path("e/<str:slug>/registrations/invitations/<int:invitation_id>/withdraw/", asking.withdraw, name="withdraw"),
    path("e/<str:slug>/registrations/lists/", lists.lists, name="lists"),
    path("e/<str:slug>/registrations/after/", afterwards.after, name="after"),
]
