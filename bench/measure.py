"""Measure: start an alternative in its own process, end it at the limit, and read what it left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.job import Case, Found
from bench.registry import MATRIX, Alternative

HOME = Path(__file__).resolve().parent.parent
GRACE = 1.1
"""A solver is told the limit and given a tenth more to end by itself."""

PREPARE = 1800.0
"""Wall seconds for imports, the making of the case and the warm-up, before the limit's clock starts."""

PAUSE = 0.05
"""Wall seconds between two looks."""


@dataclass(frozen=True)
class Run:
    """What is the same for all alternatives of a run.

    Parameters
    ----------
    case, gap, limit, whole
        See :class:`bench.job.Job`.
    desk
        Folder for the files that pass between the processes.
    """

    case: Case
    gap: float
    limit: float
    desk: Path
    whole: bool = False

    @property
    def matrix(self) -> Path:
        """File of the assembled model."""
        return self.desk / "model.npz"


def measure(alternative: Alternative, run: Run) -> Found:
    """Return what an alternative finds on the case of a run."""
    if alternative.takes_matrix and not run.matrix.exists():
        written = measure(MATRIX, Run(run.case, run.gap, PREPARE, run.desk))
        if not run.matrix.exists():
            return Found("failed", note=f"the model could not be assembled: {written.note}")
    task = {name: run.desk / f"{alternative.name}.{name}.json" for name in ("task", "state", "found")}
    for file in task.values():
        file.unlink(missing_ok=True)
    given = {
        "alternative": alternative.name,
        "case": asdict(run.case),
        "gap": run.gap,
        "limit": run.limit,
        "whole": run.whole,
        "matrix": str(run.matrix),
        **{name: str(file) for name, file in task.items()},
    }
    task["task"].write_text(json.dumps(given), encoding="utf-8")
    said = run.desk / f"{alternative.name}.err"
    with said.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.child", str(task["task"])], cwd=HOME, stdout=errors, stderr=errors
        )
        ended, usage = _wait(process, task["state"], run.limit)
    if task["found"].exists():
        return _read(task["found"], run.limit)
    if ended:
        return _ended(task["state"], usage, ended, run.limit)
    last = (said.read_text(encoding="utf-8").strip() or f"the process ended with {process.returncode}").splitlines()[-1]
    return Found("failed", peak_mib=usage.ru_maxrss / 1024, note=last)


def _wait(process: subprocess.Popen[bytes], state: Path, limit: float) -> tuple[float, Any]:
    """Wait for a process, or end it; return the seconds after which it was ended (0 where it was not) and its usage."""
    started, begun, ended = time.monotonic(), None, 0.0
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            process.returncode = os.waitstatus_to_exitcode(status)
            return ended, usage
        now = time.monotonic()
        if begun is None and state.exists():
            begun = now
        spent, allowed = (now - started, PREPARE) if begun is None else (now - begun, limit * GRACE)
        if spent > allowed and not ended:
            process.kill()
            ended = spent
        time.sleep(PAUSE)


def _read(file: Path, limit: float) -> Found:
    held = json.loads(file.read_text(encoding="utf-8"))
    held.pop("gap")
    if held["status"] == "unfinished" or (held["status"] == "feasible" and (held["wall_seconds"] or 0.0) >= limit):
        held["status"] = f"unfinished after {held['wall_seconds']:.0f} s"
    return Found(**held)


def _ended(state: Path, usage: Any, ended: float, limit: float) -> Found:
    if not state.exists():
        return Found("failed", note=f"was not ready to start after {ended:.0f} s")
    held = json.loads(state.read_text(encoding="utf-8"))
    return Found(
        f"unfinished after {limit:.0f} s",
        held.get("cost"),
        held.get("bound"),
        cpu_seconds=usage.ru_utime + usage.ru_stime - held["cpu"],
        wall_seconds=ended,
        peak_mib=usage.ru_maxrss / 1024,
        note="ended at the limit",
    )
