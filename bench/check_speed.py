"""How fast is a project checked: many rows with a hundred bad cells, every one of which must be named.

python bench/check_speed.py --rows 100000 --bad 100 --form csv
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from boxbuild.files import write
from boxbuild.files.project import load, open_project
from boxbuild.files.tables import read_table
from boxbuild.network import catalogue
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

BAD = {"price": "1,25", "due": "31/05/2023", "quantity": "12 000", "priority": "1.5", "max_late_days": "999"}
"""A bad text for each of these columns of the demand table."""


def make(rows: int) -> Network:
    """Return a network with many demand lines for two hundred products in twenty markets."""
    numbers = range(rows)
    start = date(2023, 6, 5)
    demand = pl.DataFrame(
        {
            "demand": [f"d-{number}" for number in numbers],
            "item": [f"phone-{number % 200}" for number in numbers],
            "market": [f"market-{number % 20}" for number in numbers],
            "due": [start + timedelta(days=7 * (number % 52)) for number in numbers],
            "quantity": [float(number % 977) + 0.5 for number in numbers],
            "price": [Decimal(number % 9973) + Decimal("0.25") for number in numbers],
            "currency": ["INR"] * rows,
            "priority": [1 + number % 9 for number in numbers],
            "late_per_day": [Decimal(number % 97) for number in numbers],
            "max_late_days": [number % 60 for number in numbers],
            "lost_cost": [Decimal(number % 9973) for number in numbers],
            "source": ["synthetic"] * rows,
        },
        schema_overrides=dict.fromkeys(("price", "late_per_day", "lost_cost"), catalogue.MONEY),
    )
    products = [f"phone-{number}" for number in range(200)]
    markets = [f"market-{number}" for number in range(20)]
    tables = {
        "partners": pl.DataFrame({"partner": ["brand"], "kind": ["brand"]}),
        "sites": pl.DataFrame({"site": markets}).with_columns(
            partner=pl.lit("brand"), kind=pl.lit("market"), country=pl.lit("IN")
        ),
        "items": pl.DataFrame({"item": products}).with_columns(kind=pl.lit("finished"), value=pl.lit(Decimal(9000))),
        "demand": demand,
    }
    return Network(Settings(start, buckets="52w"), tables, "bench")


def spoil(path: Path, count: int) -> set[tuple[int, str]]:
    """Make some cells of a CSV of demand bad; return their rows and columns."""
    cells = pl.read_csv(path, infer_schema=False)
    draw = random.Random(1)  # noqa: S311
    rows = draw.sample(range(cells.height), count)
    bad = {(row, list(BAD)[number % len(BAD)]) for number, row in enumerate(rows)}
    for name, text in BAD.items():
        spoilt = [row for row, column in bad if column == name]
        cells = cells.with_columns(cells.get_column(name).scatter(spoilt, [text] * len(spoilt)))
    cells.write_csv(path)
    return bad


def main() -> None:
    """Print what reading takes, in seconds of this process's CPU and on the wall."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--bad", type=int, default=100)
    parser.add_argument("--form", choices=("csv", "xlsx", "parquet"), default="csv")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project"
        write_s = timed(lambda: write(make(given.rows), path, given.form))
        bad = spoil(path / "tables" / "demand.csv", given.bad) if given.form == "csv" else set()
        grids = []
        open_s = timed(lambda: grids.extend(open_project(path).grids))
        parse_s = timed(lambda: [read_table(grid) for grid in grids if grid.table != "settings"])
        found = []
        load_s = timed(lambda: found.append(load(path)))
        named = {(issue.row, issue.column) for issue in found[0].issues if issue.table == "demand"}
        print(f"{given.rows} rows as {given.form}, {len(bad)} bad cells: {len(bad & named)} of them named")
        for what, (cpu, wall) in {
            "make and write": write_s,
            "open files": open_s,
            "parse cells": parse_s,
            "load (open, parse, check)": load_s,
        }.items():
            print(f"{what:28} {cpu:7.2f} s CPU {wall:7.2f} s wall")


def timed(work: object) -> tuple[float, float]:
    """Return the seconds of CPU and of the wall that a piece of work takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()  # type: ignore[operator]
    return time.process_time() - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    main()
