"""What the page of a door shows of its book."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect


def row(page: Page, name: str) -> Any:
    return page.locator("[data-rows] button.door-row", has_text=name)


def counted(page: Page, came: int, going: int = 8) -> None:
    expect(page.locator("[data-came]")).to_have_text(str(came))
    expect(page.locator("[data-going]")).to_have_text(str(going))
