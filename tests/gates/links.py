"""A template names only pages and templates of its own package or of lower ones, and only such as exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from .tree import height, name_of, package_of, package_of_module, templates

URL = re.compile(r"""\{%\s*url\s+["']([\w:.-]+)["']""")
TEMPLATE = re.compile(r"""\{%\s*(?:include|extends)\s+["']([\w./-]+)["']""")

# Pages that hallway/site/urls.py adds in demo mode alone; tests run in another.
ONLY_IN_THE_DEMO = {"demo_inbox": "site", "demo_sign_in": "site"}


def pages() -> dict[str, str]:
    """Each page's name and the package that owns it; an empty text for pages of others (sign-in)."""
    return ONLY_IN_THE_DEMO | dict(_pages(get_resolver(), ""))


def _pages(resolver: URLResolver, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{space}{entry.name}", package_of_module(getattr(entry.callback, "__module__", ""))
        else:
            yield from _pages(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def violations(root: Path, known: Mapping[str, str] | None = None) -> list[str]:
    known = pages() if known is None else known
    owners = {path.as_posix().split("/templates/")[1]: package_of(path, root) for path in templates(root)}
    found = []
    for path in templates(root):
        own = package_of(path, root)
        text = path.read_text(encoding="utf-8")
        for page in URL.findall(text):
            if page not in known:
                found.append(f"{name_of(path, root)}: there is no page called “{page}”")
            elif _higher(known[page], own):
                found.append(f"{name_of(path, root)}: names “{page}” of {known[page]}, which stands higher than {own}")
        found += [
            f"{name_of(path, root)}: uses “{name}” of {owners[name]}, which stands higher than {own}"
            for name in TEMPLATE.findall(text)
            if name in owners and _higher(owners[name], own)
        ]
    return found


def _higher(one: str, other: str) -> bool:
    return bool(one) and height().get(one, 0) > height().get(other, 0)
