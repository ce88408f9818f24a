"""The process of one alternative: ``python -m bench.child TASK``, started by :mod:`bench.measure`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bench.job import Case, Found, Job, as_json
from bench.registry import ALTERNATIVES, MATRIX, Alternative


def main(task: dict[str, Any]) -> None:
    """Run the task's alternative and write what it found."""
    named: Alternative = {**ALTERNATIVES, MATRIX.name: MATRIX}[task["alternative"]]
    job = Job(
        Case(**task["case"]),
        task["gap"],
        task["limit"],
        Path(task["matrix"]),
        Path(task["state"]),
        whole=task["whole"],
    )
    try:
        run = named.load()
    except ImportError as error:
        found = Found("not available", note=f"{error}; the packages are in the extra: pip install -e .[bench]")
    else:
        found = job.finish(run(job))
    Path(task["found"]).write_text(json.dumps(as_json(found)), encoding="utf-8")


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
