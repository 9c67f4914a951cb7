"""Every gate is shown a fault and must turn red. A gate that cannot fail guards nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import migrations, models
from django.test.utils import isolate_apps
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from hallway.kit.privacy import Privacy
from hallway.site.checks import every_view_declares_a_rule
from tests.gates import (
    access,
    actions,
    catalogues,
    clock,
    documents,
    engines,
    links,
    map,
    markup,
    names,
    privacy,
    settings,
    sizes,
    visible_text,
)
from tests.gates import migrations as migrations_gate
from tests.gates.tree import ROOT
from tools import messages, ratchet

pytestmark = pytest.mark.fault

EVENTS = "hallway/gathering/events"
PAGE = f"{EVENTS}/templates/events/planted.html"
QUIET_ACTION = "def close_door(*, event, by, at):\n    event.save()\n"
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
FR = "hallway/locale/fr/LC_MESSAGES/django.po"

# What is planted where, and what the gate has to say about it.
FAULTS: list[tuple[ModuleType, str, str, str]] = [
    (sizes, f"{EVENTS}/views.py", "x = 1\n" * 401, "401 lines"),
    (sizes, f"{EVENTS}/views.py", "def long():\n" + "    x = 1\n" * 51, "::long"),
    (sizes, PAGE, "<p></p>\n" * 121, "121 lines"),
    (names, f"{EVENTS}/utils.py", "", "says nothing"),
    (names, "tests/gathering/events/test_nothing_there.py", "", "could be about"),
    (actions, f"{EVENTS}/actions.py", QUIET_ACTION, "announces no fact"),
    (actions, f"{EVENTS}/actions.py", "def close(event, *, by, at):\n    announce(1)\n", "by position"),
    (actions, f"{EVENTS}/actions.py", "def close(*, event, at):\n    announce(1)\n", "does not take “by”"),
    (visible_text, PAGE, "<p>Doors open at {{ time }}</p>", "Doors open at"),
    (visible_text, PAGE, '<img alt="A full room">', "full room"),
    (visible_text, PAGE, "{% if x %}{% translate 'Fine' %}{% else %}Not fine{% endif %}", "Not fine"),
    (visible_text, f"{EVENTS}/templates/events/planted.subject.txt", "Your seat", "Your seat"),
    (markup, PAGE, '<p style="color: red">', "style attribute"),
    (markup, PAGE, "<script>go()</script>", "script without src"),
    (markup, PAGE, '<a onclick="go()">', "on… attribute"),
    (markup, PAGE, "{{ event.description|safe }}", "filter “safe”"),
    (markup, f"{EVENTS}/views.py", "mark_safe('<b>')\n", "marks text as safe"),
    (links, PAGE, "{% url 'planted_page' %}", "no page called"),
    (engines, "hallway/engines/rounds.py", "import random\n", "imports random"),
    (engines, "hallway/engines/rounds.py", "import datetime\nx = datetime.date.today()\n", "reads the clock"),
    (clock, f"{EVENTS}/actions.py", "x = timezone.now()\n", "wall clock"),
    (catalogues, FR, PO + 'msgid "Events"\nmsgstr ""\n', "untranslated"),
    (catalogues, FR, PO + '#, fuzzy\nmsgid "Events"\nmsgstr "Gens"\n', "fuzzy"),
    (catalogues, FR, PO + 'msgid "Who?"\nmsgstr "Qui ?"\n', "no-break"),
    (catalogues, FR, PO + 'msgid "%(a)s"\nmsgstr "%(b)s"\n', "lacks: b"),
    (catalogues, FR, PO + 'msgid "%(a)s of %(b)s"\nmsgstr "%(a)s"\n', "lost a place of the original: b"),
    (catalogues, FR, PO + 'msgid "Who: us"\nmsgstr "Qui: nous"\n', "no-break"),
    (catalogues, FR, PO + 'msgid "Half"\nmsgstr "50 %"\n', "before a unit"),
    (catalogues, FR, PO + 'msgid "The address"\nmsgstr "L\'adresse"\n', "round apostrophe"),
    (catalogues, FR, PO + 'msgid "“Yes”"\nmsgstr "“Oui”"\n', "French quotes"),
    (catalogues, FR, PO + 'msgid "“Yes”"\nmsgstr "« Oui »"\n', "no-break"),
    (catalogues, FR, PO + 'msgid "Your page"\nmsgstr "Ta page"\n', "never “tu”"),
    (catalogues, FR, PO + 'msgid "Signed in"\nmsgstr "Connecté·e"\n', "middle dot"),
    (catalogues, FR, PO + 'msgid "Done!"\nmsgstr "Fait."\n', "exclamation mark"),
    (catalogues, FR, PO + 'msgid "Done."\nmsgstr "Fait\u202f!"\n', "exclamation mark"),
    (catalogues, FR, PO + 'msgid "It\'s done."\nmsgstr "C’est fait."\n', "original wants a round apostrophe"),
    (catalogues, FR, PO + 'msgid "%(name)s’s page"\nmsgstr "La page de %(name)s"\n', "elide before name"),
    (catalogues, FR, PO + 'msgid "%(name)s’s page"\nmsgstr "La page d’%(name)s"\n', "elide before name"),
    (catalogues, FR, PO + 'msgid "<b>%(name)s</b>!"\nmsgstr "Dit que <b>%(name)s</b>"\n', "elide before name"),
    (catalogues, FR, PO + 'msgid "Page of {name}"\nmsgstr "Page de {name}"\n', "elide before name"),
    (catalogues, "hallway/site/texts/planted.fr.md", "Une règle : écouter.", "planted.fr.md: wants no-break"),
    (catalogues, "hallway/site/demo/content/planted.csv", "slug;name_fr\nx;L'été", "planted.csv: wants round"),
    (catalogues, PAGE, "{% translate 'On now' %}: {{ title }}", "write {% colon %}"),
    (catalogues, f"{EVENTS}/sentences.py", 'x = {"en": "Who?", "fr": "Qui ?"}', "sentences.py: wants no-break"),
    (settings, f"{EVENTS}/views.py", "x = _environment('HALLWAY_PLANTED')\n", "does not name HALLWAY_PLANTED"),
    (settings, "docs/operating.md", "| `HALLWAY_GONE` | | |", "which nothing reads"),
    (documents, "docs/glossary.md", "| event | | `Event` | a meet-up |", "“event” needs"),
    (documents, "docs/running.md", "See `hallway/site/gone.py`.", "no hallway/site/gone.py"),
    (documents, "docs/decisions/0007-later.md", "# 7. Later", "expected number 0001"),
    (map, f"{EVENTS}/facts.py", 'class DoorClosed(Fact):\n    """It is shut."""\n\n    kind = "events.shut"\n', "shut"),
    (map, f"{EVENTS}/panels.py", '@panel("session.below")\ndef below(): ...\n', "session.below"),
    (map, "hallway/gossip/__init__.py", "", "hallway/gossip"),
]
MAP = """
<!-- facts: written by tools/map.py -->
None yet.
<!-- end of facts -->
<!-- panels: written by tools/map.py -->
None yet.
<!-- end of panels -->
`gathering/events`
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree in which the gates that read files find nothing wrong."""
    for name in ("running.md", "operating.md", "security.md", "adding-a-feature.md", "glossary.md"):
        write(tmp_path, f"docs/{name}", "")
    write(tmp_path, "docs/map.md", MAP)
    write(tmp_path, "docs/glossary.md", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    write(tmp_path, f"{EVENTS}/__init__.py", "")
    write(tmp_path, FR, PO)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("gate", sorted({fault[0] for fault in FAULTS}, key=str), ids=lambda gate: gate.__name__)
def test_gate_is_green_before_the_fault(gate: ModuleType, tree: Path) -> None:
    assert gate.violations(tree) == []


@pytest.mark.parametrize(
    ("gate", "name", "text", "said"), FAULTS, ids=[f"{f[0].__name__[12:]}: {f[3]}" for f in FAULTS]
)
def test_gate_turns_red(gate: ModuleType, name: str, text: str, said: str, tree: Path) -> None:
    write(tree, name, text)
    assert said in "\n".join(gate.violations(tree))


def test_links_turns_red_for_a_page_of_a_higher_package(tree: Path) -> None:
    write(tree, PAGE, "{% url 'board' %}")
    known = {"board": "organising"}
    assert "stands higher" in links.violations(tree, known)[0]
    write(tree, PAGE, "{% include 'schedule/grid.html' %}")
    write(tree, "hallway/programme/schedule/templates/schedule/grid.html", "")
    assert "stands higher" in links.violations(tree, known)[0]


@isolate_apps("hallway.kit")
def test_privacy_turns_red_for_a_field_nobody_classified(tree: Path) -> None:
    class Planted(models.Model):
        name = models.CharField(max_length=10)
        privacy = Privacy(retention="for ever", public=("id", "gone"))

        class Meta:
            app_label = "kit"

    class Bare(models.Model):
        class Meta:
            app_label = "kit"

    found = "\n".join(privacy.violations(tree, [Planted, Bare]))
    assert "Planted.name: nobody said" in found
    assert "Planted.gone: classified, but no field" in found
    assert "Bare: has no privacy" in found


def test_access_turns_red_for_a_view_without_a_rule(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(request: Any) -> None: ...

    planted.__module__ = "hallway.gathering.events.views"
    resolver = URLResolver(RegexPattern(r"^/"), [path("planted/", planted)])
    assert "planted/" in access.violations(tree, resolver)[0]
    monkeypatch.setattr("hallway.site.checks.get_resolver", lambda: resolver)
    assert [error.id for error in every_view_declares_a_rule()] == ["hallway.E001"]


def test_migrations_turns_red_for_a_name_by_machine_and_for_no_way_back(tree: Path) -> None:
    for name in ("0002_alter_event_title", "0003_auto_20261008_0900", "0004_event_zone_and_more", "0005-dash"):
        write(tree, f"{EVENTS}/migrations/{name}.py", "")
    assert len(migrations_gate._names(tree)) == 4
    planted = migrations.Migration("0002_forget_everything", "events")
    planted.operations = [migrations.RunPython(lambda *_: None)]
    assert "cannot be taken back" in migrations_gate.irreversible([planted])[0]


def test_messages_turns_red_for_a_text_outside_the_catalogue(tree: Path) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed")
    write(tree, PAGE, "{% translate 'Doors open' %}")
    assert "not in the catalogue: 'Doors open'" in messages.missing(tree)[0]
    write(tree, FR, PO + 'msgid "Doors closed"\nmsgstr "Fermé"\n')
    assert "nothing says this any more: 'Doors closed'" in messages.missing(tree)[1]


def test_ratchet_turns_red_when_coverage_falls() -> None:
    summary = {"covered_lines": 8, "num_statements": 10, "covered_branches": 1, "num_branches": 2}
    report = {"files": {"hallway/people/actions.py": {"summary": summary}, "hallway/kit/text.py": {"summary": summary}}}
    measured = ratchet.figures(report)
    assert measured == {"actions, policies, engines": 75.0, "the rest": 75.0}
    assert ratchet.fallen(measured, {"actions, policies, engines": 75.0, "the rest": 74.0}) == []
    assert len(ratchet.fallen(measured, {"actions, policies, engines": 80.0, "the rest": 74.0})) == 1


def run(*command: str, cwd: Path = ROOT, text: str | None = None) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent
    return subprocess.run([beside / command[0], *command[1:]], cwd=cwd, input=text, capture_output=True, text=True)


def test_style_turns_red() -> None:
    assert run("ruff", "check", "--stdin-filename", f"{EVENTS}/planted.py", "-", text="import os\n").returncode == 1
    assert run("ruff", "format", "--check", "--stdin-filename", "planted.py", "-", text="x  =  1\n").returncode == 1


def test_djade_turns_red(tmp_path: Path) -> None:
    write(tmp_path, "planted.html", "{%load static%}\n")
    assert run("djade", "--target-version", "5.2", "--check", str(tmp_path / "planted.html")).returncode == 1


PLANTED_IMPORTS: list[tuple[str, str, str]] = [
    ("hallway/kit/slugs.py", "from hallway.site import settings\n", "The shelves"),
    (
        "hallway/gathering/communities/queries.py",
        "from hallway.gathering.events import models as m\n",
        "Inside gathering",
    ),
    ("hallway/programme/talks/queries.py", "import hallway.programme.schedule.models\n", "Inside programme"),
    ("hallway/gathering/communities/queries.py", "from . import policies\n", "The files of a domain package"),
    ("hallway/gathering/events/receivers.py", "from . import panels\n", "The files of a domain package"),
    ("hallway/people/stray.py", "", "The files of a domain package"),
    ("hallway/front/language.py", "import django\n", "The front knows no framework"),
    ("hallway/exchange/frab_xml/reading.py", "from hallway.exchange import ical\n", "Exchange"),
    ("hallway/engines/rounds.py", "import random\n", "Engines are pure"),
    ("hallway/kit/refusal.py", "from . import forms\n", "No cycles"),
]


@pytest.mark.parametrize(("name", "line", "contract"), PLANTED_IMPORTS, ids=[entry[2] for entry in PLANTED_IMPORTS])
def test_layers_turns_red(name: str, line: str, contract: str, tmp_path: Path) -> None:
    leave_out = shutil.ignore_patterns("static", "templates", "__pycache__", "locale", "*.json", "*.csv")
    shutil.copytree(ROOT / "hallway", tmp_path / "hallway", ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    if name.startswith("hallway/engines"):
        write(tmp_path, "hallway/engines/__init__.py", "")
    before = (tmp_path / name).read_text(encoding="utf-8") if (tmp_path / name).exists() else ""
    write(tmp_path, name, f"{before}\n{line}")
    command = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from importlinter.cli import lint_imports as go; "
    command += "sys.exit(go(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", command], cwd=tmp_path, capture_output=True, text=True)
    said = " ".join(done.stdout.split())
    assert done.returncode == 1, said + done.stderr
    assert any(f"{contract}" in part and part.strip() for part in said.split("KEPT") if "BROKEN" in part)


@pytest.mark.full
def test_types_turn_red(tmp_path: Path) -> None:
    write(tmp_path, "planted.py", "def double(n: int) -> str:\n    return n * 2\n")
    done = run(
        "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path), "planted.py", cwd=tmp_path
    )
    assert "Incompatible return value" in done.stdout


def test_makemigrations_turns_red(tmp_path: Path) -> None:
    program = (
        "import django; django.setup()\n"
        "from django.db.models import CharField; from hallway.kit.models import InstanceValue\n"
        "InstanceValue.add_to_class('planted', CharField(max_length=5, default=''))\n"
        "from django.core.management import call_command\n"
        "call_command('makemigrations', check=True, dry_run=True)\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "hallway.site.settings",
        "HALLWAY_DATA": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (done.returncode, "planted" in done.stdout) == (1, True)


def test_documentation_turns_red(tmp_path: Path) -> None:
    write(tmp_path, "index.md", "# Planted\n\n[nowhere](gone.md)\n")
    shutil.copy(ROOT / "docs" / "conf.py", tmp_path)
    pytest.importorskip("furo", reason="the documentation's tools are not installed")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(tmp_path), str(tmp_path / "out")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
