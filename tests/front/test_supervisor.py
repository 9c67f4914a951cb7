import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.front.conftest import ROOT, SAMPLE, eventually, free_port

WATCH = (
    "import sys; from hallway.front.supervisor import supervise; "
    "sys.exit(supervise(sys.argv[2:], most_quick=int(sys.argv[1])))"
)


@pytest.fixture
def watch():
    started = []

    def start(*command, most_quick=5):
        line = [sys.executable, "-c", WATCH, str(most_quick), *map(str, command)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started.append(subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=environment))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=20)


@pytest.fixture
def watched(watch, tmp_path):
    port = free_port()
    process = watch(sys.executable, SAMPLE, tmp_path, port)
    eventually(lambda: answers(port), seconds=10)
    return process, port


def answers(port):
    with (
        contextlib.suppress(OSError),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer,
    ):
        return answer.status == 200
    return False


def child_of(process):
    with contextlib.suppress(OSError, ValueError):
        return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
    return 0


def lives(pid):
    """Whether a process runs; one that ended and was not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_killed_child_is_back_within_five_seconds(watched):
    process, port = watched
    os.kill(child_of(process), signal.SIGKILL)
    eventually(lambda: not answers(port))
    began = time.monotonic()
    eventually(lambda: answers(port), seconds=5)
    assert time.monotonic() - began < 5


def test_terminating_the_supervisor_ends_both_cleanly(watched):
    process, port = watched
    child = child_of(process)
    process.terminate()
    assert process.wait(10) == 0
    assert not lives(child)
    assert not answers(port)


def test_killing_the_supervisor_leaves_no_orphan(watched):
    process, port = watched
    child = child_of(process)
    process.kill()
    eventually(lambda: not answers(port), seconds=5)
    eventually(lambda: not lives(child), seconds=5)


def test_terminated_child_is_a_clean_end(watched):
    process, _ = watched
    os.kill(child_of(process), signal.SIGTERM)
    assert process.wait(10) == 0


def test_supervisor_gives_up_with_a_sentence_after_quick_deaths(watch):
    process = watch(sys.executable, "-c", "raise SystemExit(3)", most_quick=2)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "ended 2 times" in said
    assert "exit status 3" in said


def test_supervisor_never_gives_up_on_a_child_that_is_killed(watch, tmp_path):
    count = tmp_path / "starts"
    line = (
        "import os, pathlib, signal, sys; path = pathlib.Path(sys.argv[1]);"
        "path.write_text((path.read_text() if path.exists() else '') + '.');"
        "len(path.read_text()) < 4 and os.kill(os.getpid(), signal.SIGKILL)"
    )
    process = watch(sys.executable, "-c", line, count, most_quick=2)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert count.read_text() == "...."
    assert said.count("it starts again in 0.2 s.") == 3  # who is killed often is away no longer each time


def test_supervisor_pauses_longer_before_each_start_of_one_that_ends_by_itself(watch):
    _, said = watch(sys.executable, "-c", "raise SystemExit(3)", most_quick=4).communicate(timeout=20)
    assert re.findall(r"again in ([\d.]+) s", said) == ["0.2", "0.4", "0.8"]


def test_supervisor_that_is_the_first_process_of_its_container_runs_its_child(tmp_path):
    alone = ["unshare", "--user", "--map-root-user", "--pid", "--fork"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no process may be the first of a world of its own here")
    came = tmp_path / "came"
    line = [*alone, sys.executable, "-c", WATCH, "1", sys.executable, "-c", f"open({str(came)!r}, 'w').close()"]
    done = subprocess.run(line, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=20, check=False)
    assert (done.returncode, came.exists()) == (0, True)


def test_child_whose_supervisor_died_before_it_was_tied_to_it_ends_at_once():
    line = (
        "import os, sys; from hallway.front.supervisor import Supervisor; gone = Supervisor(['true']);"
        "child = os.fork(); grandchild = 0 if child else os.fork();"
        "child or grandchild or (gone._tie_to_parent(), os._exit(7));"
        "os._exit(os.waitstatus_to_exitcode(os.waitpid(child or grandchild, 0)[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", line], env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=20, check=False
    )
    assert done.returncode == 0
