from __future__ import annotations

from django.conf import settings

from hallway.front import tokens
from hallway.kit import live


def test_address_of_a_stream_carries_a_token_the_front_believes() -> None:
    address, _, token = live.address_of("public/event:7", 12).partition("?token=")
    assert address == "/live/public/event:7"
    found = tokens.check("public/event:7", token, settings.SECRET_KEY.encode())
    assert found is not None
    assert found.viewer == 12
    assert tokens.check("public/event:8", token, settings.SECRET_KEY.encode()) is None
