from __future__ import annotations

from datetime import time

import pytest
from django.utils import translation

from hallway.kit.templatetags.hallway import say_clock


@pytest.mark.parametrize(
    ("moment", "language", "said"),
    [
        (time(9, 45), "en", "09:45"),
        (time(9), "en", "09:00"),
        (time(9, 5), "fr", "9\u00a0h\u00a005"),
        (time(18), "fr", "18\u00a0h"),
        (time(0), "fr", "0\u00a0h"),
    ],
)
def test_say_clock_writes_a_time_as_the_language_does(moment: time, language: str, said: str) -> None:
    with translation.override(language):
        assert say_clock(moment) == said
