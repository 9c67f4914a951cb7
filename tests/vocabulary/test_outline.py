"""The outline of the world's land."""

import math

from hallway.kit.globe import Land
from hallway.vocabulary.outline import world_land


def area(ring: tuple[tuple[float, float, float], ...]) -> float:
    """The part of the sphere to the right of the way round, as triangles around the ring's own middle."""
    middle = [sum(axis) for axis in zip(*ring, strict=True)]
    length = math.hypot(*middle)
    mx, my, mz = (value / length for value in middle)
    total = 0.0
    for (ax, ay, az), (bx, by, bz) in zip(ring, ring[1:] + ring[:1], strict=True):
        triple = mx * (ay * bz - az * by) + my * (az * bx - ax * bz) + mz * (ax * by - ay * bx)
        below = 1 + mx * ax + my * ay + mz * az + ax * bx + ay * by + az * bz + mx * bx + my * by + mz * bz
        total -= 2 * math.atan2(triple, below)
    return total / (4 * math.pi)


def test_world_land_covers_the_known_part_of_the_earth_with_land_on_the_right() -> None:
    land: Land = world_land()
    assert 0.27 < sum(map(area, land)) < 0.31


def test_world_land_has_points_on_the_sphere_only() -> None:
    assert all(abs(math.hypot(*point) - 1) < 1e-9 for ring in world_land() for point in ring)
    assert all(len(ring) >= 3 for ring in world_land())
