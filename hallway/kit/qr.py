"""QR codes on pages, with a name that screen readers say."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from hallway.kit.compositor.codes import as_picture, drawn

PIXELS = 1200  # sharp on a slide of 4K at a third of its width


def qr_file(text: str, kind: str) -> bytes:
    """The code as a file to put on a slide: ``svg``, or ``png`` for programs that take no drawings.

    Its ground is white whatever the slide's is, and wide enough around the code for a scanner to find its edges.
    """
    if kind == "png":
        return as_picture(text, PIXELS)
    side, dark = drawn(text)
    ground, size = f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>', f'width="{PIXELS}" height="{PIXELS}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
    return f'{head}{ground}<path d="{dark}"/></svg>'.encode()


def qr_svg(text: str, *, label: str) -> SafeString:
    """The code as a part of a page. Its colour is set on itself, so that it stays dark on white in a dark page too.

    How large it is shown is the page's business: the drawing has no size of its own.
    """
    side, dark = drawn(text)
    return format_html(
        '<svg class="qr" role="img" aria-label="{0}" viewBox="0 0 {1} {1}" color="#000" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{1}v{1}H0z"/><path fill="currentColor" d="{2}"/></svg>',
        label,
        side,
        dark,
    )
