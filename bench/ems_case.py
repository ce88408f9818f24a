"""Plan a synthetic EMS case, and let the case's own verifier say what the orders deliver, cost and violate.

    python bench/ems_case.py FOLDER --size small

FOLDER holds the case's generator (``gen.py``) and its verifier (``verify.py``), which are not part of this repository.
The case is generated, imported, planned, released to orders, exported and verified. A Markdown table goes to the
output, and with ``--json`` everything that was measured goes to a file. CPU seconds and memory are those of this
process: import, plan and export, without generator and verifier.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxbuild.exchange.ems_case import read_ems_case, write_ems_rows
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

COLUMNS = (
    "size",
    "non-zeros",
    "orders",
    "on time %",
    "late %",
    "lost %",
    "cost",
    "end stock",
    "violations",
    "gap",
    "release / bound",
    "CPU s",
    "wall s",
    "MiB",
)


def run(tools: Path, size: str, gap: float, desk: Path) -> dict[str, Any]:
    """Return everything that is measured on one size."""
    _python(tools / "gen.py", "--size", size, "--out", desk)
    rows = desk / "operationplans.csv"
    began, before = time.perf_counter(), time.process_time()
    seconds: dict[str, float] = {}
    network = read_ems_case(desk / size)
    seconds["import"] = time.perf_counter() - began
    plan = make_plan(network, gap=gap)
    written = time.perf_counter()
    write_ems_rows(plan, rows)
    seconds["export"] = time.perf_counter() - written
    return {
        "size": size,
        "cpu_seconds": time.process_time() - before,
        "wall_seconds": time.perf_counter() - began,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "seconds": {**seconds, **plan.summary.seconds},
        "plan": _head(plan),
        "verified": json.loads(_python(tools / "verify.py", desk / size, rows)),
    }


def row(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a result as the cells of a row."""
    verified, plan = found["verified"], found["plan"]
    cost = verified["cost"]
    violations = sum(count for name, count in verified["violations"].items() if not name.startswith(" "))
    return (
        found["size"],
        f"{plan['nonzeros']:,}",
        f"{sum(verified['orders'].values()):,}",
        f"{verified['on_time_pct']:.2f}",
        f"{verified['late_pct']:.2f}",
        f"{verified['unplanned_pct']:.2f}",
        f"{sum(amount for name, amount in cost.items() if name != 'end_inventory_value'):,}",
        f"{cost['end_inventory_value']:,}",
        str(violations),
        f"{plan['gap']:.1e}",
        f"{plan['release_cost'] / plan['bound']:.4f}",
        f"{found['cpu_seconds']:.1f}",
        f"{found['wall_seconds']:.1f}",
        f"{found['peak_mib']:.0f}",
    )


def _head(plan: Plan) -> dict[str, Any]:
    names = ("status", "cost", "bound", "gap", "release_cost", "method")
    return {**{name: getattr(plan.summary, name) for name in names}, **plan.summary.sizes}


def _python(script: Path, *arguments: object) -> str:
    command = [sys.executable, str(script), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Run one size and print its row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tools", type=Path, metavar="FOLDER", help="folder of gen.py and verify.py")
    parser.add_argument("--size", default="small", help="small, medium or large")
    parser.add_argument("--gap", type=float, default=1e-3, help="relative gap at which the solve stops")
    parser.add_argument("--json", type=Path, help="file for everything that was measured")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as desk:
        found = run(asked.tools, asked.size, asked.gap, Path(desk))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    for cells in (COLUMNS, ("---",) * len(COLUMNS), row(found)):
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
