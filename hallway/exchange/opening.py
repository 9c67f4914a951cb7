"""From bytes to text, JSON or XML, refusing what no programme can be: too large, damaged, hostile."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from hallway.exchange.findings import Unreadable, found

LIMIT_MB = 100
LIMIT_BYTES = LIMIT_MB * 1024 * 1024

_SURROGATES = re.compile("[\ud800-\udfff]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def checked_size(data: bytes) -> bytes:
    """The same bytes; Unreadable when empty or over LIMIT_BYTES."""
    if len(data) > LIMIT_BYTES:
        raise Unreadable(found("too-large", limit=LIMIT_MB))
    if not data.strip():
        raise Unreadable(found("empty-file"))
    return data


def encoding_of(data: bytes) -> str:
    """The encoding its byte order mark names, else utf-8."""
    return next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")


def as_text(data: bytes, encoding: str = "") -> str:
    """The file as text, newlines as \\n; Unreadable for wrong encodings, NUL and lone surrogates."""
    encoding = encoding or encoding_of(checked_size(data))
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        raise Unreadable(found("wrong-encoding", encoding=encoding)) from None
    refuse_forbidden(text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_forbidden(text: str) -> None:
    """Unreadable when the text holds NUL or half of a surrogate pair."""
    if "\0" in text:
        raise Unreadable(found("forbidden-character", character="U+0000"))
    if not text.isascii() and (lone := _SURROGATES.search(text)):
        raise Unreadable(found("forbidden-character", character=f"U+{ord(lone.group()):04X}"))


def as_json(data: bytes) -> Any:
    """The parsed JSON; Unreadable when damaged, nested too deeply, or with forbidden characters in its
    texts.
    """
    text = as_text(data)
    try:
        value = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text:
            refuse_forbidden(json.dumps(value, ensure_ascii=False).replace("\\u0000", "\0"))
    except RecursionError:
        raise Unreadable(found("too-deep")) from None
    except ValueError as problem:
        raise Unreadable(found("not-well-formed", detail=f"JSON, {problem}")) from None
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def as_xml(data: bytes) -> Element:
    """The root element; Unreadable when damaged, in an unknown encoding, or defining entities."""
    checked_size(data)
    if encoding_of(data) != "utf-16" and b"\0" in data:
        raise Unreadable(found("forbidden-character", character="U+0000"))
    try:
        root: Element = fromstring(data)
    except DefusedXmlException:
        raise Unreadable(found("dangerous-xml")) from None
    except ParseError as problem:
        raise Unreadable(found("not-well-formed", detail=f"XML, {problem}")) from None
    except (LookupError, UnicodeError, ValueError):
        raise Unreadable(found("wrong-encoding", encoding="XML")) from None
    return root
