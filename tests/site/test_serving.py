"""What the front asks of the site: files people uploaded, found or not, never above their folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from hallway.site.serving import find_upload


@pytest.fixture
def media(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    (tmp_path / "media" / "people").mkdir(parents=True)
    (tmp_path / "media" / "people" / "a.webp").write_bytes(b"x")
    (tmp_path / "secret.key").write_text("secret")
    return tmp_path / "media"


def test_find_upload_finds_what_is_kept(media: Path) -> None:
    assert find_upload("people/a.webp") == media / "people" / "a.webp"


@pytest.mark.parametrize("name", ["../secret.key", "people/../../secret.key", "people", "gone.webp", "a" * 5_000])
def test_find_upload_finds_nothing_else(name: str, media: Path) -> None:
    assert find_upload(name) is None
