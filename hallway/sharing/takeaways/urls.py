from __future__ import annotations

from django.urls import path

from .views import shared, showing

app_name = "takeaways"
_SESSION = "e/<str:slug>/sessions/<int:pk>/"
urlpatterns = [
    path(f"{_SESSION}takeaways/", showing.takeaways, name="list"),
    path(f"{_SESSION}takeaways/new/", showing.new, name="new"),
    path("takeaways/<int:pk>/", showing.own, name="own"),
    path("takeaways/<int:pk>/helped/", showing.helped, name="helped"),
    path(f"{_SESSION}notes/", shared.page, name="shared"),
    path(f"{_SESSION}notes/write/", shared.write, name="write"),
    path(f"{_SESSION}notes/history/", shared.history, name="history"),
    path(f"{_SESSION}notes/history/<int:number>/", shared.revision, name="revision"),
]
