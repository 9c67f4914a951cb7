"""People's part in what others need to know: how a person is named in a trail."""

from __future__ import annotations

from hallway.kit import trail

from .queries import names_of

trail.name_of("person", names_of)
