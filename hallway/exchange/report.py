"""Collects what a reader has to say while it reads."""

from __future__ import annotations

from collections import Counter

from hallway.exchange.findings import Finding, found


class Report:
    """Doubts and refusals in the order they came up; counted doubts are one entry each, at the end."""

    def __init__(self) -> None:
        self._warnings: dict[Finding, None] = {}
        self._refused: list[Finding] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def warn(self, code: str, /, where: str = "", **params: str | int) -> None:
        """A doubt about something that was kept; the same doubt is kept once."""
        self._warnings.setdefault(found(code, where, **params))

    def note(self, finding: Finding) -> None:
        """A doubt that is already a finding."""
        self._warnings.setdefault(finding)

    def refuse(self, code: str, /, where: str = "", **params: str | int) -> None:
        """Something was left out."""
        self._refused.append(found(code, where, **params))

    def count(self, code: str, value: str = "", times: int = 1) -> None:
        """A doubt said once with the number of entries it concerns."""
        self._counts[code, value] += times

    def warnings(self) -> tuple[Finding, ...]:
        """All doubts."""
        counted = (found(code, value=value, count=n) for (code, value), n in self._counts.items())
        return (*self._warnings, *counted)

    def refused(self) -> tuple[Finding, ...]:
        """All refusals."""
        return tuple(self._refused)
