"""``boxbuild explain``: a figure as a tree, a file and a page, and a file that can be checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run


@pytest.fixture
def planned(run: Run, project: Path) -> Path:
    assert run("plan", project, "--no-release").status == 0
    return project


def test_a_tree_that_ends_with_its_digest(run: Run, planned: Path) -> None:
    done = run("explain", planned, "cost", "phone@shop")
    assert done.status == 0
    assert done.out.startswith("landed cost of one unit of phone delivered at shop: INR ")
    for words in ("By account", "conversion", "bought under far from far-yard", "stock at the start", "sha256 "):
        assert words in done.out
    assert all(len(line) <= 100 for line in done.out.splitlines())


def test_the_same_in_json_and_in_a_file(run: Run, planned: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    printed = run("explain", planned, "cost", "phone@shop", "--json").json
    written = run("explain", planned, "cost", "phone@shop", "--out", file)
    assert written.out == ""
    assert json.loads(file.read_text("utf-8")) == printed
    assert printed["plan"]["network"]
    assert len(printed["sha256"]) == 64


def test_a_file_is_checked_without_and_with_its_plan(run: Run, planned: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    run("explain", planned, "cost", "phone@shop", "--out", file)
    alone, against = run("explain", "--verify", file), run("explain", planned, "--verify", file, "--json")
    assert alone.status == 0
    assert "the digest and the sums are right" in alone.out
    assert against.status == 0
    assert against.json["wrong"] == []
    assert against.json["checked"] == {"digest": True, "values": True}


def test_a_changed_figure_is_found(run: Run, planned: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    run("explain", planned, "cost", "phone@shop", "--out", file)
    found = json.loads(file.read_text("utf-8"))
    step = found["trace"]["parts"][0]
    step["value"] = str(float(step["value"]) + 1)
    file.write_text(json.dumps(found), "utf-8")
    done = run("explain", planned, "--verify", file)
    assert done.status == 5
    assert "the digest of the trace is" in done.out
    assert "add up to" in done.out
    assert f"{found['trace']['name']} › {step['name']}: value is" in done.out


def test_a_figure_of_another_plan_is_found(run: Run, planned: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    run("explain", planned, "cost", "phone@shop", "--out", file)
    other = tmp_path / "other"
    assert run("plan", planned, "--no-release", "--set", "demand.phone-w0.quantity=25", "--out", other).status == 0
    done = run("explain", other, "--verify", file)
    assert done.status == 5
    assert "the plan's input_hash is" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cost", "phon@shop"), "did you mean phone"),
        (("cost", "phone@shopp"), "did you mean shop"),
        (("cost", "phone@works"), "it is delivered at shop"),
        (("cost", "phone"), "write ITEM@MARKET"),
        (("costs", "phone@shop"), "did you mean cost"),
        (
            ("cost",),
            "boxbuild explain PLAN with one of: demand DEMAND; part ITEM[@SITE]; change OTHER; cost ITEM@MARKET",
        ),
    ],
)
def test_what_cannot_be_answered_is_said(run: Run, planned: Path, words: tuple[str, ...], said: str) -> None:
    done = run("explain", planned, *words)
    assert done.status == 2
    assert said in done.err


def test_what_is_no_explanation_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}", "utf-8")
    done = run("explain", "--verify", file)
    assert done.status == 1
    assert "this is no explanation" in done.err


def test_a_page_is_written(run: Run, planned: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.html"
    assert run("explain", planned, "cost", "phone@shop", "--html", file).status == 0
    assert file.read_text("utf-8").startswith("<!doctype html>")


def test_why_a_demand_is_late_and_what_it_would_take(run: Run, planned: Path) -> None:
    done = run("explain", planned, "demand", "speaker-w1")
    assert done.status == 0
    for words in ("7 days late", "What binds", "offer far", "What it would take", "second source", "overtime"):
        assert words in done.out
    assert all(len(line) <= 100 for line in done.out.splitlines())
    solved = run("explain", planned, "demand", "speaker-w1", "--solve", "--json").json
    assert solved["solved"]["units"] == 30
    assert solved["solved"]["price"] >= solved["premium"] * solved["missed"]


def test_what_more_of_a_part_is_worth(run: Run, planned: Path, tmp_path: Path) -> None:
    done = run("explain", planned, "part", "board@works", "--solve")
    assert done.status == 0
    for words in ("Another thousand at works", "Solved again: 1,000 more save", "Who gets it", "Where it is short"):
        assert words in done.out
    assert all(len(line) <= 100 for line in done.out.splitlines())
    page, file = tmp_path / "board.html", tmp_path / "board.json"
    assert run("explain", planned, "part", "board", "--html", page, "--out", file).out == ""
    assert "What one more unit is worth" in page.read_text("utf-8")
    assert json.loads(file.read_text("utf-8"))["item"] == "board"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("demand", "speaker-w9"), "did you mean speaker-w"),
        (("part", "boards"), "did you mean board?"),
        (("cost", "phone@shop", "--solve"), "--solve goes with demand and part"),
        (("demands", "speaker-w1"), "did you mean demand?"),
    ],
)
def test_what_has_no_reason_is_said(run: Run, planned: Path, words: tuple[str, ...], said: str) -> None:
    done = run("explain", planned, *words)
    assert done.status == 2
    assert said in done.err
