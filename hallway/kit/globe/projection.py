"""Where on the page a place of the earth is, seen from above another one."""

import math

Vector = tuple[float, float, float]
Land = tuple[tuple[Vector, ...], ...]
LatLon = tuple[float, float]  # degrees, north and east positive

EARTH_KM = 6371.0088
MIDDLE = 1000
DISC = 998
# The distance from the middle grows with the logarithm of 1 + distance / NEAR. EDGE is where the disc ends;
# what lies farther, the other side of the earth, is not drawn.
NEAR_KM = 2550.0
EDGE_KM = 13_100.0
SCALE = DISC / math.log1p(EDGE_KM / NEAR_KM)
# Land is cut a little outside the disc, so that the line along the cut is hidden by the clip path.
CUT = 1012
CUT_COSINE = math.cos(NEAR_KM * math.expm1(CUT / SCALE) / EARTH_KM)
FINE_RING_KM = 300  # a ring without a label, close around the middle
RINGS_KM = (1000, 3000, 6000)
LABELS_TOWARDS = math.radians(146)  # bearing from the middle, where the labels of the rings stand


def vector_of(point: LatLon) -> Vector:
    north, east = math.radians(point[0]), math.radians(point[1])
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


class View:
    """The earth seen from above one place: east of it to the right, north of it up."""

    def __init__(self, center: LatLon) -> None:
        north, east = math.radians(center[0]), math.radians(center[1])
        self.up = vector_of(center)
        self.right: Vector = (-math.sin(east), math.cos(east), 0.0)
        self.top: Vector = (
            -math.sin(north) * math.cos(east),
            -math.sin(north) * math.sin(east),
            math.cos(north),
        )

    def seen(self, vector: Vector) -> Vector:
        """To the right, to the top, towards the eye."""
        x, y, z = vector
        (rx, ry, rz), (tx, ty, tz), (ux, uy, uz) = self.right, self.top, self.up
        return x * rx + y * ry + z * rz, x * tx + y * ty + z * tz, x * ux + y * uy + z * uz

    def point(self, place: LatLon) -> tuple[float, float, float]:
        """Where a place is drawn, and how far from the middle that is, in units."""
        right, top, eye = self.seen(vector_of(place))
        across = math.hypot(right, top)
        radius = radius_of(math.atan2(across, eye) * EARTH_KM)
        if across < 1e-12:
            return MIDDLE, MIDDLE - radius, radius
        return MIDDLE + radius * right / across, MIDDLE - radius * top / across, radius


def radius_of(km: float) -> float:
    return SCALE * math.log1p(km / NEAR_KM)


def ring_label_at(km: int) -> tuple[float, float]:
    radius = radius_of(km) + 7
    return MIDDLE + radius * math.sin(LABELS_TOWARDS), MIDDLE - radius * math.cos(LABELS_TOWARDS)
