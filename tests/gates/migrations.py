"""Migrations carry a name that says why, and each can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from .tree import name_of

BY_HAND = re.compile(r"\d{4}_[a-z][a-z0-9_]+")
BY_MACHINE = re.compile(r"\d{4}_(initial$|auto_|alter_|remove_|delete_|rename_|create_)|_and_more$|\d{8}_\d{4}$")


def violations(root: Path) -> list[str]:
    return [*_names(root), *irreversible(_ours())]


def _names(root: Path) -> list[str]:
    files = [path for path in sorted((root / "hallway").rglob("migrations/*.py")) if path.name != "__init__.py"]
    return [
        f"{name_of(path, root)}: give it a name that says what changes for people"
        for path in files
        if not BY_HAND.fullmatch(path.stem) or BY_MACHINE.search(path.stem)
    ]


def _ours() -> list[Migration]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = loader.disk_migrations.values()
    return [migration for migration in found if type(migration).__module__.startswith("hallway.")]


def irreversible(migrations: Iterable[Migration]) -> list[str]:
    return [
        f"{migration.app_label} {migration.name}: {type(operation).__name__} cannot be taken back"
        for migration in migrations
        for operation in migration.operations
        if not operation.reversible
    ]
