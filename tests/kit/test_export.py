from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from hallway.kit import export
from hallway.kit.export import Part


def test_archive_holds_each_packages_part_and_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "CONTRIBUTORS", {})
    export.contributes("people", lambda person: Part({"name": person}, {"picture.webp": b"RIFF"}))
    export.contributes("talks", lambda _person: [{"at": datetime(2026, 10, 8, tzinfo=UTC)}])
    export.contributes("nothing", lambda _person: [])
    box = zipfile.ZipFile(io.BytesIO(export.archive("Éloïse", "Read me")))
    assert sorted(box.namelist()) == ["README.txt", "people.json", "picture.webp", "talks.json"]
    assert json.loads(box.read("people.json")) == {"name": "Éloïse"}
    assert "Éloïse" in box.read("people.json").decode()
    assert json.loads(box.read("talks.json")) == [{"at": "2026-10-08T00:00:00Z"}]
