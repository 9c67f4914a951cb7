"""What is marked on the globe."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on the globe. With a ``label`` and a ``url`` it also gets a name that links there.

    ``sub`` is the second line of the name, ``language`` the language of ``label``, ``size`` the radius in
    units (the disc has 998). ``live`` marks what is happening now. ``far`` leaves the name out on narrow
    screens.
    """

    lat: float
    lon: float
    label: str = ""
    sub: str = ""
    url: str = ""
    size: int = 13
    live: bool = False
    far: bool = False
    language: str = ""
