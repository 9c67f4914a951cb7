"""The globe around a place."""

import math
import re
import time
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallway.kit.globe import Dot, Land, globe, land_of
from tests.pace import slower

SQUARE = [(10.0, -10.0), (10.0, 10.0), (-10.0, 10.0), (-10.0, -10.0)]  # clockwise: land inside
LAND = land_of([SQUARE])
JOHANNESBURG, KAMPALA, HONOLULU = (-26.2, 28.05), (0.35, 32.58), (21.3, -157.86)


def drawn(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)  # noqa: S314 - our own drawing


def path_of(markup: str) -> str:
    return next(path.get("d", "") for path in drawn(markup).iter("path") if path.get("class") == "land")


def circles(markup: str, kind: str) -> list[tuple[float, float]]:
    return [
        (float(circle.get("cx", "")), float(circle.get("cy", "")))
        for circle in drawn(markup).iter("circle")
        if circle.get("class") == kind
    ]


def shapes_of(path: str) -> list[list[tuple[float, float]]]:
    """The corners of each closed shape, arcs as steps of five degrees."""
    shapes = []
    for shape in filter(None, path.split("z")):
        points: list[tuple[float, float]] = []
        for letter, numbers in re.findall(r"([MlA])([-\d .]+)", shape):
            values = [float(value) for value in re.findall(r"-?\d+", numbers)]
            if letter == "M":
                points.append((values[0], values[1]))
            elif letter == "l":
                for dx, dy in zip(values[::2], values[1::2], strict=True):
                    points.append((points[-1][0] + dx, points[-1][1] + dy))
            else:
                points += arc(points[-1], (values[5], values[6]))
        shapes.append(points)
    return shapes


def arc(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    radius = math.hypot(start[0] - 1000, start[1] - 1000)
    begin, stop = (math.atan2(y - 1000, x - 1000) for x, y in (start, end))
    turn = (stop - begin) % math.tau
    steps = max(1, int(math.degrees(turn) / 5))
    angles = [begin + turn * step / steps for step in range(1, steps + 1)]
    return [(1000 + radius * math.cos(angle), 1000 + radius * math.sin(angle)) for angle in angles]


def is_land(shapes: list[list[tuple[float, float]]], x: float, y: float) -> bool:
    """Whether a point lies inside, by the even-odd rule."""
    crossings = 0
    for shape in shapes:
        for (ax, ay), (bx, by) in zip(shape, shape[1:] + shape[:1], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                crossings += 1
    return crossings % 2 == 1


def test_globe_is_well_formed_and_free_of_style_attributes() -> None:
    markup = globe(JOHANNESBURG, [Dot(*KAMPALA, label="Lake", url="/e/lake/")], land=LAND, label="The world")
    assert all(element.get("style") is None for element in drawn(markup).iter())
    assert {element.tag for element in drawn(markup).iter()} >= {
        "svg",
        "path",
        "circle",
        "text",
        "foreignObject",
        "a",
    }
    assert [element.get("aria-label") for element in drawn(markup).iter() if element.get("role") == "img"] == [
        "The world"
    ]


def test_globe_draws_directions_from_the_middle_truly_and_rings_where_their_distance_is() -> None:
    # One degree of latitude is 111.195 km: a thousand kilometres to the north lie on the first ring.
    markup = globe((0.0, 0.0), [Dot(1000 / 111.195, 0), Dot(0, 10)], land=LAND, label="")
    (north_x, north_y), (east_x, east_y) = circles(markup, "dot")
    assert (north_x, east_y) == (1000, 1000)
    rings = [float(ring.get("r", "")) for ring in drawn(markup).iter("circle") if ring.get("class") == "ring"]
    assert 1000 - north_y == pytest.approx(rings[1], abs=1)
    assert east_x > 1000
    assert len(rings) == 4


def test_globe_names_its_rings_with_a_narrow_space() -> None:
    texts = [text.text for text in drawn(globe((0, 0), [], land=LAND, label="")).iter("text")]
    assert texts == ["1\u202f000\u00a0km", "3\u202f000\u00a0km", "6\u202f000\u00a0km"]


def test_globe_leaves_out_what_is_on_the_other_side() -> None:
    markup = globe(JOHANNESBURG, [Dot(*HONOLULU, label="Far", url="/e/far/"), Dot(*KAMPALA)], land=LAND, label="")
    assert len(circles(markup, "dot")) == 1
    assert "Far" not in markup


def test_globe_ends_rays_at_the_edge() -> None:
    markup = globe(JOHANNESBURG, [], land=LAND, label="", rays=[KAMPALA, HONOLULU])
    ends = re.findall(r'class="ray" d="M1000 1000L(-?\d+) (-?\d+)"', markup)
    lengths = [math.hypot(int(x) - 1000, int(y) - 1000) for x, y in ends]
    assert lengths[0] < 500
    assert lengths[1] == pytest.approx(998, abs=1)


def test_globe_marks_what_is_live_in_red_and_the_middle_only_when_nothing_is() -> None:
    live = globe(JOHANNESBURG, [Dot(*JOHANNESBURG, label="Now", url="/e/now/", live=True)], land=LAND, label="")
    assert circles(live, "dot here") == [(100, 100)]
    assert circles(live, "pulse") == [(100, 100)]
    assert circles(live, "dot middle") == []
    assert 'class="pin now"' in live
    quiet = globe(JOHANNESBURG, [], land=LAND, label="")
    assert circles(quiet, "dot middle") == [(1000, 1000)]
    assert "here" not in quiet


def test_globe_escapes_every_text() -> None:
    nasty = "\"'<script>&"
    dot = Dot(*KAMPALA, label=nasty, sub=nasty, url=f"/e/{nasty}", language=nasty)
    markup = globe(JOHANNESBURG, [dot], land=LAND, label=nasty, id=nasty)
    assert "<script" not in markup
    anchor = next(drawn(markup).iter("a"))
    assert anchor.get("href") == f"/e/{nasty}"
    assert anchor[0].text == nasty


def test_globe_gives_names_their_language_and_direction() -> None:
    markup = globe(JOHANNESBURG, [Dot(*KAMPALA, label="قهوة", url="/e/q/", language="ar")], land=LAND, label="")
    name = next(drawn(markup).iter("b"))
    assert (name.get("dir"), name.get("lang")) == ("auto", "ar")


def test_globe_moves_a_name_to_the_left_when_the_right_is_taken_and_drops_it_when_both_are() -> None:
    dots = [Dot(0, 0.1 * i, label=f"Number {i}", url=f"/e/{i}/") for i in range(4)]
    markup = globe((0, 0), dots, land=LAND, label="")
    places = [place.get("class") for place in drawn(markup).iter("foreignObject")]
    assert places == ["spot", "spot left"]
    assert len(circles(markup, "dot")) == 4


def test_globe_hides_far_names_on_narrow_screens() -> None:
    markup = globe(JOHANNESBURG, [Dot(*KAMPALA, label="Lake", url="/e/l/", far=True)], land=LAND, label="")
    assert 'class="pin wide-only"' in markup


def test_globe_cuts_long_names() -> None:
    markup = globe(JOHANNESBURG, [Dot(*KAMPALA, label="x" * 500, url="/e/l/")], land=LAND, label="")
    assert "x" * 35 + "…" in markup
    assert "x" * 36 not in markup


def test_globe_fills_the_land_and_not_the_sea_around_it() -> None:
    shapes = shapes_of(path_of(globe((0.0, 0.0), [], land=LAND, label="")))
    assert is_land(shapes, 1000.5, 1000.5)
    assert not is_land(shapes, 1500, 1000)


def test_globe_fills_land_around_the_far_side_up_to_the_edge() -> None:
    # The whole coast is in sight and runs around the middle: the land lies outside of it.
    coast = [(0.0, float(east)) for east in range(0, 360, 10)]  # the equator, eastwards: land to the south
    shapes = shapes_of(path_of(globe((60.0, 0.0), [], land=land_of([coast]), label="")))
    assert not is_land(shapes, 1000.5, 1000.5)
    assert is_land(shapes, 1000.5, 1950)
    assert not is_land(shapes, 1000.5, 100)


def test_globe_without_land_in_sight_draws_none() -> None:
    assert path_of(globe((0.0, 180.0), [], land=LAND, label="")) == ""


def test_globe_cuts_a_lake_that_reaches_the_edge_out_of_the_land() -> None:
    island = [(50.0, 60.0), (50.0, 170.0), (-50.0, 170.0), (-50.0, 60.0)]
    lake = [(20.0, 100.0), (-20.0, 100.0), (-20.0, 150.0), (20.0, 150.0)]  # the other way round
    finer = [[between(ring, step / 20) for step in range(80)] for ring in (island, lake)]
    shapes = shapes_of(path_of(globe((0.0, 0.0), [], land=land_of(finer), label="")))
    at_70, at_110 = (1000 + math.log1p(east * 111.195 / 2550) * 998 / math.log1p(13_100 / 2550) for east in (70, 110))
    assert is_land(shapes, at_70, 1000.5)
    assert not is_land(shapes, at_110, 1000.5)


def between(ring: list[tuple[float, float]], part: float) -> tuple[float, float]:
    corner, along = int(part), part % 1
    (a, b), (c, d) = ring[corner], ring[(corner + 1) % len(ring)]
    return a + (c - a) * along, b + (d - b) * along


@settings(deadline=None, max_examples=60)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_globe_around_anywhere_agrees_with_the_land(lat: float, lon: float) -> None:
    # A belt of land around the equator as seen from anywhere: what is drawn as land must be within the belt.
    # Going east along its northern coast and west along its southern one, the belt is on the right.
    belt: Land = land_of([[(15.0, float(e)) for e in range(0, 360, 3)], [(-15.0, float(-e)) for e in range(0, 360, 3)]])
    shapes = shapes_of(path_of(globe((lat, lon), [], land=belt, label="")))
    for probe_lat, probe_lon in [
        (0.0, 30.0),
        (40.0, 30.0),
        (-40.0, 80.0),
        (2.0, -120.0),
        (70.0, 10.0),
        (-5.0, 179.0),
    ]:
        (spot,) = circles(globe((lat, lon), [Dot(probe_lat, probe_lon)], land=(), label=""), "dot") or [None]
        if spot:
            assert is_land(shapes, spot[0] + 0.31, spot[1] + 0.37) == (abs(probe_lat) < 15)


def test_globe_of_the_size_of_the_world_is_drawn_quickly() -> None:
    rings = [
        [(lat + 4 * math.cos(a / 20), lon - 4 * math.sin(a / 20)) for a in range(126)]
        for lat, lon in ((lat, lon) for lat in range(-60, 61, 24) for lon in range(-180, 180, 54))
    ]
    land = land_of(rings)
    assert sum(map(len, land)) > 5000
    runs = []
    for _ in range(5):
        start = time.process_time()
        globe(JOHANNESBURG, [], land=land, label="")
        runs.append(time.process_time() - start)
    assert min(runs) < 0.2 * slower()  # about 0.008 with nothing else to do; under coverage several times that
