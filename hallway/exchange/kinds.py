"""What kind of session a source's free words mean."""

from __future__ import annotations

import re

from hallway.exchange.programme import Kind

# The first that matches wins, so the more telling words come first.
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("break", r"break|pause|lunch|dejeuner|déjeuner|mittagessen|service|logistics"),
    ("keynote", r"keynote|plenary|plénière|pleniere|opening talk"),
    ("lightning", r"lightning|blitz|ignite|quickie|éclair|pecha|\b(?:5|10) ?min"),
    (
        "workshop",
        r"workshop|atelier|tutorial|hands[- ]?on|codelab|code lab|training|formation|werkstatt|lab\b",
    ),
    ("panel", r"panel|table ronde|podium|discussion|debate|débat|round ?table|birds|bof\b|forum"),
    (
        "talk",
        r"talk|lecture|vortrag|\d ?min|either|conf[ée]rence|presentation|présentation|session|speech"
        r"|educational",
    ),
    ("other", r".+"),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_BREAK_TITLE = re.compile(
    r"(?:(?:coffee|tea|lunch|morning|afternoon|short|networking|pause|conference|snack)[ -]*)*"
    r"(?:break|breaks|lunch|breakfast|(?:morning|afternoon) tea|coffee|brunch|registration|check[- ]?in"
    r"|doors open|pause|pauses|pause[ -](?:déjeuner|dejeuner|café|cafe)|déjeuner|dejeuner|petit[- ]déjeuner"
    r"|accueil|goûter|mittagspause|kaffeepause|mittagessen|einlass|休憩|昼休み)"
    r"(?:[ ,&+/-]*(?:and|et|open|opens|check[- ]?in|desk|registration|breakfast|lunch|petit[- ]déjeuner"
    r"|café|coffee|ouverture))*",
    re.IGNORECASE,
)


def read_kind(raw: str) -> Kind:
    """The kind a source's type means; without one, a talk."""
    return next((kind for kind, pattern in _PATTERNS if pattern.search(raw)), "talk")


def is_break_title(title: str) -> bool:
    """Whether the whole title is a word for a break, a meal or registration, in English, French, German or
    Japanese.
    """
    return len(title) <= 60 and _BREAK_TITLE.fullmatch(title.strip(" .!-–")) is not None
