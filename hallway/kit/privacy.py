"""How each field of each model is classified, and how long it is kept. A test refuses a field without a class."""

from __future__ import annotations

from dataclasses import dataclass

CLASSES = ("public", "community", "event", "private", "secret")


@dataclass(frozen=True)
class Privacy:
    """Field names by who may read them: everybody, the community's team, those at the event, the person, nobody.

    ``retention`` says in words until when rows are kept.
    """

    retention: str
    public: tuple[str, ...] = ()
    community: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()

    def class_of(self, field: str) -> str | None:
        """The class of a field by name, or None when nobody classified it."""
        return next((name for name in CLASSES if field in getattr(self, name)), None)
