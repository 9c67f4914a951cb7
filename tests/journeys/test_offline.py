"""A reader on the train: one look at a programme, then no network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import SIZES, Server

KEPT = "caches.open('hallway-pages').then((cache) => cache.keys()).then((all) => all.map((one) => one.url))"


@pytest.fixture
def reader(browser: Browser, hallway: Server) -> Page:
    """A phone that has seen nothing yet; that it complains of the missing network is no fault."""
    context = browser.new_context(viewport=SIZES["phone"], locale="fr-FR", base_url=hallway.url)
    page: Page = context.new_page()
    return page


def test_programme_and_its_sessions_are_read_without_network_after_one_visit(reader: Page) -> None:
    reader.goto("/e/jacaranda-conf/schedule/")
    links = reader.locator('[data-offline] a[href*="/sessions/"]').evaluate_all("(all) => all.map((one) => one.href)")
    assert len(set(links)) > 20
    for _ in range(60):
        if {reader.url, *links} <= set(reader.evaluate(KEPT)):
            break
        reader.wait_for_timeout(1000)
    reader.context.set_offline(True)
    try:
        reader.reload()
        expect(reader.locator("[data-offline-notice]")).to_be_visible()
        link = reader.locator('.slot a[href*="/sessions/"]').first
        title = link.locator("strong").inner_text()
        link.click()
        reader.wait_for_url(re.compile(r"/sessions/\d+"))
        expect(reader.get_by_role("heading", level=1)).to_have_text(title)
        reader.goto("/communities/")
        expect(reader.get_by_role("heading", level=1)).to_have_text("Vous êtes hors ligne")
        reader.get_by_role("link", name="Programme · Jacaranda Conf 2026").click()
        reader.wait_for_url("**/e/jacaranda-conf/schedule/")
    finally:
        reader.context.close()
