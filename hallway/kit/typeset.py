"""Paper: a PDF from a typst template and values, set in a process of its own (``hallway.kit.compositor``).

A list of a thousand takes typst a second and 150 MB, which it would keep; in a process of its own both end with the
document, and so does whatever goes wrong. What people wrote reaches a template as values alone, never as source.

A template reads ``json(bytes(sys.inputs.values))``. Its ``drawings`` are the SVG files of the QR codes that were asked
for, by their texts. ``sys.inputs.unshown`` is ``"yes"`` when no font of this machine has some of the characters: they
are drawn as empty boxes, and the template says so on the paper.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from hallway.kit.refusal import Refusal

LONGEST_SECONDS = 60
_ROOT = Path(__file__).parents[2]  # where the same ``hallway`` is found that runs here
_log = logging.getLogger(__name__)


class PrintingMissing(Refusal):
    """typst is not installed: Hallway runs without it, and prints nothing."""

    def __init__(self) -> None:
        super().__init__(
            "printing.missing",
            _(
                "Printing is not installed on this server. Whoever runs it adds it with “pip install hallway[pdf]” "
                "and starts Hallway again."
            ),
        )


class PrintingFailed(Refusal):
    """There is no PDF; why stands in the log."""

    def __init__(self) -> None:
        super().__init__("printing.failed", _("This could not be made ready for print. Try it with fewer people."))


def available() -> bool:
    """Whether typst is installed."""
    return find_spec("typst") is not None


def typeset(
    template: Path, values: dict[str, Any], *, codes: Iterable[str] = (), seconds: float = LONGEST_SECONDS
) -> bytes:
    """The document as a tagged PDF.

    It keeps to PDF/UA-1, the standard of accessible PDFs, unless it has characters that no font of this machine knows.
    """
    if not available():
        raise PrintingMissing
    order = json.dumps({"template": str(template), "values": values, "codes": sorted(set(codes))})
    command = [sys.executable, "-m", "hallway.kit.compositor"]
    try:
        done = subprocess.run(  # noqa: S603 - our own command; what people wrote goes in by its input
            command, cwd=_ROOT, input=order.encode(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        _log.error("%s was not set within %s s", template.name, seconds)
        raise PrintingFailed from None
    if done.returncode:
        _log.error("%s was not set: %s", template.name, done.stderr.decode(errors="replace").strip()[-2000:])
        raise PrintingFailed
    return done.stdout
