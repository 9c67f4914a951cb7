"""What makes the site installable on a phone, and its programmes readable without network."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from hallway.kit import access, instance, store

SHELL = (
    "kit/hallway.css",
    "kit/hallway.js",
    "kit/offline.js",
    "kit/mark.svg",
    "kit/fonts/bricolage-grotesque-latin-wght-normal.woff2",
    "kit/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "schedule/grid.css",
    "schedule/now.js",
    "agenda/notes.js",
    "kit/scan.js",
    "attendance/door.js",
)
# Asked for by another script, under the name it has there.
PARTS = ("kit/stream.js", "kit/vendor/qr/0.7.0/decode.js", "kit/vendor/qr/0.7.0/index.js")


@access.public
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest."""
    name = instance.value("site.name")
    described = {
        "name": name,
        "short_name": name[:24],
        "description": _("Meet-ups and conferences of developer communities"),
        "lang": request.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf8f1",
        "theme_color": "#fbf8f1",
        "icons": [
            {"src": static(f"kit/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ],
    }
    response = JsonResponse(described, content_type="application/manifest+json")
    return store.keep(response, ["instance"])


@access.public
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, served from the root so that it may see every page; its version is that of what it keeps."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@cache
def _worker() -> str:
    found = finders.find("kit/service-worker.js")
    if not isinstance(found, str):
        raise FileNotFoundError("kit/service-worker.js")
    source = Path(found).read_text(encoding="utf-8")
    shell = [*(static(name) for name in SHELL), *(f"{settings.STATIC_URL}{name}" for name in PARTS)]
    version = hashlib.sha256("\n".join([source, *shell]).encode()).hexdigest()[:12]
    known = {"version": version, "shell": shell, "offline": reverse("offline")}
    return f"const HALLWAY = {json.dumps(known)};\n{source}"


@access.public
def offline(request: HttpRequest) -> HttpResponse:
    """What a reader without network sees in place of a page that is not on their phone."""
    return store.keep(render(request, "site/offline.html", {}), ["instance"])
