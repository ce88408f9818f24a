"""``boxbuild lock``: freeze what a plan does, and plan around it; a lock that cannot hold is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

LOCKS = "lock,kind,item,site,from,until,fixed,max\n"


@pytest.fixture
def planned(run: Run, project: Path) -> Path:
    """The tiny example, with its plan."""
    assert run("plan", project, "--no-release", "--gap", "1e-9").status == 0
    return project


def test_a_plan_around_all_that_is_frozen_costs_the_same(run: Run, planned: Path) -> None:
    """Two of the three weeks, of every kind, and nothing else in them; the audit holds the plan to the locks."""
    before = run("show", planned, "--json").json["summary"]
    done = run("lock", planned, "--until", "2024-01-14", "--nothing-else", "--into", planned)
    assert done.status == 0, done.err
    assert "16 locks written to" in done.out
    assert "build/works/phone/2024-01-08" in done.out
    again = run("plan", planned, "--gap", "1e-9", "--json").json
    assert again["summary"]["cost"] == pytest.approx(before["cost"], rel=1e-6)
    assert again["audit"]["passed"]
    assert again["sizes"]["locks"] == 16
    assert {row["of"] for row in again["figures"]["locks"]} == {16}
    assert "── Locks" in run("show", planned).out


def test_locks_that_are_there_stay_and_come_once(run: Run, planned: Path) -> None:
    file = planned / "tables" / "locks.csv"
    file.write_text(LOCKS + "mine,build,phone,works,2024-01-15,,,500\n", "utf-8")
    words = ("lock", planned, "--until", "2024-01-07", "--kind", "build", "--into", planned)
    assert run(*words, "--item", "phone").status == 0
    first = file.read_text("utf-8")
    assert first.startswith(LOCKS.strip())
    assert "mine,build,phone,works,2024-01-15" in first
    again = run(*words)
    assert again.status == 1
    assert "has a lock build/works/phone/2024-01-01 already: nothing was written" in again.err
    assert file.read_text("utf-8") == first


def test_locks_that_contradict_what_is_there_are_not_written(run: Run, planned: Path) -> None:
    file = planned / "tables" / "locks.csv"
    file.write_text(LOCKS + "mine,build,,works,,2024-01-07,,50\nmore,build,phone,,,2024-01-07,,3\n", "utf-8")
    before = file.read_text("utf-8")
    done = run("lock", planned, "--until", "2024-01-07", "--into", planned, "--json")
    assert done.status == 1
    assert [issue["code"] for issue in done.json["error"]["issues"]] == ["locks-contradict"]
    assert "the lock more, which covers them too, allows 3" in done.json["error"]["issues"][0]["reason"]
    assert file.read_text("utf-8") == before


def test_without_a_place_nothing_is_written(run: Run, planned: Path, tmp_path: Path) -> None:
    done = run("lock", planned, "--until", "2024-01-07", "--kind", "ship")
    assert done.status == 0
    assert "nothing was written" in done.err
    assert not (planned / "tables" / "locks.csv").exists()
    file = tmp_path / "locks.csv"
    assert run("lock", planned, "--until", "2024-01-07", "--kind", "ship", "--out", file).status == 0
    assert file.read_text("utf-8").splitlines()[1].startswith("ship/works/shop/road/phone/2024-01-01,ship,phone,works,")
    assert run("lock", planned, "--until", "2024-01-07", "--out", file).status == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--until", "2024-01-10"), "buckets end on 2024-01-07 and on 2024-01-14"),
        (("--until", "2024-03-10"), "it runs from 2024-01-01 until 2024-01-21"),
        (("--until", "2024-01-07", "--kind", "make"), "'make' cannot be frozen"),
        (("--until", "2024-01-07", "--item", "fone"), "did you mean phone?"),
        (("--until", "2024-01-07", "--site", "shop"), "the plan does nothing of that"),
    ],
)
def test_what_cannot_be_frozen_exits_2(run: Run, planned: Path, words: tuple[str, ...], says: str) -> None:
    done = run("lock", planned, *words)
    assert done.status == 2
    assert says in done.err


def test_a_lock_that_makes_a_plan_infeasible_exits_3_and_is_named(run: Run, project: Path) -> None:
    (project / "tables" / "locks.csv").write_text(LOCKS + "rush,build,phone,works,,2024-01-07,5000,\n", "utf-8")
    done = run("plan", project, "--no-release", "--json")
    assert done.status == 3
    assert done.json["error"]["reasons"][0].startswith("lock rush: fixed 5,000 units is missed by 4,9")
    assert "; what stops it: " in done.json["error"]["reasons"][0]


def test_a_lock_is_changed_by_a_set_and_by_a_scenario(run: Run, project: Path) -> None:
    """The cell of a lock, as of any table; a scenario may lock, too."""
    (project / "tables" / "locks.csv").write_text(LOCKS + "slow,build,phone,works,,2024-01-07,,500\n", "utf-8")
    base = run("plan", project, "--no-release", "--json").json["summary"]["cost"]
    less = run("plan", project, "--no-release", "--json", "--set", "locks.slow.max=10").json["summary"]["cost"]
    assert less > base
    (project / "scenarios").mkdir(exist_ok=True)
    (project / "scenarios" / "freeze.toml").write_text(
        'name = "freeze"\n[[change]]\ntable = "locks"\nbecause = "the line is promised"\n'
        'add = { lock = "new", kind = "build", item = "phone", until = 2024-01-07, max = 10 }\n',
        "utf-8",
    )
    found = run("plan", project, "--no-release", "--json", "--scenario", "freeze")
    assert found.status == 0, found.err
    assert found.json["summary"]["cost"] == pytest.approx(less)
