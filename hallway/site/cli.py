"""The ``hallway`` command."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Hand over to Django's own commands; ours stand in each package's ``management`` folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hallway.site.settings")
    from django.core.management import execute_from_command_line

    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["manage"]:
        given = given[1:]
    execute_from_command_line(["hallway", *given])
