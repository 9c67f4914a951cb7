"""Content lines of iCalendar: folding, parameters, escaping; no more than programmes need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE = re.compile(
    r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.DOTALL
)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)')
_ESCAPE = re.compile(r"\\([\\;,nN])")
_FOLD_AT = 75


@dataclass(frozen=True, slots=True)
class Line:
    """One property: upper-case name, upper-case parameter names, raw value."""

    name: str
    value: str
    parameters: dict[str, str]

    @property
    def text(self) -> str:
        """The value as a TEXT, unescaped."""
        return _ESCAPE.sub(lambda match: "\n" if match.group(1) in "nN" else match.group(1), self.value)

    @property
    def texts(self) -> list[str]:
        """The value as a list of TEXTs."""
        parts = re.split(r"(?<!\\)(?:\\\\)*,", self.value)
        return [Line(self.name, part, {}).text.strip() for part in parts]


@dataclass(slots=True)
class Component:
    """A component with its properties in order and its inner components."""

    name: str
    lines: list[Line] = field(default_factory=list)
    inner: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        """The first property of that name."""
        return next((line for line in self.lines if line.name == name), None)

    def text(self, *names: str) -> str:
        """The text of the first of these properties that is there and not empty."""
        found = (line.text.strip() for name in names if (line := self.first(name)) is not None)
        return next((text for text in found if text), "")

    def all(self, name: str) -> Iterator[Component]:
        """Inner components of that name."""
        return (component for component in self.inner if component.name == name)


def parse(text: str) -> Component:
    """The tree under a nameless root; unreadable lines are skipped, unclosed components are kept."""
    root = Component("")
    stack = [root]
    for raw in unfold(text):
        match = _LINE.fullmatch(raw)
        if match is None:
            continue
        name, parameters, value = match.group(1).upper(), match.group(2), match.group(3)
        if name == "BEGIN":
            component = Component(value.strip().upper())
            stack[-1].inner.append(component)
            stack.append(component)
        elif name == "END":
            if len(stack) > 1:
                stack.pop()
        else:
            found = {key.upper(): part.strip('"') for key, part in _PARAMETER.findall(parameters)}
            stack[-1].lines.append(Line(name, value, found))
    return root


def unfold(text: str) -> Iterator[str]:
    """Logical lines: a line that begins with a space or tab continues the one before."""
    parts: list[str] = []
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts = [line]
    yield "".join(parts)


def escaped(text: str) -> str:
    """A text as a TEXT value: only characters that iCalendar allows, with its escapes."""
    clean = re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", text.replace("\r\n", "\n"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets that never cut a character, each ended by CR LF."""
    octets = line.encode()
    pieces, start, room = [], 0, _FOLD_AT
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, _FOLD_AT - 1
    return b"\r\n ".join([*pieces, octets[start:]]).decode() + "\r\n"
