from __future__ import annotations

import io
import struct
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from hallway.kit import uploads
from hallway.kit.refusal import Refusal


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **details: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind, **details)
    return target.getvalue()


def upload(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that unpack to an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_picture_from_every_known_format_becomes_a_square_webp(kind: str) -> None:
    finished = Image.open(io.BytesIO(uploads.picture_from(upload(picture_bytes(kind))).content))
    assert (finished.format, finished.size) == ("WEBP", (512, 512))


def test_picture_from_a_phone_loses_place_and_time_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x9003] = "2026:10:08 09:00:00"
    exif.get_ifd(0x8825)[2] = (26.0, 12.0, 14.0)  # latitude
    image = Image.new("RGB", (1000, 600), "white")
    image.paste("red", (0, 0, 500, 600))
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=b"26.2S 28.0E")
    made = uploads.picture_from(upload(target.getvalue())).content
    finished = Image.open(io.BytesIO(made))
    assert not finished.getexif()
    assert b"EXIF" not in made
    assert b"26.2S" not in made
    top, bottom = finished.convert("RGB").getpixel((256, 40)), finished.convert("RGB").getpixel((256, 470))
    assert top[1] < 100 < bottom[1], "the red half is on top once turned"


def test_picture_from_a_polyglot_keeps_nothing_of_the_script() -> None:
    hostile = picture_bytes("GIF", (8, 8)) + b"<script>alert(1)</script>"
    assert b"script" not in uploads.picture_from(upload(hostile, "me.gif")).content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "upload.not_a_picture"),
        (b"%PDF-1.7 not a picture", "upload.not_a_picture"),
        (b"", "upload.not_a_picture"),
        (picture_bytes()[:300], "upload.not_a_picture"),
        (png_claiming(60_000, 60_000), "upload.too_many_pixels"),
        (png_claiming(12_000, 12_000), "upload.too_many_pixels"),
        (png_claiming(6_000, 6_000), "upload.too_many_pixels"),
        (b"\0" * (uploads.MOST_BYTES + 1), "upload.too_large"),
    ],
)
def test_picture_from_anything_else_is_refused_with_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        uploads.picture_from(upload(content))
    assert refused.value.code == code
    assert refused.value.field == "picture"


def test_keep_file_by_content_and_owner_and_remove_it(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    picture = uploads.picture_from(upload(picture_bytes()))
    mine, yours = (uploads.keep_file("people", picture, owner=owner) for owner in ("person:1", "person:2"))
    assert mine != yours
    assert uploads.keep_file("people", picture, owner="person:1") == mine
    assert uploads.read_file(mine) == picture.content
    uploads.remove_file(mine)
    uploads.remove_file(mine)
    uploads.remove_file("")
    assert uploads.read_file(mine) is None
    assert uploads.read_file(yours) == picture.content
    with pytest.raises(ValueError, match="outside"):
        uploads.remove_file("../secret.key")


PEAK = """
import io, resource, sys
from django.core.files.base import ContentFile
from PIL import Image
from hallway.kit import uploads
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
finished = Image.open(io.BytesIO(uploads.picture_from(ContentFile(open(sys.argv[1], "rb").read())).content))
print(finished.size, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_picture_of_few_bytes_and_many_pixels_takes_little_memory(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "bomb"
    file.write_bytes(picture_bytes(kind, (4_990, 5_000)))
    assert file.stat().st_size < 200_000
    done = subprocess.run([sys.executable, "-c", PEAK, str(file)], capture_output=True, text=True, check=True)
    size, _space, megabytes = done.stdout.strip().rpartition(" ")
    assert size == "(512, 512)"
    assert int(megabytes) < 450


def test_pictures_are_unpacked_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most = [0], [0]
    opened = uploads._opened

    def counted(*given: object, **named: object) -> Image.Image:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.05)
        try:
            return opened(*given, **named)
        finally:
            inside[0] -= 1

    monkeypatch.setattr(uploads, "_opened", counted)
    threads = [threading.Thread(target=uploads.picture_from, args=(upload(picture_bytes()),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == [1]
