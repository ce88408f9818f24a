"""``boxbuild peg``: pages, JSON and files, and what it says no to."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

TINY = Path(__file__).parents[2] / "examples" / "tiny"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from boxbuild import files
    from boxbuild.plan.folder import write_plan
    from boxbuild.plan.make import make_plan

    folder = tmp_path_factory.mktemp("peg") / "plan"
    return write_plan(make_plan(files.read(TINY)), folder)


def test_a_demand_says_what_came_last(run: Run, planned: Path) -> None:
    """The speakers waited for the boards from over the sea."""
    done = run("peg", planned, "demand", "speaker-w1")
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0] == "speaker-w1: 30 speaker at shop, due 2024-01-14"
    assert lines[1] == "30 delivered, the last on 2024-01-15, 1 day late"
    last = next(place for place, line in enumerate(lines) if "What came last" in line)
    assert "board bought from far-yard for works, 2024-01-08 to 01-15" in lines[last + 4]
    assert all(len(line) <= 100 for line in lines)


def test_a_part_says_who_gets_it(run: Run, planned: Path) -> None:
    done = run("peg", planned, "part", "board@works", "--all")
    assert "board@works: 175 board in 6 lots" in done.out
    row = next(line.split() for line in done.out.splitlines() if line.split()[:1] == ["phone-w1"])
    assert row == ["phone-w1", "phone", "shop", "2024-01-14", "2024-01-14", "–", "65", "65", "of", "65"]


def test_json_has_the_tree_and_the_tables(run: Run, planned: Path) -> None:
    found = run("peg", planned, "order", "B000011", "--json").json
    assert found["dated"] is True
    assert found["tree"]["quantity"] == 55
    assert [(row["demand"], row["quantity"]) for row in found["demands"]] == [("phone-w1", 55)]
    assert {child["key"]: child["quantity"] for child in found["inputs"]["children"]} == {"B000007": 15, "B000003": 40}
    shallow = run("peg", planned, "demand", "phone-w1", "--depth", "1", "--json").json
    assert "children" not in shallow["tree"]["children"][0]


def test_the_window_of_a_supplier_is_the_days_on_which_lots_are_there(run: Run, planned: Path) -> None:
    found = run("peg", planned, "supplier", "far-yard", "--from", "2024-01-15", "--until", "2024-01-21", "--json").json
    fed = {row["demand"]: row["quantity"] for row in found["demands"]}
    assert fed == {"speaker-w1": 30, "speaker-w2": 10}


def test_the_hours_of_a_week_of_a_resource(run: Run, planned: Path) -> None:
    done = run("peg", planned, "resource", "line", "--from", "2024-01-15", "--until", "2024-01-21")
    assert done.out.startswith("line: 80 hour in 2 builds")


def test_files_hold_the_answer(run: Run, planned: Path, tmp_path: Path) -> None:
    table, answer = tmp_path / "fed.csv", tmp_path / "fed.json"
    assert run("peg", planned, "part", "board", "--out", table).out == ""
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    assert sum(float(row["quantity"]) for row in rows) == 175
    run("peg", planned, "part", "board", "--out", answer)
    assert json.loads(answer.read_text("utf-8")) == run("peg", planned, "part", "board", "--json").json


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("demnd", "phone-w1"), "did you mean demand"),
        (("demand", "phone-w9"), "phone-w"),
        (("demand", "phone-w1", "--from", "2024-01-01"), "say nothing about one demand"),
        (("part", "board", "--out", "x.txt"), "neither .json nor .csv"),
    ],
)
def test_what_has_no_meaning_is_refused(run: Run, planned: Path, words: tuple[str, ...], said: str) -> None:
    done = run("peg", planned, *words)
    assert done.status == 2
    assert said in done.err


def test_a_plan_without_orders_is_pegged_by_its_buckets_and_says_so(run: Run, project: Path) -> None:
    assert run("plan", project, "--no-release").status == 0
    done = run("peg", project, "demand", "speaker-w1")
    assert "The plan has no orders: this is of its flows by bucket" in done.out
    assert "delivered, the last on 2024-01-15, 7 days late" in done.out
