from __future__ import annotations

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from hallway.kit.compositor.codes import QUIET, as_file, drawn
from hallway.kit.qr import PIXELS, qr_file, qr_svg

TEXTS = ["https://hallway.example.org/a/12.dGhpcyBpcyBub3QgYSBzZWNyZXQ", "K7M2PX", "é 王 \U0001f600", "x" * 1000]


def _read(side: int, path: str, scale: int = 4) -> list[str]:
    """What a scanner reads from the path, drawn as SVG says: each run a box."""
    image = Image.new("L", (side * scale, side * scale), 255)
    pen = ImageDraw.Draw(image)
    for x, y, length, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
        assert length == back
        left, top = int(x) * scale, int(y) * scale
        pen.rectangle((left, top, left + int(length) * scale - 1, top + scale - 1), fill=0)
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("text", TEXTS)
def test_code_is_read_as_what_was_put_in(text: str) -> None:
    assert _read(*drawn(text)) == [text]


@pytest.mark.parametrize("text", TEXTS)
def test_code_as_a_picture_is_read_and_large_enough_for_a_slide(text: str) -> None:
    picture = Image.open(BytesIO(qr_file(text, "png"))).convert("L")
    assert picture.width == picture.height >= PIXELS
    assert picture.getpixel((0, 0)) == 255, "white around it, also on a dark slide"
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]


def test_code_as_a_drawing_for_a_slide_has_its_own_ground_and_size() -> None:
    side, path = drawn("K7M2PX")
    file = qr_file("K7M2PX", "svg").decode()
    assert f'width="{PIXELS}" height="{PIXELS}" viewBox="0 0 {side} {side}"' in file
    assert file.index(f'fill="#fff" d="M0 0h{side}v{side}H0z"') < file.index(path)


def test_code_keeps_its_quiet_zone() -> None:
    side, path = drawn(TEXTS[0])
    corners = [(int(x), int(y), int(x) + int(n)) for x, y, n in re.findall(r"M(\d+) (\d+)h(\d+)", path)]
    assert min(x for x, _y, _right in corners) == min(y for _x, y, _right in corners) == QUIET
    assert max(right for _x, _y, right in corners) == side - QUIET


def test_code_on_a_page_has_a_name_and_is_dark_on_white_whatever_the_scheme() -> None:
    svg = qr_svg("K7M2PX", label='Code of "Zoé" <b>')
    assert 'role="img" aria-label="Code of &quot;Zoé&quot; &lt;b&gt;"' in svg
    assert 'color="#000"' in svg
    assert '<path fill="#fff"' in svg
    assert 'fill="currentColor"' in svg
    assert "style=" not in svg
    side, path = drawn("K7M2PX")
    assert f'viewBox="0 0 {side} {side}"' in svg
    assert path in svg


def test_code_as_a_file_is_an_svg_of_its_own() -> None:
    side, path = drawn("K7M2PX")
    file = as_file("K7M2PX")
    assert file.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert path in file
    assert f'viewBox="0 0 {side} {side}"' in file
