"""People who typed their address and hold the mailed link: the form behind it, ready to be sent."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from hallway.gathering.attendance.models import Admission
from hallway.gathering.attendance.tokens import Right
from hallway.kit import clock
from hallway.kit.links import token_of
from tests.faults.crowd import requests_for
from tests.faults.house import Answer, House, Post, send_at_once


def confirm_links(admission: Admission, number: int) -> tuple[list[Post], list[int]]:
    """So many different people's forms, and the ids of their requests."""
    now = clock.now()
    rows = requests_for(admission, number, now, until=now + timedelta(days=2))
    posts = [
        Post(
            f"/registrations/confirm/{token_of(Right.CONFIRM, row.pk, row.nonce)}/",
            {"name": f"Guest Number {place}", "guests": "0"},
        )
        for place, row in enumerate(rows)
    ]
    return posts, [row.pk for row in rows]


class Visitors(threading.Thread):
    """Twelve at a time they press their button, each once; what they were told is in ``told``."""

    def __init__(self, served: House, posts: list[Post], *, pause: float = 0.0) -> None:
        super().__init__()
        self.served, self.posts, self.told, self.pause = served, posts, dict[int, Answer](), pause

    def run(self) -> None:
        for begin in range(0, len(self.posts), 12):
            part = self.posts[begin : begin + 12]
            answers = send_at_once(self.served.port, part, patience=20, together=0.01)
            self.told.update({begin + place: answer for place, answer in enumerate(answers)})
            time.sleep(self.pause)
            while not self.served.answers():
                time.sleep(0.02)

    @property
    def acknowledged(self) -> set[int]:
        return {place for place, answer in self.told.items() if answer.status == 302}
