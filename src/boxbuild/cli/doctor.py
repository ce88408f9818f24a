"""``boxbuild doctor``: whether this machine can plan."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import typer

from boxbuild.cli.examples import example_names
from boxbuild.cli.face import Json, say, say_json

PACKAGES: Final = (
    "polars",
    "numpy",
    "scipy",
    "numba",
    "highspy",
    "fastexcel",
    "xlsxwriter",
    "openpyxl",
    "typer",
    "rich",
    "pyyaml",
)

LEAST_MEMORY: Final = 2.0
"""GiB below which a plan of a real network is not to be expected."""


def doctor(json: Json = False) -> None:
    """Look whether this machine can plan, and say what is missing."""
    found = []
    for name, test in _TESTS.items():
        try:
            good, words = test()
        except Exception as error:
            good, words = False, f"{type(error).__name__}: {error}"
        found.append((name, good, words))
    healthy = all(good for _, good, _ in found)
    if json:
        tests = [{"test": name, "passed": good, "found": words} for name, good, words in found]
        say_json({"healthy": healthy, "tests": tests})
    else:
        say([f"{'ok  ' if good else 'FAIL'}  {name:<10} {words}" for name, good, words in found])
        say("this machine can plan" if healthy else "this machine CANNOT plan: see the lines that say FAIL")
    if not healthy:
        raise typer.Exit(1)


def _python() -> tuple[bool, str]:
    return sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _packages() -> tuple[bool, str]:
    words, good = [], True
    for name in ("boxbuild", *PACKAGES):
        try:
            words.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            words.append(f"{name} MISSING")
            good = False
    return good, ", ".join(words)


def _cores() -> tuple[bool, str]:
    return True, f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()}"


def _memory() -> tuple[bool, str]:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return True, "not known on this system"
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return total >= LEAST_MEMORY, f"{total:.1f} GiB"


def _solver() -> tuple[bool, str]:
    """Minimise x + 2y with x + y >= 3 and x <= 2: the answer is 4."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    x = solver.addVariable(lb=0, ub=2)
    y = solver.addVariable(lb=0)
    solver.addConstr(x + y >= 3)
    solver.minimize(x + 2 * y)
    value = solver.getObjectiveValue()
    return abs(value - 4) < 1e-9, f"HiGHS solves a small program: {value:g}, as it should be 4"


def _tables() -> tuple[bool, str]:
    from boxbuild.network.catalogue import tables

    return True, f"{len(tables())} tables in the catalogue"


def _examples() -> tuple[bool, str]:
    names = example_names()
    return bool(names), ", ".join(names) or "none found"


def _write() -> tuple[bool, str]:
    folder = Path.cwd()
    with tempfile.TemporaryDirectory(dir=folder):
        return True, f"can write into {folder}"


_TESTS: Final[dict[str, Callable[[], tuple[bool, str]]]] = {
    "python": _python,
    "packages": _packages,
    "cores": _cores,
    "memory": _memory,
    "solver": _solver,
    "catalogue": _tables,
    "examples": _examples,
    "folder": _write,
}
