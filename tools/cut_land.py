"""Cut the outline of the world's land out of Natural Earth, as npm's ``world-atlas`` packs it.

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    python tools/cut_land.py package/land-110m.json

It writes ``hallway/vocabulary/reference/land.json``: a list of rings, each a flat list of longitude,
latitude, longitude, latitude… in hundredths of a degree, the first point not repeated. Land lies to the right
of the way round, so lakes run the other way.
"""

import json
import sys
from itertools import accumulate
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
TARGET = REPOSITORY / "hallway" / "vocabulary" / "reference" / "land.json"
LARGEST_FILE = 60_000  # bytes

Point = tuple[float, float]


def arcs_of(topology: dict) -> list[list[Point]]:
    """The arcs in degrees: TopoJSON keeps each point as its step from the one before, in whole units."""
    (east, north), (west_edge, south_edge) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        longitudes = accumulate(step[0] for step in arc)
        latitudes = accumulate(step[1] for step in arc)
        arcs.append(
            [(x * east + west_edge, y * north + south_edge) for x, y in zip(longitudes, latitudes, strict=True)]
        )
    return arcs


def ring_of(indices: list[int], arcs: list[list[Point]]) -> list[int]:
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    flat: list[int] = []
    for longitude, latitude in points[:-1]:
        here = [round(longitude * 100), round(latitude * 100)]
        if flat[-2:] != here:
            flat += here
    return flat


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    (land,) = topology["objects"]["land"]["geometries"]
    rings = [ring_of(indices, arcs) for polygon in land["arcs"] for indices in polygon]
    text = "[\n" + ",\n".join(json.dumps(ring, separators=(",", ":")) for ring in rings) + "\n]\n"
    if len(text) > LARGEST_FILE:
        raise SystemExit(f"The file would take {len(text):,} bytes: choose a coarser outline.")
    TARGET.write_text(text, encoding="utf-8")
    print(f"{len(rings)} rings, {sum(map(len, rings)) // 2:,} points, {len(text):,} bytes")


if __name__ == "__main__":
    main()
