"""The address that proposes places while somebody types."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("places", views.places, name="places")]
