"""Coasts as polygons: the outlines of the land, traced from its raster."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boxbuild.views import world

SMALLEST: Final = 2.0
"""Islands of less than so many square degrees are left out."""

TOLERANCE: Final = 0.4
"""How far, in degrees, a drawn coast may stray from the traced one."""


@cache
def coast() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return the outlines of the land: rings of longitude and latitude, degrees (Natural Earth, public domain)."""
    dry = _raster()
    step = 180.0 / dry.shape[0]
    rings = [ring * (step, -step) + (-180.0, 90.0) for ring in _rings(dry)]
    kept = [_simpler(ring) for ring in rings if abs(_area(ring)) >= SMALLEST]
    return tuple(tuple((round(x, 1), round(y, 1)) for x, y in ring.tolist()) for ring in kept if len(ring) > 3)


def _raster() -> NDArray[np.bool_]:
    rows = world.land()
    dry = np.zeros((len(rows), 2 * len(rows)), dtype=bool)
    step = 180.0 / len(rows)
    for row, spans in enumerate(rows):
        for west, east in spans:
            dry[row, round((west + 180) / step) : round((east + 180) / step)] = True
    return dry


def _rings(dry: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Trace the edges between land and water, land to the right; points are the middles of the edges."""
    land = np.pad(dry, 1)
    after: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for beyond, tail, head in (
        (land[:-2, 1:-1], (0, 0), (0, 1)),
        (land[1:-1, 2:], (0, 1), (1, 1)),
        (land[2:, 1:-1], (1, 1), (1, 0)),
        (land[1:-1, :-2], (1, 0), (0, 0)),
    ):
        for row, column in np.argwhere(land[1:-1, 1:-1] & ~beyond).tolist():
            after.setdefault((column + tail[1], row + tail[0]), []).append((column + head[1], row + head[0]))
    found = []
    for start in sorted(after):
        while after[start]:
            corners = [start]
            while True:
                point = after[corners[-1]].pop()
                if point == start:
                    break
                corners.append(point)
            ring = np.asarray(corners, dtype=np.float64)
            found.append((ring + np.roll(ring, -1, axis=0)) / 2)
    return found


def _area(ring: NDArray[np.float64]) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _simpler(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out points as long as the line stays within the tolerance (Douglas and Peucker 1973)."""
    far = int(np.argmax(((ring - ring[0]) ** 2).sum(axis=1)))
    closed = np.vstack([ring, ring[:1]])
    kept = {0, far, len(ring)}
    stack = [(0, far), (far, len(ring))]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        line, between = closed[last] - closed[first], closed[first + 1 : last] - closed[first]
        length = float(np.hypot(*line))
        away = np.abs(line[0] * between[:, 1] - line[1] * between[:, 0]) / length if length else np.hypot(*between.T)
        worst = int(np.argmax(away))
        if away[worst] > TOLERANCE:
            kept.add(first + 1 + worst)
            stack += [(first, first + 1 + worst), (first + 1 + worst, last)]
    return closed[sorted(kept)]
