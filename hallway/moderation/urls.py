"""Addresses of reporting, deciding and appealing."""

from __future__ import annotations

from django.urls import path

from .views import appealing, deciding, reporting

app_name = "moderation"
urlpatterns = [
    path("report/<slug:kind>/<int:pk>/", reporting.report, name="report"),
    path("moderation/", deciding.cases, name="cases"),
    path("moderation/<int:pk>/", deciding.case, name="case"),
    path("moderation/events/<int:pk>/lift/", deciding.lift_at_event, name="lift_at_event"),
    path("moderation/communities/<int:pk>/lift/", deciding.lift_in_community, name="lift_in_community"),
    path("appeals/<str:token>/", appealing.appeal, name="appeal"),
]
