from __future__ import annotations

import pytest

from hallway.people.devices import device_in_words


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537", "Chrome on Android"),
        ("Firefox/1", "Firefox"),
        ("curl/8", "A device we cannot name"),
        ("", "A device we cannot name"),
    ],
)
def test_device_in_words(user_agent: str, words: str) -> None:
    assert device_in_words(user_agent) == words
