from __future__ import annotations

import pytest
from django.test import Client

from hallway.kit import instance
from hallway.kit.models import Revision

pytestmark = pytest.mark.django_db


def test_value_is_the_default_until_changed() -> None:
    assert instance.value("site.name") == "Hallway"
    instance.change({"site.name": "Couloir"})
    assert instance.value("site.name") == "Couloir"
    assert instance.values("site.name", "site.legal") == {"site.name": "Couloir", "site.legal": {}}


def test_change_makes_every_stored_page_old_and_shows_at_once() -> None:
    instance.change({"site.name": "Couloir"})
    assert Revision.objects.filter(key="instance").exists()
    assert "Couloir" in Client().get("/communities/").content.decode()


def test_change_refuses_what_nobody_declared() -> None:
    with pytest.raises(KeyError):
        instance.change({"site.unknown": 1})
