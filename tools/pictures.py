"""Take the README's pictures anew from a demonstration that runs.

    ./dev demo --port 8000 --data /tmp/pictures
    .venv/bin/python -m tools.pictures http://localhost:8000

The demonstration's own bar is left out: no instance has it.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

TO = Path(__file__).resolve().parent.parent / "docs" / "pictures"
EVENT = "/e/jacaranda-conf/"
DESK, PHONE, PROJECTOR = (1280, 900), (390, 844), (1280, 720)
COLOURS = 128
ROOM_NOW = "[aria-labelledby=rooms-now] a[href$='/room/']"


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it; ``then`` brings it to where the picture is taken."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    language: str = "en-GB"
    scheme: str = "light"
    as_: str = ""
    then: Callable[[Page], object] = lambda page: None


def look_around(page: Page) -> None:
    """The first page, with the place of the conference."""
    page.get_by_label("Show me what is on around").fill("Johannesburg")
    page.get_by_role("button", name="Look around").click()
    page.get_by_role("heading", name="Coming up around Johannesburg").wait_for()
    page.evaluate("scrollTo(0, 0)")


def take_one_up(page: Page) -> None:
    """A room in which a question is being answered, whatever the script that plays its audience did so far."""
    page.locator(ROOM_NOW).first.click()
    page.wait_for_url(re.compile("/q/.+/room/"))
    if not page.locator(".qroom-stage.on").count():
        page.locator("button[value=take]").first.click()
        page.locator(".qroom-stage.on").wait_for()
    page.reload()  # without what the press said
    page.evaluate("scrollTo(0, 0)")


def the_code(page: Page) -> str:
    """The code of the first session that is on, from the team's list."""
    return str(page.locator(ROOM_NOW).first.get_attribute("href")).split("/")[2]


PICTURES = (
    Picture("programme", f"{EVENT}schedule/"),
    Picture("community", "/c/jacaranda-developers/"),
    Picture("home", "/", size=(1280, 860), then=look_around),
    Picture("programme-phone", f"{EVENT}schedule/", size=PHONE, language="fr-FR", scheme="dark"),
    Picture("seat-phone", f"{EVENT}registration/", size=PHONE, as_="attendee"),
    Picture("door-phone", f"{EVENT}door/list/", size=PHONE, language="fr-FR", scheme="dark", as_="organiser"),
    Picture("room-phone", f"{EVENT}questions/", size=PHONE, language="fr-FR", as_="organiser", then=take_one_up),
    Picture("questions-phone", "/q/{code}/", size=PHONE),
    Picture("wall", "/q/{code}/wall/", size=PROJECTOR),
    Picture("hallway", "/c/jacaranda-developers/hallway/?show=all"),
)


def opened(browser: Browser, base: str, picture: Picture, path: str) -> Page:
    """The page of a fresh browser, with its pictures and letters."""
    width, height = picture.size
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, locale=picture.language, reduced_motion="reduce",
        color_scheme="dark" if picture.scheme == "dark" else "light",
    )  # fmt: skip
    if picture.as_:
        context.request.post(f"{base}/demo/sign-in/{picture.as_}/", headers={"Origin": base})
    page = context.new_page()
    answer = page.goto(path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{path} does not open: {answer.status if answer else 'no answer'}")
    return page


def write(page: Page, target: Path) -> None:
    """A picture of few colours: these pages have no more."""
    page.evaluate("document.querySelector('.demonstration')?.remove()")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    shot = Image.open(io.BytesIO(page.screenshot()))
    flat = shot.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE)
    flat.save(target, optimize=True)


def main(base: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        team = opened(browser, base, Picture("", "", as_="organiser"), f"{EVENT}questions/")
        code = the_code(team)
        for picture in PICTURES:
            page = opened(browser, base, picture, picture.path.format(code=code))
            picture.then(page)
            write(page, TO / f"{picture.name}.png")
            page.context.close()
            print(picture.name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
