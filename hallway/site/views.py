from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hallway.kit import access
from hallway.kit.store import keep


@access.public
def home(request: HttpRequest) -> HttpResponse:
    """What is on, for somebody who just arrived."""
    return keep(render(request, "site/home.html", {}), ["home"])
