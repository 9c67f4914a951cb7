"""What the pages about the instance say until its administrators write their own, in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Any] = {"legal": _("Legal notice"), "privacy": _("Privacy"), "conduct": _("Code of conduct")}


@cache
def default_text(name: str) -> dict[str, str]:
    """The Markdown of ``legal``, ``privacy`` or ``conduct`` by language; one line is one paragraph."""
    folder = Path(__file__).parent / "texts"
    return {code: (folder / f"{name}.{code}.md").read_text(encoding="utf-8") for code, _name in settings.LANGUAGES}
