from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from hallway.kit.typeset import PrintingFailed, PrintingMissing, available, typeset

PAGE = '#set document(title: "A page")\n#set text(lang: "en")\n#let values = json(bytes(sys.inputs.values))\n'


def _template(folder: Path, source: str) -> Path:
    path = folder / "page.typ"
    path.write_text(PAGE + source, encoding="utf-8")
    return path


def test_typeset_gives_a_pdf_of_the_values(tmp_path: Path) -> None:
    assert typeset(_template(tmp_path, "#values.said"), {"said": "hello"}).startswith(b"%PDF-")


def test_typeset_hands_over_the_drawings_of_codes(tmp_path: Path) -> None:
    template = _template(
        tmp_path, '#assert(values.drawings.keys() == ("a", "b")); #assert("<svg" in values.drawings.a)'
    )
    assert typeset(template, {}, codes=["b", "a", "b"]).startswith(b"%PDF-")


def test_typeset_of_a_template_with_a_fault_is_refused_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(PrintingFailed):
        typeset(_template(tmp_path, '#panic("no such thing")'), {})
    assert "no such thing" in caplog.text


def test_typeset_reads_nothing_outside_of_the_folder_of_its_template(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(PrintingFailed):
        typeset(_template(inside, '#read("../secret.txt")'), {})


def test_typeset_that_takes_too_long_is_ended(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    endless = _template(tmp_path, "#for a in range(100000) { for b in range(100000) { } }")
    with caplog.at_level(logging.ERROR), pytest.raises(PrintingFailed):
        typeset(endless, {}, seconds=0.3)
    assert "was not set within" in caplog.text


def test_typeset_that_swells_is_ended_before_it_takes_the_machine(tmp_path: Path) -> None:
    swelling = _template(tmp_path, '#let s = "x" * 1000000\n#while true { s = s + s }')
    with pytest.raises(PrintingFailed):
        typeset(swelling, {}, seconds=30)


def test_typeset_without_typst_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # what Python itself holds for a module that is not to be had
    assert not available()
    with pytest.raises(PrintingMissing):
        typeset(_template(tmp_path, ""), {})
