"""Keeps the server running: a child process that is brought back when it dies, and never left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

PR_SET_PDEATHSIG = 1
QUICK_SECONDS = 10.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 3.0
STOP_SECONDS = 15.0
CLEAN = (0, -signal.SIGTERM, -signal.SIGINT)
# A page or an export of a megabyte comes and goes: glibc gives such memory back only if told to.
FRUGAL = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "262144"}
REFUSED = 2  # the child said in a sentence why it will not start; starting it again would not help


class Supervisor:
    """Runs `command` as a child. An end of its own within `QUICK_SECONDS` is quick; `most_quick` in a row end
    it all. One that was killed is always brought back, and without a longer pause the next time: that says nothing
    about its next start.
    """

    def __init__(
        self, command: Sequence[str], *, most_quick: int = 5, say: Callable[[str], None] | None = None
    ) -> None:
        self._command = list(command)
        self._most_quick = most_quick
        self._say = say or _to_stderr
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self._libc = ctypes.CDLL(None) if sys.platform == "linux" else None
        self._own = os.getpid()  # 1 where nothing else stands above us, as in a container

    def run(self) -> int:
        """Run until told to stop, until the child ends cleanly, or until it dies too often;
        returns an exit status.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        quick = 0
        while True:
            began = time.monotonic()
            status = self._run_once()
            if self._stopping or status in CLEAN:
                return 0
            if status == REFUSED:
                return REFUSED
            ended_quickly = status > 0 and time.monotonic() - began < QUICK_SECONDS
            quick = quick + 1 if ended_quickly else 0
            if quick >= self._most_quick:
                self._say(
                    f"The server ended {quick} times within seconds of its start (exit status {status}). "
                    "Look at the lines above, mend the cause and start again."
                )
                return 1
            pause = min(FIRST_PAUSE * 2 ** max(quick - 1, 0), LONGEST_PAUSE)
            self._say(f"The server ended with exit status {status}; it starts again in {pause:.1f} s.")
            self._pause(pause)
            if self._stopping:
                return 0

    def _run_once(self) -> int:
        # A process group of its own: Ctrl-C in a terminal reaches the child once, through us.
        self._child = subprocess.Popen(  # noqa: S603 - our own command line
            self._command, process_group=0, preexec_fn=self._tie_to_parent, env=FRUGAL | dict(os.environ)
        )
        if self._stopping:
            self._child.terminate()
        while True:
            try:
                return self._child.wait(STOP_SECONDS if self._stopping else 1.0)
            except subprocess.TimeoutExpired:
                if self._stopping:
                    self._child.kill()

    def _tie_to_parent(self) -> None:
        """In the child: end when the parent ends, however it ends."""
        if self._libc is not None:
            self._libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != self._own:  # the parent died before the line above
                os._exit(0)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                self._child.terminate()

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.05))


def supervise(command: Sequence[str], *, most_quick: int = 5) -> int:
    """Run a server's command line under supervision and return the exit status for this process."""
    return Supervisor(command, most_quick=most_quick).run()


def _to_stderr(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
