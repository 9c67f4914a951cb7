"""Looks at a PDF as people do: pages as pictures, the codes on them, words, and what a screen reader is told."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

import typst
import zxingcpp
from PIL import Image
from pypdf import PdfReader

POINTS_OF_A_MILLIMETRE = 72 / 25.4


def codes(pdf: bytes, page: int = 1) -> list[str]:
    """What a scanner reads from a page of A4 at 200 dots to the inch."""
    return codes_of(picture(pdf, page))


def codes_of(seen: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(seen) if found.valid]


def picture(pdf: bytes, page: int = 1, ppi: int = 200) -> Image.Image:
    """A page as it comes out of a printer."""
    source = (
        "#set page(width: 210mm, height: 297mm, margin: 0pt)\n"
        f'#image("sheet.pdf", page: {page}, width: 210mm, alt: "a page")'
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sheet.pdf").write_bytes(pdf)
        drawn = typst.compile(source.encode(), root=folder, format="png", ppi=ppi)
    return Image.open(io.BytesIO(drawn)).convert("L")


def words(pdf: bytes) -> str:
    """The text of all pages, on one line, as a search in it sees it."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def heights(pdf: bytes, letter: str, page: int = 1) -> list[float]:
    """How far below the upper edge of the page, in millimetres, stand the pieces of text that have this letter."""
    found: list[float] = []
    sheet = PdfReader(io.BytesIO(pdf)).pages[page - 1]

    def note(text: str, cm: list[float], tm: list[float], *_font: object) -> None:
        if letter in text:
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((float(sheet.mediabox.height) - y) / POINTS_OF_A_MILLIMETRE)

    sheet.extract_text(visitor_text=note)
    return found


def told(pdf: bytes) -> dict[str, object]:
    """Title, language, number of pages, whether it is tagged, and whether it says that it keeps to PDF/UA-1."""
    reader = PdfReader(io.BytesIO(pdf))
    catalogue = reader.trailer["/Root"]
    marks = catalogue.get("/MarkInfo", {})
    metadata = catalogue["/Metadata"].get_object().get_data()
    return {
        "title": reader.metadata.title if reader.metadata else None,
        "language": catalogue.get("/Lang"),
        "pages": len(reader.pages),
        "tagged": bool(marks.get("/Marked")) and "/StructTreeRoot" in catalogue,
        "pdf_ua": b"<pdfuaid:part>1</pdfuaid:part>" in metadata,
    }
