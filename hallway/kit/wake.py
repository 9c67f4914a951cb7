"""Wakes the sweep loop of this process when something became due, so that a sign-in code leaves at once."""

from __future__ import annotations

import threading

_bell = threading.Event()


def sweeps() -> None:
    """Ring: rows may be due now."""
    _bell.set()


def rung() -> bool:
    """Whether somebody rang since the last silence."""
    return _bell.is_set()


def silence() -> None:
    """Take note of the ring."""
    _bell.clear()


def wait(seconds: float) -> None:
    """Sleep until somebody rings or the time is over."""
    _bell.wait(seconds)
