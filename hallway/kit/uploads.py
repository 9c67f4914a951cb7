"""Files people hand in. A picture is decoded, turned upright, cut, and written anew: nothing of the file survives.

What is not a picture we know, is too large, or unpacks to too much is refused with a sentence. A document (slides) is
kept as it is: it is never shown by us, only given away as a download.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from .refusal import Refusal

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000  # of a JPEG, which is decoded at a fraction of its size
MOST_PIXELS_WHOLE = 25_000_000  # of everything else, which takes the memory it says
MOST_DOCUMENT_BYTES = 50 * 1024 * 1024
# What each ending's file begins with: a page or a program called slides.pdf is not one.
DOCUMENTS = {
    "pdf": b"%PDF-", "pptx": b"PK\x03\x04", "odp": b"PK\x03\x04", "key": b"PK\x03\x04", "zip": b"PK\x03\x04",
    "ppt": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}  # fmt: skip
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_ORIENTATION = 0x0112
_one_at_a_time = threading.Lock()  # a few kilobytes can unpack to a hundred megabytes


@dataclass(frozen=True)
class Picture:
    """A finished picture: WebP bytes without any metadata."""

    content: bytes
    ending: str = "webp"


@dataclass(frozen=True)
class Document:
    """A file as it came, known by its ending and by how it begins."""

    content: bytes
    ending: str


def document_from(upload: File[bytes], *, field: str = "file") -> Document:
    """A document of a format we give away. Raises :class:`Refusal` with a sentence."""
    if (upload.size or 0) > MOST_DOCUMENT_BYTES:
        raise Refusal(
            "upload.document_too_large",
            _("This file has more than 50 MB. Make it smaller, or put it elsewhere and give its address."),
            status=413,
            field=field,
        )
    ending = (upload.name or "").rpartition(".")[2].lower()
    upload.seek(0)
    content = upload.read()
    if ending not in DOCUMENTS or not content.startswith(DOCUMENTS[ending]):
        raise Refusal(
            "upload.not_a_document",
            _("We take PDF, PowerPoint, OpenDocument and Keynote files, and ZIP. Export yours as PDF and try again."),
            field=field,
        )
    return Document(content, ending)


def picture_from(upload: File[bytes], *, side: int = 512, field: str = "picture") -> Picture:
    """A square picture of ``side`` pixels from the middle of an upload. Raises :class:`Refusal` with a sentence."""
    with _one_at_a_time:
        image = _opened(upload, side=side, field=field)
        cut = _middle(image, side)
        image.close()
    # Drawn onto a fresh canvas, so that no profile, comment or second frame can travel along.
    square = ImageOps.fit(cut.convert("RGBA"), (side, side), method=Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", square.size, "white")
    canvas.paste(square, mask=square.getchannel("A"))
    target = io.BytesIO()
    canvas.save(target, "WEBP", quality=82, method=4)
    return Picture(target.getvalue())


def _middle(image: Image.Image, side: int) -> Image.Image:
    """The square in the middle, upright, made small by whole steps before anything else takes a copy of it."""
    edge = min(image.size)
    left, top = (image.width - edge) // 2, (image.height - edge) // 2
    box = (left, top, left + edge, top + edge)
    step = max(1, edge // (side * 2))
    if step > 1 and image.mode in {"L", "LA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"}:
        small = image.reduce(step, box)
    else:
        small = image.crop(box)
    small.getexif()[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
    return ImageOps.exif_transpose(small)


def _opened(upload: File[bytes], *, side: int, field: str) -> Image.Image:
    if (upload.size or 0) > MOST_BYTES:
        raise Refusal(
            "upload.too_large", _("This file has more than 10 MB. Choose a smaller picture."), status=413, field=field
        )
    unknown = Refusal(
        "upload.not_a_picture",
        _("We cannot read this file as a picture. Choose a JPEG, PNG, WebP or GIF file."),
        field=field,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            upload.seek(0)
            image = Image.open(upload, formats=FORMATS)
            # A JPEG can be decoded at a fraction of its size; everything else costs what it says.
            image.draft("RGB", (side * 2, side * 2))
            if image.width * image.height > (MOST_PIXELS if image.format == "JPEG" else MOST_PIXELS_WHOLE):
                raise Refusal(
                    "upload.too_many_pixels",
                    _("This picture has too many pixels. Make it smaller, 4,000 by 4,000 is plenty, and try again."),
                    status=413,
                    field=field,
                )
            image.load()
    except Image.DecompressionBombError as error:
        raise Refusal(
            "upload.too_many_pixels",
            _("This picture has too many pixels. Make it smaller, 4,000 by 4,000 is plenty, and try again."),
            status=413,
            field=field,
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise unknown from error
    return image


def keep_file(folder: str, kept: Picture | Document, *, owner: str) -> str:
    """Write a file below media under a name made of its content and owner. Returns the name."""
    mark = hashlib.sha256(owner.encode() + b"\0" + kept.content).hexdigest()[:32]
    name = f"{folder}/{mark}.{kept.ending}"
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        partial = path.with_suffix(".part")
        partial.write_bytes(kept.content)
        partial.replace(path)
    return name


def read_file(name: str) -> bytes | None:
    """The content of a kept file, or None when it is gone."""
    path = _path(name)
    return path.read_bytes() if path.is_file() else None


def open_file(name: str) -> BinaryIO | None:
    """A kept file to be read piece by piece, or None when it is gone; whoever asked closes it."""
    path = _path(name)
    return path.open("rb") if path.is_file() else None


def remove_file(name: str) -> None:
    """Delete a kept file; one that is gone already is fine."""
    if name:
        _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"{name!r} points outside the media folder")
    return path
