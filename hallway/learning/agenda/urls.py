from __future__ import annotations

from django.urls import path

from . import views

app_name = "agenda"
urlpatterns = [
    path("e/<str:slug>/sessions/<int:pk>/note/", views.save, name="save"),
    path("me/notes/", views.notes, name="notes"),
    path("me/notes/notes.md", views.as_file, name="file"),
    path("me/notes/<int:pk>/", views.note, name="note"),
]
