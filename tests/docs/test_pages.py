"""The pages: every command and every example of Python on them is run, and prints what the page says it prints.

In a ``console`` block a line that begins with ``$`` is a command, and the lines below it are what it prints: each
must be there, in this order; ``...`` stands for anything, within a line or for whole lines. Blanks between words do not
count. ``(exit status N)`` says that a command fails, and how.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "docs/tutorial.md",
    "docs/tour.md",
    "docs/how-to/value-added.md",
    "docs/how-to/compare-plans.md",
    "docs/how-to/explain.md",
    "docs/how-to/export-schemes.md",
    "docs/how-to/plan-an-investment.md",
    "docs/how-to/find-what-is-wrong.md",
    "docs/how-to/read-the-report.md",
    "docs/how-to/freeze-part-of-a-plan.md",
    "docs/how-to/trace-an-order.md",
    "docs/how-to/use-charts-elsewhere.md",
    "docs/how-to/why-is-it-late.md",
    "docs/how-to/work-in-excel.md",
    "docs/examples/duty-cuts-2024.md",
)
STATUS = re.compile(r"\(exit status (\d+)\)")


@dataclass
class Step:
    """Something that a page says to run, and what it prints then."""

    code: str
    language: str
    expected: list[str] = field(default_factory=list)
    status: int = 0


def steps(page: str) -> Iterator[Step]:
    for language, block in re.findall(r"^```(console|python)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        if language == "python":
            yield Step(block, language)
            continue
        step: Step | None = None
        for line in block.splitlines():
            if line.startswith("$ "):
                if step is not None:
                    yield step
                step = Step(line.removeprefix("$ "), language)
            elif step is not None and (status := STATUS.fullmatch(line.strip())):
                step.status = int(status[1])
            elif step is not None and line.strip() not in ("", "..."):
                step.expected.append(line)
        if step is not None:
            yield step


def missing(expected: list[str], printed: str) -> list[str]:
    """Return the expected lines that are not among the printed ones, in this order."""
    lines = iter([" ".join(line.split()) for line in printed.splitlines()])
    found = []
    for line in expected:
        pattern = re.escape(" ".join(line.split())).replace(re.escape("..."), ".*").replace("…", ".*")
        if not any(re.fullmatch(pattern, there) for there in lines):
            found.append(line)
            break
    return found


def perform(step: Step, desk: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, "-c", step.code] if step.language == "python" else ["bash", "-c", step.code]
    return subprocess.run(
        command,
        cwd=desk,
        env={**os.environ, "PATH": path, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_what_it_says(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("plans"))
    found = list(steps((ROOT / name).read_text("utf-8")))
    assert found
    for step in found:
        done = perform(step, tmp_path)
        assert done.returncode == step.status, f"{step.code}\n{done.stdout}"
        assert missing(step.expected, done.stdout) == [], f"{step.code}\n{done.stdout}"


def test_the_reader_of_pages_notices_what_is_missing() -> None:
    assert missing(["a b", "c ... e"], "x\na   b\nc d e\n") == []
    assert missing(["c ... e", "a b"], "x\na   b\nc d e\n") == ["a b"]
    page = "```console\n$ echo one\none\n$ false\n(exit status 1)\n```\n```python\nprint(1)\n```\n"
    assert [(step.code.strip(), step.expected, step.status) for step in steps(page)] == [
        ("echo one", ["one"], 0),
        ("false", [], 1),
        ("print(1)", [], 0),
    ]
