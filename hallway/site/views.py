from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hallway.kit import access
from hallway.kit.store import keep

from . import first_start


@access.public
def home(request: HttpRequest) -> HttpResponse:
    """What is on, for somebody who just arrived."""
    if first_start.is_due():
        return redirect("instance_start")
    return keep(render(request, "site/home.html", {}), ["home"])
