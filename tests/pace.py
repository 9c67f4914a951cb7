"""How fast the machine is at this moment: limits of processor time hold for one that has nothing else to do."""

from __future__ import annotations

import time

ROUNDS = 1_000_000
USUAL_SECONDS = 0.06  # for so many rounds, on two cores of which nobody else has a share


def slower() -> float:
    """By what a limit is to be stretched here and now: 1 at least, 3 where the processor is a third as fast."""
    return max(1.0, min(_seconds() for _time in range(3)) / USUAL_SECONDS)


def _seconds() -> float:
    began = time.process_time()
    sum(number * number for number in range(ROUNDS))
    return time.process_time() - began
