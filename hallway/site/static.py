"""Static files under names that change with their content, without a collecting step."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path, PurePosixPath

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

_MARK = re.compile(r"^(?P<stem>.+)\.(?P<mark>[0-9a-f]{12})(?P<ending>\.[A-Za-z0-9]+)$")


@cache
def fingerprint(name: str) -> str:
    """``kit/hallway.css`` → ``kit/hallway.0123456789ab.css``; unknown names are returned as they are."""
    found = finders.find(name)
    if not isinstance(found, str):
        return name
    mark = hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{mark}{path.suffix}"))


def locate(name: str) -> tuple[str, bool] | None:
    """The file behind an address below /static/, and whether the address names exactly this content for ever."""
    match = _MARK.match(name)
    plain = f"{match['stem']}{match['ending']}" if match else name
    found = finders.find(plain)
    if not isinstance(found, str):
        return None
    return found, bool(match) and fingerprint(plain) == name


class FingerprintedStorage(FileSystemStorage):
    """What ``{% static %}`` asks for addresses."""

    def url(self, name: str | None) -> str:
        return f"/static/{fingerprint(name or '')}"
