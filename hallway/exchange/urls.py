"""Addresses of the exports and of importing."""

from __future__ import annotations

from django.urls import path

from .views import exports, imports

app_name = "exchange"
urlpatterns = [
    path("e/<str:slug>/schedule.xml", exports.schedule_xml, name="xml"),
    path("e/<str:slug>/schedule.json", exports.schedule_json, name="json"),
    path("e/<str:slug>/schedule.ics", exports.schedule_ics, name="ics"),
    path("e/<str:slug>/schedule.csv", exports.schedule_csv, name="csv"),
    path("e/<str:slug>/compat/sessionize/view/<str:view>", exports.sessionize_view, name="sessionize"),
    path("e/<str:slug>/export/", exports.formats, name="formats"),
    path("e/<str:slug>/import/", imports.into_event, name="into_event"),
    path("c/<str:slug>/import/", imports.into_community, name="into_community"),
    path("c/<str:slug>/import/<int:pk>/", imports.run, name="run"),
    path("c/<str:slug>/import/<int:pk>/columns/", imports.columns, name="columns"),
    path("c/<str:slug>/import/<int:pk>/times/", imports.times, name="times"),
    path("c/<str:slug>/import/<int:pk>/start/", imports.agree, name="agree"),
    path("c/<str:slug>/import/<int:pk>/undo/", imports.undo, name="undo"),
]
