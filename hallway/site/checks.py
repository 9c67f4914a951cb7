"""What Django checks before Hallway starts, beyond its own checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver


def without_rule(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Our views that declare no rule of ``kit.access``, as ``/address (module.name)``."""
    for entry in resolver.url_patterns:
        address = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from without_rule(entry, address)
        elif isinstance(entry, URLPattern):
            view: Any = entry.callback
            module = getattr(view, "__module__", "")
            if module.startswith("hallway.") and not getattr(view, "access_rule", ""):
                yield f"/{address} ({module}.{getattr(view, '__name__', type(view).__name__)})"


@register()
def every_view_declares_a_rule(**_ignored: Any) -> list[CheckMessage]:
    """A view without a declared rule does not start."""
    return [
        Error(
            f"{view} does not declare who may open it.",
            hint="Put one of kit.access above it: public, signed_in, ruled(…) or by_token.",
            id="hallway.E001",
        )
        for view in without_rule(get_resolver())
    ]
