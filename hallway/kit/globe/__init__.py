"""A globe drawn around a place: directions from it are true, near distances are drawn wider than far ones.

``globe()`` returns SVG markup without style attributes or scripts. The map lies in an inner drawing of
2,000 × 2,000 units. Names lie over it as ordinary HTML links in ``foreignObject``s placed by percentages, so
that they keep the size of text however large the globe is shown.
"""

import math
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from hallway.kit.globe.dots import Dot
from hallway.kit.globe.land import land_of, land_path
from hallway.kit.globe.names import names_beside
from hallway.kit.globe.projection import (
    DISC,
    FINE_RING_KM,
    MIDDLE,
    RINGS_KM,
    Land,
    LatLon,
    View,
    radius_of,
    ring_label_at,
)

__all__ = ["Dot", "Land", "LatLon", "globe", "land_of"]


def globe(
    center: LatLon,
    dots: Sequence[Dot],
    *,
    land: Land,
    label: str,
    rays: Sequence[LatLon] = (),
    id: str = "globe",
) -> SafeString:
    """SVG markup of the globe around ``center``, safe to be put into a page; all texts are escaped.

    ``label`` says in words what the picture shows. ``rays`` are places to which a line is drawn from the
    middle. ``id`` tells two globes on one page apart. Dots over 13,100 km away are beyond the disc and left
    out. Names are placed in the order of ``dots``, live ones first, where they do not cover one another.
    """
    view = View(center)
    placed = [(dot, x, y) for dot in dots for x, y, radius in [view.point((dot.lat, dot.lon))] if radius <= DISC]
    clip = escape(f"{id}-disc")
    drawing = (
        f'<defs><clipPath id="{clip}"><circle cx="1000" cy="1000" r="{DISC}"/></clipPath></defs>'
        f'<circle class="sea" cx="1000" cy="1000" r="{DISC}"/>'
        f'<g clip-path="url(#{clip})"><path class="land" d="{land_path(view, land)}"/></g>'
        f"{_rings()}{_rays(view, rays)}{_dots(placed)}{_ring_labels()}{_middle(placed)}"
    )
    return mark_safe(  # noqa: S308 - every text in it is escaped where it is put in
        f"<svg>"
        f'<svg viewBox="0 0 2000 2000" width="100%" height="100%" role="img" aria-label="{escape(label)}">'
        f"{drawing}</svg>{names_beside(placed)}</svg>"
    )


def _rings() -> str:
    return "".join(
        f'<circle class="ring" cx="1000" cy="1000" r="{radius_of(km):.0f}"/>' for km in (FINE_RING_KM, *RINGS_KM)
    )


def _ring_labels() -> str:
    markup = ""
    for km in RINGS_KM:
        x, y = ring_label_at(km)
        # Thousands are parted by a narrow space that does not break: right in English and in French.
        text = f"{km:,} km".replace(",", "\u202f").replace(" ", "\u00a0")
        markup += f'<text class="km" x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{text}</text>'
    return markup


def _rays(view: View, rays: Sequence[LatLon]) -> str:
    markup = ""
    for place in rays:
        x, y, radius = view.point(place)
        if radius > DISC:  # ends at the edge, in its direction
            x, y = (MIDDLE + (value - MIDDLE) * DISC / radius for value in (x, y))
        markup += f'<path class="ray" d="M1000 1000L{x:.0f} {y:.0f}"/>'
    return markup


def _dots(placed: Sequence[tuple[Dot, float, float]]) -> str:
    markup = ""
    for dot, x, y in placed:
        if dot.live:
            continue
        markup += f'<circle class="dot" cx="{x:.0f}" cy="{y:.0f}" r="{dot.size}"/>'
    return markup


def _middle(placed: Sequence[tuple[Dot, float, float]]) -> str:
    """The middle, and above all what is live: each in its own drawing, so that the pulse stays in place."""
    markup = ""
    lives = [(x, y) for dot, x, y in placed if dot.live]
    if not any(math.hypot(x - MIDDLE, y - MIDDLE) < 30 for x, y in lives):
        markup += '<circle class="dot middle" cx="1000" cy="1000" r="20"/>'
    for x, y in lives:
        markup += (
            f'<svg x="{x - 100:.0f}" y="{y - 100:.0f}" width="200" height="200" viewBox="0 0 200 200">'
            '<circle class="pulse" cx="100" cy="100" r="26"/>'
            '<circle class="dot here" cx="100" cy="100" r="24"/></svg>'
        )
    return markup
