"""The network on a map of text: coasts in braille dots, sites as letters; and the main flows."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import cos, radians
from string import ascii_lowercase, ascii_uppercase
from textwrap import wrap
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.views.text import WIDTH, cut, percent, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

COLUMNS: Final = WIDTH - 4
LEAST_ROWS: Final = 12
MOST_ROWS: Final = 24
MARGIN: Final = 6.0
_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


@dataclass(frozen=True)
class Window:
    """The part of the world that is shown, degrees; a dot is square on the ground in its middle."""

    west: float
    north: float
    step_x: float
    step_y: float
    rows: int

    def cell(self, latitude: float, longitude: float) -> tuple[int, int]:
        """Return row and column of a place."""
        return int((self.north - latitude) / self.step_y) // 4, int((longitude - self.west) / self.step_x) // 2


def world(plan: Plan) -> list[str]:
    """Return the map and its legend as lines; nothing where fewer than two busy sites have a place."""
    sites = busy_sites(plan).drop_nulls(["latitude", "longitude"])
    if sites.height < 2:
        return []
    window = fit(sites["latitude"].to_list(), sites["longitude"].to_list())
    cells: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for site, kind, latitude, longitude in sites.select("site", "kind", "latitude", "longitude").iter_rows():
        cells[window.cell(latitude, longitude)].append((site, kind))
    page = coast(window)
    legend = []
    for letter, (row, column) in zip(ascii_uppercase + ascii_lowercase, sorted(cells), strict=False):
        page[row][column] = letter
        names: dict[str, list[str]] = defaultdict(list)
        for site, kind in sorted(cells[row, column]):
            names[kind].append(site)
        legend.append(f"{letter} " + "; ".join(f"{kind} {', '.join(found)}" for kind, found in names.items()))
    return ["  " + "".join(row).rstrip() for row in page] + ["", *_columns(legend)]


def fit(latitudes: list[float], longitudes: list[float]) -> Window:
    """Return a window with every place in it, as wide as the page."""
    west, east = min(longitudes) - MARGIN, max(longitudes) + MARGIN
    south, north = min(latitudes) - MARGIN, max(latitudes) + MARGIN
    squeeze = max(cos(radians((south + north) / 2)), 0.3)
    tall = (north - south) / squeeze / (east - west)  # dots down for a dot across
    rows = COLUMNS * tall / 2
    if rows > MOST_ROWS:  # too tall: show more to both sides
        wider = (east - west) * (rows / MOST_ROWS - 1) / 2
        west, east = west - wider, east + wider
    if rows < LEAST_ROWS:
        taller = (north - south) * (LEAST_ROWS / rows - 1) / 2
        south, north = south - taller, north + taller
    step_x = (east - west) / (COLUMNS * 2)
    step_y = step_x * squeeze
    return Window(west, north, step_x, step_y, min(int((north - south) / step_y / 4) + 1, MOST_ROWS + 1))


def coast(window: Window) -> list[list[str]]:
    """Return the coast inside a window as rows of braille signs."""
    mask = land()
    step = 180 / len(mask)
    high, wide = window.rows * 4, COLUMNS * 2
    dry = [[False] * (wide + 2) for _ in range(high + 2)]
    for y in range(high + 2):
        line = int((90 - window.north + (y - 0.5) * window.step_y) / step)
        spans = mask[line] if 0 <= line < len(mask) else ()
        for x in range(wide + 2):
            longitude = (window.west + (x - 0.5) * window.step_x + 180) % 360 - 180
            dry[y][x] = any(west <= longitude < east for west, east in spans)
    page = [[0] * COLUMNS for _ in range(window.rows)]
    for y in range(high):
        for x in range(wide):
            around = dry[y][x + 1] + dry[y + 2][x + 1] + dry[y + 1][x] + dry[y + 1][x + 2]
            if dry[y + 1][x + 1] and around < 4:
                page[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
    return [[chr(0x2800 + dots) if dots else " " for dots in row] for row in page]


def busy_sites(plan: Plan) -> pl.DataFrame:
    """Return the sites that the plan uses."""
    names = pl.concat(
        [
            plan["builds"]["site"],
            plan["buys"]["supplier"],
            plan["buys"]["destination"],
            plan["shipments"]["origin"],
            plan["shipments"]["destination"],
            plan["deliveries"]["market"],
        ]
    )
    return plan.network["sites"].filter(pl.col("site").is_in(names.unique().to_list()))


def main_flows(plan: Plan, most: int = 8) -> list[str]:
    """Return the largest flows as lines: goods by units, parts by money."""
    items = plan.network["items"]
    finished = items.filter(pl.col("kind") == "finished")["item"].to_list()
    goods = (
        plan["shipments"]
        .filter(pl.col("item").is_in(finished))
        .group_by("origin", "destination", "mode")
        .agg(pl.col("quantity").sum())
        .sort("quantity", "origin", "destination", "mode", descending=[True, False, False, False])
    )
    key = pl.col("key").str.split("|")
    parts = (
        plan["ledger"]
        .filter(pl.col("account") == "material")
        .with_columns(offer=key.list.get(0), destination=key.list.get(1, null_on_oob=True))
        .join(plan.network["sources"].select("offer", "supplier").unique(), on="offer")
        .group_by("supplier", "destination")
        .agg(pl.col("present").sum().cast(pl.Float64))
        .sort("present", "supplier", "destination", descending=[True, False, False])
    )
    spent = float(parts["present"].sum()) or 1.0
    left = [
        f"{short(units):>9}  {origin} → {destination}, {mode}"
        for origin, destination, mode, units in goods.head(most).iter_rows()
    ]
    right = [
        f"{percent(amount / spent):>7}  {supplier} → {destination}"
        for supplier, destination, amount in parts.head(most).iter_rows()
    ]
    left = [
        "units of finished goods",
        *left,
        *([f"... and {goods.height - most} more"] if goods.height > most else []),
    ]
    right = [
        "of the money for parts",
        *right,
        *([f"... and {parts.height - most} more"] if parts.height > most else []),
    ]
    half = (WIDTH - 2) // 2
    pairs = [
        (left[index] if index < len(left) else "", right[index] if index < len(right) else "")
        for index in range(max(len(left), len(right)))
    ]
    return [f"  {cut(one, half - 2):<{half - 1}}{cut(two, half)}".rstrip() for one, two in pairs]


def _columns(entries: list[str]) -> list[str]:
    """Set legend entries side by side as far as they fit."""
    lines = [""]
    for entry in entries:
        if lines[-1] and len(lines[-1]) + len(entry) + 4 > WIDTH:
            lines.append("")
        lines[-1] += ("   " if lines[-1] else "") + entry
    return [
        part
        for line in lines
        for part in wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    ]


@cache
def land() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return the spans of longitude that are land, by row of latitude from the north (Natural Earth, public domain)."""
    text = resources.files("boxbuild.views").joinpath("land.csv").read_text("utf-8")
    rows = []
    for row in csv.DictReader(text.splitlines()):
        pairs = (span.split(":") for span in row["land"].split())
        rows.append(tuple((float(west), float(east)) for west, east in pairs))
    return tuple(rows)
