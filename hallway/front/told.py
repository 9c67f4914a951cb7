"""What listeners are told: an event with what the hub alone needs to know of it, and its bytes on the wire."""

from typing import NamedTuple


class Told(NamedTuple):
    """One event. Only `id`, `name` and `data` are ever sent.

    `author` is the person under whose name it stands: those from whom they are hidden do not get it. Of events with
    the same `key` only the newest counts. `previous` is the id of the channel's event before it, 0 for none lately.
    """

    id: int
    name: str
    data: str
    author: int | None = None
    key: str = ""
    previous: int = 0


def encode(id: int | None, name: str, data: str, *, retry: int | None = None) -> bytes:
    """Return one event as it goes over the wire; line breaks in the data become lines of data."""
    lines = [f"id: {id}"] if id is not None else []
    lines.append(f"event: {name.translate({10: None, 13: None})}")
    if retry is not None:
        lines.append(f"retry: {retry}")
    lines += [f"data: {line}" for line in data.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).encode() + b"\n\n"
