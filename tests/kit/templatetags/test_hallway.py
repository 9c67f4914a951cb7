from __future__ import annotations

from datetime import time
from urllib.parse import unquote

import pytest
from django.utils import translation

from hallway.kit.templatetags.hallway import drawn_here, say_clock


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


def test_drawn_here_holds_the_file_without_what_would_end_the_attribute() -> None:
    address = drawn_here("kit/mark.svg")
    assert unquote(address).startswith("data:image/svg+xml,<svg ")
    assert not set('"\'<>#&') & set(address)


def test_drawn_here_refuses_a_name_without_a_file() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        drawn_here("kit/nowhere.svg")
