"""What a person can take out: each package contributes its part, and the parts become one archive.

A package registers ``contributes("people", function)`` in its ``receivers.py``; the function takes the person and
returns what JSON can hold, or a :class:`Part` when files belong to it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

CONTRIBUTORS: dict[str, Callable[[Any], Any]] = {}


@dataclass(frozen=True)
class Part:
    """A package's share of an archive: plain data, and files by their name in the archive."""

    data: Any
    files: dict[str, bytes] = field(default_factory=dict)


def contributes(name: str, function: Callable[[Any], Any]) -> None:
    """Register what a package holds about a person; ``name`` becomes ``<name>.json``."""
    CONTRIBUTORS[name] = function


def archive(person: Any, readme: str) -> bytes:
    """A zip with ``README.txt``, one JSON file for each package that holds something, and their files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("README.txt", readme)
        for name, function in sorted(CONTRIBUTORS.items()):
            found = function(person)
            part = found if isinstance(found, Part) else Part(found)
            if part.data:
                text = json.dumps(part.data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2, sort_keys=True)
                box.writestr(f"{name}.json", text)
            for path, content in part.files.items():
                box.writestr(path, content)
    return target.getvalue()
