"""Every kind of page of the demonstration, as a stranger, an organiser and an administrator see it.

No link leads nowhere, axe finds nothing, and no page of ours is forgotten: an address that none of
these walks comes to is named below, with the journey that looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Browser, Page

from .conftest import SIZES, Server, Visit, in_form

MOST_KINDS, MOST_LINKS = 600, 1500
FILES = re.compile(
    r"\.(ics|xml|json|png|svg|csv|atom|webmanifest|js|css|pdf|md)$|/compat/|/me/export/|/administration/|/door/print/"
)
# The owner of an address, and what stands behind it: one of each kind is looked at.
KINDS = [
    (re.compile(r"/\d+(-[^/]*)?(?=/|\.|$)"), "/#"),
    (re.compile(r"^/(c|e|p|series|products|tools)/(?!new/)[^/]+"), r"/\1/*"),
    (re.compile(r"/[0-9A-Z]{6}(?=/|$)"), "/#"),  # the letters of a room
    (re.compile(r"/[\w-]{20,}(?=/|$)"), "/#"),  # a token
]
# Letters of the demonstration hold links that were used long ago.
LINKS = "[...document.querySelectorAll('a[href]:not(.letter a)')].map(a => a.getAttribute('href'))"
# Where a walk begins: one's own things first, then pages that no link leads to.
ENTRANCES = {
    "": [
        "/",
        "/search?q=python",
        "/search?q=xyzzy",
        "/offline/",
        "/accounts/login/code/",
        "/q/",
        "/e/jacaranda-conf/speakers/",
    ],
    "organiser": ["/e/jacaranda-conf/", "/c/jacaranda-developers/", "/p/thabo-nel/", "/said/", "/"],
    "admin": ["/instance/", "/communities/requests/", "/p/peter-odongo/"],
}
OF_ADMINISTRATORS = re.compile(r"/instance/|/communities/requests/|/p/[^/]+/merge/")
# What a program reads, what is pressed and answers with another page, and what a provider's settings bring.
NOT_PAGES = re.compile(
    r"\.(ics|atom|csv|json|xml|png|svg|webmanifest|js)$|/compat/|export/$|^places$|/now$|^administration/|dates/$|healthz"
    r"|/(publish|unpublish|reset|remove|withdraw|end|start|undo|times|generate|download|picture|invite)/$"
    r"|q/<str:code>/<int:pk>/(vote|item|answers/<int:answer_id>|cases/<int:case_id>|meetings/<int:meeting_id>)/$"
    r"|<int:pk>/(helped|lift|note)/$|\.md$|\.pdf$|<str:filename>$"
    r"|/(take|give-up|coming|change|alone|shown|every-time|opening)/$|registration/where/$"
    r"|mail/test/$|team/invitations/<int:pk>/$|sessions/<int:pk>/$"
    r"|3rdparty|social|github|gitlab|google|oidc|webauthn/(login|reauthenticate|keys)|accounts/(inactive|signup|sessions)"
)
# Looked at on the way of another journey, or the last page of a way that a link in a mail begins.
ELSEWHERE = {
    "test_sign_in": r"accounts/(code|login/code/confirm|logout|confirm-email|reauthenticate|password|2fa)|me/name",
    "test_founder": r"^c/new/",
    "test_importer": r"/import/",
    "test_door": r"^door/|/door/|/here/",
    "test_registrations": r"/registrations/seats/$",
    "test_attendee": r"^registrations/|/register/|/registration/",
    "test_organiser": r"edit/programme/(release|<int:pk>/remove)",
    "test_feedback": r"^feedback/|^cards/|^makers/|^e/<slug:slug>/feedback/|^products/<slug:slug>/edit/",
    "test_asking": r"^q/<str:code>/<int:pk>/edit/",
    "test_room": r"^q/room/",
    "test_asked_afterwards": r"^q/(speaker|stop)/",
    "test_takeaways": r"/notes/history/|^takeaways/|/takeaways/$|^me/notes/<int:pk>/|/slides/|^slides/",
    "test_moderation": r"^moderation/|^appeals/",
    "by a link in a mail": r"invitation/|claims/|^hosting/|password/reset/key",
    "the step page that cancelling shows, for a draft; the first part of an edit": r"^e/<str:slug>/(delete|edit)/$",
}
routes_seen: dict[str, set[str]] = {}


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


def crawl(
    page: Page, base: str, begin: list[str], follow: Callable[[str], bool], seen: Callable[[Page], None]
) -> list[str]:
    """Look at one page of each kind, breadth first; every link of theirs answers. Returns the pages looked at."""
    waiting, kinds, asked, looked_at = [urljoin(base, path) for path in begin], set(), set(), []
    while waiting and len(kinds) < MOST_KINDS:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in kinds:
            continue
        kinds.add(kind)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status < 400, f"{address} answers {answer.status}"
        looked_at.append(address)
        seen(page)
        links = {urljoin(page.url, href).split("#")[0] for href in page.evaluate(LINKS)}
        for link in sorted(link for link in links if link.startswith(base) and follow(link)):
            if link not in asked and len(asked) < MOST_LINKS and kind_of(link) not in kinds:
                asked.add(link)
                status = page.request.get(link, max_redirects=3).status
                assert status < 400, f"{address} links to {link}, which answers {status}"
            if is_page(link, base):
                waiting.append(link)
    return looked_at


def ways() -> list[object]:
    """Each part in each language, size and scheme: what a run leaves out, a full one plays."""
    now = {("fr", "phone", "dark", "organiser"), ("en", "desk", "light", ""), ("fr", "desk", "light", "admin")}
    every = [(la, si, sc, who) for la in ("en", "fr") for si in SIZES for sc in ("light", "dark") for who in ENTRANCES]
    return [pytest.param(*way, marks=() if way in now else pytest.mark.full) for way in every]


@pytest.mark.parametrize(("language", "size", "scheme", "as_"), ways())
def test_every_kind_of_page_is_in_order(
    visit: Visit, axe: Callable[[Page], None], language: str, size: str, scheme: str, as_: str
) -> None:
    page = visit(language, size, scheme=scheme, as_=as_, path="/")

    def seen(page: Page) -> None:
        in_form(page, language)
        axe(page)

    looked_at = crawl(
        page, page.url, ENTRANCES[as_], OF_ADMINISTRATORS.search if as_ == "admin" else lambda link: True, seen
    )
    assert len(looked_at) >= {"": 25, "organiser": 60, "admin": 6}[as_], looked_at
    routes_seen[as_] = {route_of(address) for address in looked_at}


def route_of(address: str) -> str:
    """``e/<slug:slug>/schedule/`` of an address; empty for the first page and for what only a demonstration has."""
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return ""


def every_route(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield before + str(entry.pattern)
        else:
            yield from every_route(entry, before + str(entry.pattern))


def test_no_page_was_forgotten() -> None:
    if routes_seen.keys() != ENTRANCES.keys():
        pytest.skip("plays after the walks above")
    seen = set().union(*routes_seen.values())
    others = re.compile("|".join(ELSEWHERE.values()))
    pages = {route for route in every_route(get_resolver()) if not NOT_PAGES.search(route)}
    assert sorted(route for route in pages - seen if not others.search(route)) == []


@pytest.mark.parametrize(("language", "size", "scheme"), [("fr", "phone", "dark"), ("en", "desk", "light")])
def test_pages_that_refuse_are_in_order(
    browser: Browser, hallway: Server, look: Callable[[Page], None], language: str, size: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport=SIZES[size], locale={"en": "en-GB", "fr": "fr-FR"}[language], base_url=hallway.url
    )
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    context.request.post(f"{hallway.url}/demo/sign-in/attendee/", headers={"Origin": hallway.url})
    for path, status in (("/nothing-here/", 404), ("/instance/", 403), ("/c/jacaranda-developers/team/", 403)):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status
        look(page)
        in_form(page, language)
    context.close()


def test_the_programme_needs_no_script_and_holds_at_twice_the_size(visit: Visit, axe: Callable[[Page], None]) -> None:
    page = visit("en", "phone", js=False, path="/e/jacaranda-conf/schedule/")
    assert page.locator(".bytime li a:visible").count() > 30
    assert page.locator("details.filters summary").is_visible()
    page = visit("fr", "desk", path="/e/jacaranda-conf/schedule/")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.reload()
    # A font more where a name has letters beyond English and French.
    assert len([address for address in requests if "-more-" not in address]) <= 7, requests
    page.set_viewport_size({"width": 640, "height": 450})  # 1280 px at 200 %
    axe(page)
    page.emulate_media(media="print")
    assert page.locator(".bytime li a:visible").count() > 30
    assert not page.locator("nav:visible, .button:visible, aside:visible").count()


def test_what_one_presses_is_big_enough_and_shows_the_focus(visit: Visit) -> None:
    page = visit("fr", "phone", path="/", as_="organiser")
    for path in ("/", "/e/jacaranda-conf/schedule/", "/c/jacaranda-developers/", "/e/jacaranda-conf/edit/programme/"):
        page.goto(path)
        small = Axe().run(page, options={"runOnly": ["target-size"]})  # 24 px, or space around
        assert small.violations_count == 0, f"{path}\n{small.generate_report()}"
        heights = page.evaluate(
            "[...document.querySelectorAll('.button, .bar nav a')].filter(e => e.checkVisibility())"
            ".map(e => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 43.5, (path, heights)
        for _ in range(12):
            page.keyboard.press("Tab")
            width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
            assert width >= 2, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
