"""The bench: one problem, every way to solve it that a user would consider, one table.

    python -m bench list
    python -m bench run --size 5e5 --gap 0.01 --against highs-ipm --json
    python -m bench run --ems-case FOLDER --size small --against highs-simplex
    python -m bench growth --sizes 6e4 5e5 --svg growth.svg
    python -m bench replan --size 5e5 --gap 0.01

The table goes to the output, what is going on goes to standard error. Each alternative runs in a process of its own,
one after the other; seconds are those of its work alone (see :mod:`bench.job`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.growth import growth
from bench.job import Case, Found, as_json
from bench.measure import Run, measure
from bench.registry import ALTERNATIVES, Alternative
from bench.replan import as_json as as_plain
from bench.replan import markdown as as_table
from bench.replan import replan
from bench.table import markdown, phases

PACKAGES = ("boxbuild", "highspy", "ortools", "pulp", "linopy", "numpy", "scipy", "numba", "polars")


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks for."""
    asked = _parser().parse_args(arguments)
    asked.does(asked)


def _list(_: argparse.Namespace) -> None:
    for alternative in ALTERNATIVES.values():
        print(f"{alternative.name:20} {alternative.about}")


def _run(asked: argparse.Namespace) -> None:
    names = list(dict.fromkeys([*(asked.names or (ALTERNATIVES if asked.all else ["boxbuild"])), *asked.against]))
    with tempfile.TemporaryDirectory() as desk:
        run = Run(_case(asked), asked.gap, asked.limit, Path(desk), asked.whole)
        found = {name: _least(ALTERNATIVES[name], run, asked.repeat) for name in names}
    best = {name: least for name, (least, _) in found.items()}
    if asked.json:
        results = {
            name: {**as_json(least), "repeats": cpu, "about": ALTERNATIVES[name].about}
            for name, (least, cpu) in found.items()
        }
        print(json.dumps({**_head(run.case, asked), "against": asked.against, "results": results}, indent=2))
        return
    sizes = next((one.sizes for one in best.values() if one.sizes), {})
    print(f"{run.case.name}, gap {asked.gap:g}: {', '.join(f'{n:,} {what}' for what, n in sizes.items())}\n")
    print(markdown(best, asked.against))
    if asked.whole and best["boxbuild"].phases:
        print(f"\n{phases('boxbuild', best['boxbuild'])}")


def _growth(asked: argparse.Namespace) -> None:
    def measured(size: float) -> Found:
        with tempfile.TemporaryDirectory() as desk:
            run = Run(Case(size, asked.seed), asked.gap, asked.limit, Path(desk))
            return _least(ALTERNATIVES[asked.alternative], run, asked.repeat)[0]

    grown = growth({size: measured(size) for size in sorted(asked.sizes)})
    held = {**_head(None, asked), "alternative": asked.alternative, **grown.as_json()}
    if asked.svg:
        asked.svg.write_text(grown.svg(), encoding="utf-8")
    print(json.dumps(held, indent=2) if asked.json else grown.markdown())


def _replan(asked: argparse.Namespace) -> None:
    case = _case(asked)
    found = replan(case, asked.gap, asked.repeat)
    if asked.json:
        print(json.dumps({**_head(case, asked), "changes": as_plain(found)}, indent=2))
        return
    print(f"{case.name}, gap {asked.gap:g}\n\n{as_table(found)}")


def _least(alternative: Alternative, run: Run, repeat: int) -> tuple[Found, list[float | None]]:
    """Return the run with the least CPU seconds, and the CPU seconds of all."""
    runs = []
    for number in range(repeat):
        print(f"{run.case.name}: {alternative.name}, {number + 1} of {repeat} ...", file=sys.stderr, flush=True)
        found = measure(alternative, run)
        spent = "" if found.cpu_seconds is None else f", {found.cpu_seconds:.1f} CPU s"
        print(f"  {found.status}{spent}{f' ({found.note})' if found.note else ''}", file=sys.stderr, flush=True)
        runs.append(found)
    return min(runs, key=lambda found: found.cpu_seconds or float("inf")), [found.cpu_seconds for found in runs]


def _case(asked: argparse.Namespace) -> Case:
    if not asked.ems_case:
        return Case(float(asked.size), asked.seed, asked.options)
    return Case(folder=str((asked.ems_case / asked.size).resolve()))


def _head(case: Case | None, asked: argparse.Namespace) -> dict[str, Any]:
    """Return what was run, where and with what."""
    return {
        "case": case.name if case else None,
        "gap": asked.gap,
        "limit": asked.limit,
        "repeat": asked.repeat,
        "measured": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    doing = parser.add_subparsers(required=True)
    doing.add_parser("list", help="name the alternatives").set_defaults(does=_list)
    run = doing.add_parser("run", help="run alternatives on one case")
    run.add_argument("names", nargs="*", choices=[*ALTERNATIVES, []], metavar="ALTERNATIVE", help="default: boxbuild")
    run.add_argument("--all", action="store_true", help="run every alternative")
    run.add_argument("--whole", action="store_true", help="boxbuild: read files, plan, release and write the plan")
    run.add_argument(
        "--against",
        action="append",
        default=[],
        choices=list(ALTERNATIVES),
        help="run this too, with a column of ratios",
    )
    run.set_defaults(does=_run)
    grow = doing.add_parser("growth", help="fit how CPU seconds and memory grow with size")
    grow.add_argument("--sizes", nargs="+", type=float, default=[6e3, 6e4, 5e5])
    grow.add_argument("--alternative", default="boxbuild", choices=list(ALTERNATIVES))
    grow.add_argument("--svg", type=Path, help="file for a plot")
    grow.set_defaults(does=_growth)
    again = doing.add_parser("replan", help="plan again after a change, from the plan before and from nothing")
    again.set_defaults(does=_replan, options=False)
    for one in (run, again):
        one.add_argument("--size", default="6e4", help="non-zeros of a network, or the size of an EMS case")
        one.add_argument(
            "--ems-case", type=Path, metavar="FOLDER", help="folder of generated EMS cases, a folder a size"
        )
    run.add_argument("--options", action="store_true", help="with options and ladders of prices: integers")
    for one in (run, grow, again):
        one.add_argument("--seed", type=int, default=7)
        one.add_argument("--gap", type=float, default=0.01, help="relative gap to stop at")
        one.add_argument("--limit", type=float, default=600.0, help="wall seconds for each alternative")
        one.add_argument("--repeat", type=int, default=1, help="runs of each; the least CPU seconds count")
        one.add_argument("--json", action="store_true", help="JSON in place of the table")
    return parser


if __name__ == "__main__":
    main()
