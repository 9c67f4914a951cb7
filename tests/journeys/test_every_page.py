"""Every kind of page of the demonstration, as a stranger and as an organiser sees it: no link leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from .conftest import Visit, in_form

MOST_KINDS, MOST_LINKS = 60, 400
FILES = re.compile(r"\.(ics|xml|json|png|csv|atom|webmanifest|js|css)$|/compat/|/me/export/")
# The owner of an address, and what stands behind it: one of each kind is looked at.
KINDS = [(re.compile(r"/\d+(-[^/]*)?(?=/|\.|$)"), "/#"), (re.compile(r"^/(c|e|p|series)/(?!new/)[^/]+"), r"/\1/*")]
# Letters of the demonstration hold links that were used long ago.
LINKS = "[...document.querySelectorAll('a[href]:not(.letter a)')].map(a => a.getAttribute('href'))"


def kind_of(address: str) -> str:
    """``/e/jacaranda-conf/sessions/7-asyncio/?day=x`` is of the kind ``/e/*/sessions/#/?day``."""
    parts = urlsplit(address)
    path = parts.path
    for pattern, short in KINDS:
        path = pattern.sub(short, path)
    return path + "?" + "&".join(sorted({name for name, _ in parse_qsl(parts.query)}))


def is_page(address: str, base: str) -> bool:
    """An address of ours that a reader would look at."""
    parts = urlsplit(address)
    return address.startswith(base) and not FILES.search(parts.path) and "lang=" not in parts.query


def crawl(page: Page, base: str, seen: Callable[[Page], None]) -> list[str]:
    """Look at one page of each kind, breadth first; every link of theirs answers. Returns the pages looked at."""
    waiting, kinds, asked, looked_at = [page.url], set(), set(), []
    while waiting and len(kinds) < MOST_KINDS:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in kinds:
            continue
        kinds.add(kind)
        page.goto(address)
        looked_at.append(address)
        seen(page)
        links = {urljoin(page.url, href).split("#")[0] for href in page.evaluate(LINKS)}
        for link in sorted(link for link in links if link.startswith(base)):
            if link not in asked and len(asked) < MOST_LINKS and kind_of(link) not in kinds:
                asked.add(link)
                status = page.request.get(link, max_redirects=3).status
                assert status < 400, f"{address} links to {link}, which answers {status}"
            if is_page(link, base):
                waiting.append(link)
    return looked_at


@pytest.mark.parametrize(
    ("language", "size", "scheme", "as_"),
    [
        pytest.param("fr", "phone", "dark", "organiser"),
        pytest.param("en", "desk", "light", ""),
        pytest.param("fr", "phone", "dark", "", marks=pytest.mark.full),
        pytest.param("en", "desk", "light", "organiser", marks=pytest.mark.full),
    ],
)
def test_every_kind_of_page_is_in_order(
    visit: Visit, axe: Callable[[Page], None], language: str, size: str, scheme: str, as_: str
) -> None:
    start = "/e/jacaranda-conf/" if as_ else "/"
    page = visit(language, size, scheme=scheme, as_=as_, path=start)
    base = page.url.removesuffix(start) + "/"

    def seen(page: Page) -> None:
        in_form(page, language)
        axe(page)

    looked_at = crawl(page, base, seen)
    assert len(looked_at) >= 20, looked_at
