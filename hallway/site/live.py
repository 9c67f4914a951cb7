"""How the address of a stream says who listens: a token that the front believes."""

from __future__ import annotations

import time

from django.conf import settings

from hallway.front import tokens
from hallway.kit import live

TOKEN_SECONDS = 12 * 3600  # a day at a conference; whether they may is asked all the time anyway


def sign(channel: str, person_id: int) -> str:
    return tokens.sign(channel, settings.SECRET_KEY.encode(), int(time.time()) + TOKEN_SECONDS, person_id)


live.sign_with(sign)
