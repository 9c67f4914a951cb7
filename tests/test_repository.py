"""The repository holds itself to its rules. The gates are in tests/gates, their planted faults in tests/faults."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.gates import (
    access,
    actions,
    catalogues,
    clock,
    conflicts,
    dependencies,
    documents,
    engines,
    fields,
    links,
    map,
    markup,
    migrations,
    names,
    privacy,
    said_in_code,
    settings,
    sizes,
    suppressions,
    visible_text,
)
from tests.gates.tree import ROOT

GATES = (
    access, actions, catalogues, clock, conflicts, dependencies, documents, engines, fields, links, map, markup,
    migrations, names, privacy, said_in_code, settings, sizes, suppressions, visible_text,
)  # fmt: skip


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__.split(".")[-1])
def test_gate_is_green(gate: ModuleType) -> None:
    found = gate.violations(ROOT)
    assert not found, "\n".join(["", *found])
