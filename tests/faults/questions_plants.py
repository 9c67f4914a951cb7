"""Faults to plant in a floor: each takes away what keeps many hands on it from doing harm."""

from __future__ import annotations

from typing import Any

import pytest

from hallway.notices.actions import send_notice
from hallway.sharing.questions.actions import answering, asking, digests, following, merging, room, wanting
from hallway.sharing.questions.models import Digest, Floor


def votes(patched: pytest.MonkeyPatch) -> None:
    """A question is counted as somebody read it before."""
    patched.setattr(wanting, "held", lambda row, code: row)


def merge(patched: pytest.MonkeyPatch) -> None:
    """Nobody looks again whether both are still there."""
    patched.setattr(merging, "_require_doubles", lambda row, stays: None)


def stage(patched: pytest.MonkeyPatch) -> None:
    """The one before is not put back."""
    patched.setattr(room, "moderated", lambda question, by: (Floor(pk=0), question))


def answer(patched: pytest.MonkeyPatch) -> None:
    """An answer does not look whether its question is still there."""
    patched.setattr(answering, "require_shown", lambda question: None)


def marks(patched: pytest.MonkeyPatch) -> None:
    """Marks are added up instead of counted."""
    patched.setattr(answering.queries, "count_marks", lambda answer: (answer.helped + 1, answer.tried + 1))


def pause(patched: pytest.MonkeyPatch) -> None:
    """Whoever asks believes what they read of the floor before."""
    patched.setattr(asking, "held", lambda row, code: row)


def pace(patched: pytest.MonkeyPatch) -> None:
    """Nobody counts how often somebody asked."""
    patched.setattr(asking, "_require_pace", lambda floor, traces, at: None)


def twice(**named: Any) -> Any:
    return send_notice(**named | {"dedupe_key": None})


def told(patched: pytest.MonkeyPatch) -> None:
    """Nobody writes down who was told."""
    patched.setattr(following.Told.objects, "create", lambda **named: None)
    patched.setattr(following, "send_notice", twice)


def digest(patched: pytest.MonkeyPatch) -> None:
    """A digest is forgotten as soon as it is written."""
    patched.setattr(digests, "announce", lambda fact, *, by, at: Digest.objects.all().delete())
    patched.setattr(digests, "send_notice", twice)


def leaving(patched: pytest.MonkeyPatch) -> None:
    """Whoever writes does not look whether they are still there."""
    for module in (asking, answering, wanting, following):
        patched.setattr(module, "stay", lambda by: None)


def storm(patched: pytest.MonkeyPatch) -> None:
    """Votes are written down and not counted."""
    patched.setattr(wanting, "_count", lambda row, votes, *, at: None)
