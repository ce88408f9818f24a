"""How commands speak: exit statuses, data on stdout, talk on stderr, tracebacks only where asked for."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.cli.conftest import Run, edit

from boxbuild.errors import LimitError
from boxbuild.plan import make

IMPOSSIBLE = "contract,partner,item,min\nall,maker,phone,1000000\n"


def test_bad_data_exits_1_with_every_issue(run: Run, project: Path) -> None:
    edit(project, "sources", "near,board", "near,bord")
    edit(project, "operations", "works,phone,50", "works,phone,x")
    done = run("plan", project, "--json")
    assert done.status == 1
    error = done.json["error"]
    assert (error["code"], error["exit_status"]) == ("data", 1)
    assert len(error["issues"]) >= 2
    assert "operations.csv row 2" in done.err


def test_a_path_without_a_project_exits_1(run: Run, tmp_path: Path) -> None:
    done = run("check", tmp_path / "nothing")
    assert done.status == 1
    assert done.out == ""
    assert done.err.startswith("data: there is nothing at")
    assert "hint:" in done.err


def test_usage_exits_2_and_says_nothing_on_stdout(shell: Run, tmp_path: Path) -> None:
    done = shell("plan", tmp_path, "--gap", "wide")
    assert done.status == 2
    assert done.out == ""
    assert "--gap" in done.err


def test_infeasible_exits_3_with_reasons(shell: Run, project: Path) -> None:
    (project / "tables" / "contracts.csv").write_text(IMPOSSIBLE, "utf-8")
    done = shell("plan", project, "--json")
    assert done.status == 3
    assert done.json["error"]["code"] == "infeasible"
    assert not (project / "plans").exists()


def test_a_limit_without_a_plan_exits_4(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any, **__: Any) -> None:
        raise LimitError("no plan was found in 1 s", "give it more time")

    monkeypatch.setattr(make, "make_plan", late)
    done = run("plan", project, "--time-limit", "1", "--json")
    assert done.status == 4
    assert done.json["error"]["hint"] == "give it more time"


def test_a_plan_that_fails_its_audit_exits_5_and_says_failed(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = make.make_plan

    def wrong(*words: Any, **options: Any) -> Any:
        plan = honest(*words, **options)
        cheaper = replace(plan.summary, cost=plan.summary.cost - 1)
        builds = plan["builds"].with_columns(pl.col("quantity") * 1.01)
        return replace(plan, summary=cheaper, tables={**plan.tables, "builds": builds})

    monkeypatch.setattr(make, "make_plan", wrong)
    done = run("plan", project, "--no-release")
    assert done.status == 5
    assert "audit    FAILED" in done.out
    assert "FAILED its audit" in done.err
    assert run("plan", project, "--no-release", "--json").json["audit"]["passed"] is False


def test_a_defect_is_named_without_a_traceback(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(make, "make_plan", broken)
    done = run("plan", project)
    assert done.status == 70
    assert "defect: ZeroDivisionError: division by zero" in done.err
    assert "Traceback" not in done.err
    assert "Traceback" in run("--debug", "plan", project).err


def test_debug_may_stand_anywhere(shell: Run, tmp_path: Path) -> None:
    assert "Traceback" in shell("check", tmp_path / "nothing", "--debug").err
    assert "Traceback" not in shell("check", tmp_path / "nothing").err


def test_data_goes_to_stdout_and_talk_to_stderr(shell: Run, project: Path) -> None:
    done = shell("plan", project, "--no-release", "--json")
    assert done.status == 0
    assert json.loads(done.out)["summary"]["status"] == "optimal"
    assert "solve" in done.err
    assert "\x1b" not in done.out + done.err


def test_it_speaks_ascii_where_nothing_else_is_understood(shell: Run, project: Path) -> None:
    done = shell("plan", project, "--no-release", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.status == 0
    assert done.out.isascii()
    assert "###" in done.out


def test_the_version(run: Run) -> None:
    import boxbuild

    assert run("--version").out == f"boxbuild {boxbuild.__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom boxbuild.cli.main import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'polars', 'numpy', 'scipy', 'numba', 'highspy', 'openpyxl', 'xlsxwriter', 'fastexcel', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
        "print(len(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy, count = done.stderr.splitlines()
    assert heavy == "[]"
    assert int(count) < 400


INTERRUPT = """
import os, signal, sys, time
from boxbuild.cli.progress import watched
with watched():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    except KeyboardInterrupt:
        print("kept the best plan", flush=True)
    if len(sys.argv) > 1:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
print("went on")
"""


def test_one_interrupt_reaches_the_solver_and_a_second_aborts() -> None:
    once = subprocess.run([sys.executable, "-c", INTERRUPT], capture_output=True, text=True, check=False)
    assert once.returncode == 0
    assert once.stdout == "kept the best plan\nwent on\n"
    assert "Ctrl-C again aborts" in once.stderr
    twice = subprocess.run([sys.executable, "-c", INTERRUPT, "twice"], capture_output=True, text=True, check=False)
    assert twice.returncode == 130
    assert twice.stdout == "kept the best plan\n"
    assert "aborted" in twice.stderr


def test_the_handler_of_interrupts_is_given_back() -> None:
    from boxbuild.cli.progress import watched

    before = signal.getsignal(signal.SIGINT)
    with watched():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
