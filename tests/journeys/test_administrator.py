"""An administrator looks at the tables; a person types a town. Neither makes the console say anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import Visit, tab_to


@pytest.mark.parametrize(("language", "size"), [("en", "phone"), ("fr", "desk")])
def test_administration_works_under_the_content_policy(visit: Visit, language: str, size: str) -> None:
    page = visit(language, size, path="/instance/", as_="admin")
    page.locator("a[href='/administration/']").click()
    page.wait_for_url("**/administration/")
    page.locator("a[href='/administration/people/person/']").first.click()
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".field-slug .readonly")).not_to_be_empty()
    page.locator(".theme-toggle").first.click()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_towns_are_proposed_while_one_types_and_bring_their_zone(visit: Visit) -> None:
    page = visit("fr", "phone", path="/me/profile/", as_="attendee")
    page.locator("select[name=zone]").select_option("")
    tab_to(page, "Lieu 1")
    page.keyboard.press("Control+A")
    page.keyboard.type("maput")
    page.locator("datalist option[value='Maputo, Mozambique']").wait_for(state="attached")
    page.keyboard.press("Control+A")
    page.keyboard.type("Maputo, Mozambique")
    expect(page.locator("select[name=zone]")).to_have_value("Africa/Maputo")
