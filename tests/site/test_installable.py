from __future__ import annotations

import json

import pytest
from django.test import Client

from hallway.site.static import locate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "fr"])
def test_manifest_names_icons_that_exist(language: str, client: Client) -> None:
    answer = client.get("/manifest.webmanifest", {"lang": language})
    assert answer["Content-Type"] == "application/manifest+json"
    described = json.loads(answer.content)
    assert described["lang"] == language
    assert {icon["sizes"] for icon in described["icons"]} == {"192x192", "512x512"}
    for icon in described["icons"]:
        assert locate(icon["src"].removeprefix("/static/"))


def test_service_worker_knows_files_that_exist_and_is_asked_for_again(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer["Cache-Control"] == "no-cache"
    first = answer.content.decode().splitlines()[0]
    known = json.loads(first.removeprefix("const HALLWAY = ").removesuffix(";"))
    assert len(known["version"]) == 12
    assert all(locate(name.removeprefix("/static/")) for name in known["shell"])
    assert client.get(known["offline"]).status_code == 200
