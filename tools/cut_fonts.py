"""Cut the fonts to what pages use, so that a first visit on a phone waits for 40 KB and not for 75.

    pip install fonttools brotli
    python tools/cut_fonts.py FOLDER

FOLDER holds the variable Latin fonts as Fontsource packs them (@fontsource-variable/bricolage-grotesque and
@fontsource-variable/atkinson-hyperlegible-next). Each becomes two files beside hallway.css: what English and French are
written with, and the rest of Latin, which a browser fetches only for a page that has such a letter. Weights outside
those of the style sheet go too. The licences (OFL 1.1) reserve no names, so the cut fonts keep theirs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TO = Path(__file__).resolve().parent.parent / "hallway" / "kit" / "static" / "kit" / "fonts"
LETTERS = "ÀÂÆÇÈÉÊËÎÏÔÙÛÜŸŒàâæçèéêëîïôùûüÿœ"
SIGNS = "\u00a0«»·°§©×–—‘’“”…•−€№"
CORE = frozenset(map(ord, [*map(chr, range(0x20, 0x7F)), *LETTERS, *SIGNS]))
WEIGHTS = {"bricolage-grotesque": (560, 760), "atkinson-hyperlegible-next": (400, 740)}


def cut(source: Path, target: Path, characters: Iterable[int], weights: tuple[int, int]) -> None:
    """Write those characters of a font within those weights, without hints for screens nobody has."""
    font = TTFont(source)
    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
    )
    options.name_IDs = ["*"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": weights}, inplace=True)
    font.flavor = "woff2"
    font.save(target)


def ranges(characters: Iterable[int]) -> str:
    """As CSS says them: ``U+A1-A6, U+AA``."""
    found: list[list[int]] = []
    for character in sorted(characters):
        if found and found[-1][1] == character - 1:
            found[-1][1] = character
        else:
            found.append([character, character])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in found)


def main(folder: Path) -> None:
    for family, weights in WEIGHTS.items():
        for style in ("normal", "italic"):
            source = folder / f"{family}-latin-wght-{style}.woff2"
            if not source.exists():
                continue
            known = frozenset(TTFont(source).getBestCmap())
            for part, characters in (("latin", known & CORE), ("latin-more", known - CORE)):
                target = TO / f"{family}-{part}-wght-{style}.woff2"
                cut(source, target, characters, weights)
                print(target.name, target.stat().st_size, ranges(characters) if part != "latin" else "", sep="\t")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
