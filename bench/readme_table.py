"""Write the table of the README: what `boxbuild plan` takes and gives on the examples and on synthetic EMS cases.

    python bench/readme_table.py [--ems-case FOLDER] [--size small --size medium] [--gap 0.01] [--readme]

Each case is planned by the command line in a process of its own: read, check, solve, orders, ledger, audit, store. Wall
and CPU seconds and the peak of memory (resident set) are those of that process. FOLDER holds the generator
of the EMS cases (``gen.py``), which is not part of this repository. ``--readme`` writes the table, what the README
shows of ``make demo``, and what the law inside the plan is worth, into the README.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ("tiny", "phone-export-india")
WORTH = ("law", "worth", "examples/phone-export-india", "--gap", "0.001")
HEAD = (
    "case",
    "items",
    "demands",
    "non-zeros",
    "gap",
    "orders over bound",
    "figures audited",
    "audit",
    "wall s",
    "CPU s",
    "peak MiB",
)


def cases(tools: Path | None, sizes: list[str], desk: Path) -> Iterator[tuple[str, Path]]:
    """Yield each case with its project."""
    for name in EXAMPLES:
        yield name, ROOT / "examples" / name
    for size in sizes if tools is not None else []:
        generator = [sys.executable, tools / "gen.py", "--size", size, "--out", desk]
        subprocess.run(generator, check=True, stdout=sys.stderr)
        run("import", "ems-case", desk / size, "--out", desk / f"{size}-project", "--json")
        yield f"EMS case {size}", desk / f"{size}-project"


def run(*words: object) -> tuple[dict[str, Any], float, float, float]:
    """Run a command and return its JSON, wall seconds, CPU seconds and peak memory in MiB."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        command = [sys.executable, "-m", "boxbuild.cli", *map(str, words)]
        process = subprocess.Popen(command, stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        out.seek(0)
        found = json.loads(out.read())
    if process.returncode:
        print(f"{' '.join(command)}: exit status {process.returncode}", file=sys.stderr)
    return found, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def row(name: str, project: Path, gap: float, desk: Path) -> tuple[str, ...]:
    """Plan a case and return the cells of its row."""
    found, wall, cpu, peak = run("plan", project, "--gap", gap, "--out", desk / "plan", "--json")
    if "error" in found:
        return (name, found["error"]["message"], *[""] * (len(HEAD) - 2))
    summary, audit = found["summary"], found["audit"]
    over = "–"
    if summary["release_cost"] and summary["bound"] is not None:
        over = f"{(summary['release_cost'] - summary['bound']) / abs(summary['release_cost']):.2%}"
    return (
        name,
        f"{found['sizes']['items']:,}",
        f"{found['sizes']['demand']:,}",
        f"{summary['sizes']['nonzeros']:,}",
        f"{summary['gap']:.2%}" if summary["gap"] is not None else "no bound",
        over,
        f"{sum(check['count'] for check in audit['checks']):,}",
        "passed" if audit["passed"] else "FAILED",
        f"{wall:.1f}",
        f"{cpu:.1f}",
        f"{peak:,.0f}",
    )


def demo(desk: Path) -> list[str]:
    """Return what the README shows of ``make demo``: the summary down to the cost of a unit, and the options."""
    command = [sys.executable, "-m", "boxbuild.cli", "plan", "examples/phone-export-india", "--out", str(desk / "demo")]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", cwd=ROOT)
    lines = done.stdout.splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith("── Service"))
    options = next(index for index, line in enumerate(lines) if line.startswith("── Options"))
    after = next(index for index, line in enumerate(lines[options + 1 :], options + 1) if line.startswith("── "))
    return ["```text", *lines[:first], *lines[options:after], "...", "```"]


def worth() -> list[str]:
    """Return what the README shows of `boxbuild law worth`: the three plans, and between what the worth must lie."""
    command = [sys.executable, "-m", "boxbuild.cli", *WORTH, "--json"]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", cwd=ROOT)
    found = json.loads(done.stdout)
    plans = found["plans"]
    titles = {
        "without": "made without the law, as it sees itself",
        "assessed": "the same flows, charged what the law asks",
        "informed": "made with the law inside",
    }
    share = found["worth"] / plans["assessed"]["cost"]
    today = date.today()  # noqa: DTZ011
    return [
        "```sh",
        f"boxbuild {' '.join(WORTH)}",
        "```",
        "",
        "| plan | cost, INR | gap |",
        "|---|---:|---:|",
        *(f"| {title} | {plans[name]['cost']:,.0f} | {plans[name]['gap']:.2%} |" for name, title in titles.items()),
        f"| **the law inside the plan is worth** | **{found['worth']:,.0f}**, {share:.2%} | |",
        "",
        f"Proven: {found['least']:,.0f} at least, {found['most']:,.0f} at most.",
        f"The network is partly synthetic; measured on {today:%Y-%m-%d}.",
    ]


def machine() -> str:
    """Return what the numbers were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    where = f"{os.cpu_count()} cores and {memory:.0f} GiB, Python {platform.python_version()}"
    today = date.today()  # noqa: DTZ011
    return (
        f"Measured on {today:%Y-%m-%d} with {where}, by `python bench/readme_table.py`. Read, check, solve, orders, "
        "ledger, audit and store, in one process, kernels compiled; the gap asked for is 1 %."
    )


def write_readme(name: str, lines: list[str]) -> None:
    """Replace what stands between two marks of the README."""
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    begin, end = f"<!-- {name}: python bench/readme_table.py --readme -->\n", f"<!-- end of {name} -->"
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    readme.write_text(head + begin + "\n".join(lines) + "\n" + end + tail, "utf-8")


def main() -> None:
    """Run every case and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ems-case", type=Path, metavar="FOLDER", help="folder of the generator gen.py")
    parser.add_argument("--size", action="append", help="small, medium or large; may be given again")
    parser.add_argument("--gap", type=float, default=0.01, help="relative gap at which the solve stops")
    parser.add_argument("--readme", action="store_true", help="write the table and the demo into the README")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        lines = [f"| {' | '.join(HEAD)} |", f"|---|{'---:|' * (len(HEAD) - 1)}"]
        print("\n".join(lines), flush=True)
        # the first run of all compiles the kernels, once for the machine: it is not what a run takes
        run("plan", ROOT / "examples" / "tiny", "--out", desk / "plan", "--json")
        for name, project in cases(asked.ems_case, asked.size or ["small", "medium"], desk):
            lines.append(f"| {' | '.join(row(name, project, asked.gap, desk))} |")
            print(lines[-1], flush=True)
        if asked.readme:
            write_readme("table", [*lines, "", machine()])
            write_readme("demo", demo(desk))
            write_readme("worth", worth())


if __name__ == "__main__":
    main()
