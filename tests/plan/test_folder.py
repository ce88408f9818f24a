"""The plan folder: what is written can be read back, is there whole or not at all, and tells when it was touched."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.building import edit_rows, small_network

from boxbuild.errors import DataError
from boxbuild.plan import folder as plan_folder
from boxbuild.plan.folder import differences, find_plan, is_plan_folder, read_plan, write_plan
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(small_network(), release=False)


def test_reading_back_gives_the_same_plan(plan: Plan, tmp_path: Path) -> None:
    back = read_plan(write_plan(plan, tmp_path / "base"))
    assert back.summary == plan.summary
    assert back.network.digest == plan.network.digest
    assert all(back[name].equals(frame) for name, frame in plan.tables.items())
    assert differences(tmp_path / "base") == []


def test_the_same_plan_has_the_same_bytes(plan: Plan, tmp_path: Path) -> None:
    one, two = write_plan(plan, tmp_path / "one"), write_plan(plan, tmp_path / "two")
    names = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file())
    assert names == sorted(file.relative_to(two) for file in two.rglob("*") if file.is_file())
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


def test_a_bound_that_is_not_known_survives(plan: Plan, tmp_path: Path) -> None:
    unknown = replace(plan, summary=replace(plan.summary, bound=-math.inf, gap=math.inf))
    head = json.loads((write_plan(unknown, tmp_path / "base") / "summary.json").read_text())
    assert head["bound"] is None
    assert read_plan(tmp_path / "base").summary == unknown.summary


def test_a_plan_replaces_a_plan_and_nothing_else(plan: Plan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path / "base")
    (tmp_path / "base" / "old").write_text("")
    write_plan(plan, tmp_path / "base")
    assert not (tmp_path / "base" / "old").exists()
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    with pytest.raises(DataError, match="is not a plan"):
        write_plan(plan, other)
    assert (other / "letter.txt").read_text() == "dear"


def test_a_failure_half_way_leaves_the_old_plan(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plan(plan, tmp_path / "base")
    before = {file.name: file.read_bytes() for file in (tmp_path / "base").iterdir() if file.is_file()}

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(plan_folder, "write", full)
    with pytest.raises(OSError, match="no space"):
        write_plan(plan, tmp_path / "base")
    assert {file.name: file.read_bytes() for file in (tmp_path / "base").iterdir() if file.is_file()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["base"]


def test_a_rename_that_fails_brings_the_old_plan_back(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plan(plan, tmp_path / "base")
    rename = Path.rename

    def once(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError("busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(OSError, match="busy"):
        write_plan(plan, tmp_path / "base")
    assert differences(tmp_path / "base") == []


def test_a_changed_csv_is_noticed(plan: Plan, tmp_path: Path) -> None:
    folder = write_plan(plan, tmp_path / "base")
    file = folder / "builds.csv"
    file.write_text(file.read_text().replace("noida", "norda", 1))
    assert differences(folder) == ["builds.csv and builds.parquet differ"]


def test_a_changed_parquet_is_noticed(plan: Plan, tmp_path: Path) -> None:
    folder = write_plan(plan, tmp_path / "base")
    plan["buys"].with_columns(pl.col("quantity") * 2).write_parquet(folder / "buys.parquet")
    found = differences(folder)
    assert found == [
        "buys.parquet has changed since the plan was written",
        "buys.csv and buys.parquet differ",
    ]


def test_parquet_and_csv_changed_alike_are_noticed(plan: Plan, tmp_path: Path) -> None:
    folder = write_plan(plan, tmp_path / "base")
    changed = plan["buys"].with_columns(pl.col("quantity") * 2)
    changed.write_parquet(folder / "buys.parquet")
    changed.write_csv(folder / "buys.csv")
    assert differences(folder) == ["buys.parquet has changed since the plan was written"]


def test_a_changed_network_and_lost_files_are_noticed(plan: Plan, tmp_path: Path) -> None:
    folder = write_plan(plan, tmp_path / "base")
    other = edit_rows(plan.network, "operations", {"item": "board"}, cost="121")
    other.tables["operations"].write_parquet(folder / "network" / "tables" / "operations.parquet")
    (folder / "stock.csv").unlink()
    (folder / "tiers.parquet").write_bytes(b"")
    found = differences(folder)
    assert "stock.csv is missing" in found
    assert any(text.startswith("tiers.parquet cannot be read") for text in found)
    assert found[-1] == "the copy of the network has changed since the plan was written"
    with pytest.raises(DataError, match="cannot be read"):
        read_plan(folder)


def test_a_project_with_one_plan_stands_for_it(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a plan"):
        find_plan(tmp_path)
    folder = write_plan(plan, plan_folder.plan_folder(tmp_path))
    assert is_plan_folder(folder)
    assert find_plan(tmp_path) == find_plan(folder) == tmp_path / "plans" / "base"
    write_plan(plan, plan_folder.plan_folder(tmp_path, "flood"))
    with pytest.raises(DataError, match="has 2 plans"):
        find_plan(tmp_path)


def test_a_scenario_cannot_leave_the_project(tmp_path: Path) -> None:
    assert plan_folder.plan_folder(tmp_path, "../../etc") == tmp_path / "plans" / "etc"
    assert plan_folder.plan_folder(tmp_path, "a b/c") == tmp_path / "plans" / "a-b-c"
    assert plan_folder.plan_folder(tmp_path / "network.xlsx") == tmp_path / "plans" / "base"
