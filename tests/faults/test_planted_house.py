"""Gates over the house itself are shown a fault and must turn red, as those in test_planted.py."""

from __future__ import annotations

from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType

import pytest
from django.db import models
from django.test.utils import isolate_apps
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern

from tests.gates import access, conflicts, dependencies, fields, said_in_code, suppressions
from tests.gates.tree import ROOT

pytestmark = pytest.mark.fault

VIEWS = "hallway/gathering/events/views.py"
PROJECT = (
    "[project]\ndependencies = [\n"
    '    "brotli>=1",  # stored pages are kept compressed\n]\n'
    "[project.optional-dependencies]\n"
)
LEFT_OPEN = "a\n" + "<" * 7 + " HEAD\nb\n" + "=" * 7 + "\nc\n" + ">" * 7 + " other\n"

# What is planted where, and what the gate has to say about it.
FAULTS: list[tuple[ModuleType, str, str, str]] = [
    (conflicts, "hallway/locale/fr/LC_MESSAGES/django.po", LEFT_OPEN, "django.po:2: a merge was left open"),
    (conflicts, "dev", LEFT_OPEN, "dev:2"),
    (conflicts, "docs/map.md", "a\n" + "=" * 7 + "\n", "docs/map.md:2"),
    (dependencies, "pyproject.toml", PROJECT.replace("  # stored pages are kept compressed", ""), "gives no reason"),
    (dependencies, "pyproject.toml", PROJECT.replace("brotli", "segno"), "nothing uses segno"),
    (dependencies, "constraints.txt", "brotli==1.2.0\nnh3>=2\n", "nh3>=2 is no exact version"),
    (dependencies, "constraints.txt", "brotli @ https://example.org/brotli.whl\n", "no exact version"),
    (dependencies, "constraints.txt", "Brotli-Files==1.0\n", "no version of brotli"),
    (said_in_code, VIEWS, "raise Refusal('event.full', 'This event is full.')\n", "This event is full."),
    (said_in_code, VIEWS, "raise NotAllowed('x', f'Ask {name} first.')\n", "Ask"),
    (said_in_code, VIEWS, "raise forms.ValidationError('Write %s.' % name)\n", "Write"),
    (said_in_code, VIEWS, "messages.success(request, 'Saved.')\n", "Saved."),
    (said_in_code, VIEWS, "x = forms.CharField(label='Name')\n", "Name"),
    (suppressions, VIEWS, "x = y  # noqa\n", "looks away from everything"),
    (suppressions, VIEWS, "x = y  # type: ignore\n", "looks away from everything"),
    (suppressions, VIEWS, "x = y  # noqa: S308\n", "gives no reason"),
    (suppressions, VIEWS, "x = y  # type: ignore[misc]\n", "gives no reason"),
    (suppressions, VIEWS, "x = y  # pragma: no cover\n", "looks away from everything"),
    (suppressions, "tests/test_x.py", "x = y  # type: ignore[misc] - for mypy\n", "checked in hallway alone"),
    (access, VIEWS, "@access.ruled('can_close_door')\ndef close(request): ...\n", "“can_close_door” is declared"),
]


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree in which these gates find nothing wrong."""
    write(tmp_path, "pyproject.toml", PROJECT)
    write(tmp_path, "constraints.txt", "Brotli==1.2.0\n")
    write(tmp_path, "hallway/front/stored.py", "import brotli  # noqa: F401 - only an example\n")
    write(
        tmp_path,
        VIEWS,
        "@access.ruled('can_go')\ndef go(request):\n    require(can_go(request), 'x', _('Ask first.'))\n",
    )
    write(tmp_path, "docs/map.md", "A heading\n=========\n")
    return tmp_path


def found_by(gate: ModuleType, root: Path) -> list[str]:
    if gate is access:
        return access.violations(root, URLResolver(RegexPattern(r"^/"), []))
    found: list[str] = gate.violations(root)
    return found


@pytest.mark.parametrize("gate", sorted({fault[0] for fault in FAULTS}, key=str), ids=lambda gate: gate.__name__)
def test_gate_is_green_before_the_fault(gate: ModuleType, tree: Path) -> None:
    assert found_by(gate, tree) == []


@pytest.mark.parametrize(
    ("gate", "name", "text", "said"), FAULTS, ids=[f"{f[0].__name__[12:]}: {f[3]}" for f in FAULTS]
)
def test_gate_turns_red(gate: ModuleType, name: str, text: str, said: str, tree: Path) -> None:
    write(tree, name, text)
    assert said in "\n".join(found_by(gate, tree))


def test_dependencies_turns_red_for_what_the_oldest_python_cannot_run(tmp_path: Path) -> None:
    for name, wanted in (("old", ">=3.9"), ("new", ">=3.11.5"), ("free", "")):
        asks = f"Requires-Python: {wanted}\n" if wanted else ""
        write(tmp_path, f"{name}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{asks}")
    write(tmp_path, "constraints.txt", "old==1\nnew==1\nfree==1\n")
    found = dependencies.too_new(tmp_path, distributions(path=[str(tmp_path)]))
    assert found == ["constraints.txt: new 1 does not run on Python 3.11.2; take an older version"]


@isolate_apps("hallway.kit")
def test_fields_turns_red_for_an_instant_that_looks_like_a_date() -> None:
    class Planted(models.Model):
        opened_on = models.DateTimeField()
        closes_at = models.DateField()
        begun_at = models.DateTimeField()

        class Meta:
            app_label = "kit"

    assert [line.split(":")[0].split(".")[-1] for line in fields.violations(ROOT, [Planted])] == [
        "opened_on",
        "closes_at",
    ]
