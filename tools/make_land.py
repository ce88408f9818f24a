"""Write the land mask of the text map from Natural Earth's land polygons (GeoJSON, public domain).

Usage: ``python tools/make_land.py ne_50m_land.json``. One row per half degree of latitude, from north to south:
the latitude of the row's middle, and the spans of longitude that are land.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

STEP = 0.5
TARGET = Path(__file__).parent.parent / "src" / "boxbuild" / "views" / "land.csv"


def crossings(rings: list[np.ndarray], latitude: float) -> np.ndarray:
    """Return the longitudes, ascending, at which the rings cross a parallel."""
    found = []
    for ring in rings:
        x, y = ring[:-1], ring[1:]
        over = (x[:, 1] <= latitude) != (y[:, 1] <= latitude)
        share = (latitude - x[over, 1]) / (y[over, 1] - x[over, 1])
        found.append(x[over, 0] + share * (y[over, 0] - x[over, 0]))
    return np.sort(np.concatenate(found))


def main() -> int:
    """Write the mask."""
    rings = []
    for feature in json.loads(Path(sys.argv[1]).read_text())["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings += [np.asarray(ring, dtype=float)[:, :2] for polygon in polygons for ring in polygon]
    lines = ["latitude,land"]
    for latitude in np.arange(90 - STEP / 2, -90, -STEP):
        found = crossings(rings, latitude + 1e-7)
        spans = zip(np.round(found[::2] / STEP) * STEP, np.round(found[1::2] / STEP) * STEP, strict=True)
        lines.append(f"{latitude:g}," + " ".join(f"{west:g}:{east:g}" for west, east in spans if west < east))
    TARGET.write_text("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
