"""Checks say what is wrong with any network; they never fail on one."""

from __future__ import annotations

import polars as pl
import pytest
from tests.building import START, add_rows, small_network

from boxbuild.network import catalogue, closest
from boxbuild.network.checks import check
from boxbuild.network.checks.references import check_for_dangling_references
from boxbuild.network.issues import did_you_mean
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

FULL = add_rows(
    add_rows(
        add_rows(
            add_rows(small_network(), "options", {"option": "line", "capex": 1}),
            "contracts",
            {"contract": "c", "partner": "ems", "family": "phone", "min_share": 0.2},
        ),
        "tiers",
        {"contract": "c", "from_quantity": 0, "price": 1},
    ),
    "targets",
    {"target": "t", "metric": "units_built", "at_least": 1},
)


def test_an_empty_network_has_no_demand() -> None:
    assert [issue.code for issue in check(Network(Settings(START)))] == ["no-demand"]


@pytest.mark.parametrize("table", [name for name in catalogue.TABLES if FULL.tables[name].height])
def test_a_blank_column_is_not_a_crash(table: str) -> None:
    for column in catalogue.table(table).columns:
        frame = FULL.tables[table].with_columns(pl.lit(None, column.dtype).alias(column.name))
        check(FULL.with_table(table, frame))
    check(FULL.with_table(table, catalogue.table(table).empty()))


def test_a_wrong_name_is_looked_up_once_however_often_it_stands_there(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(word: str, known: list[str]) -> str:
        asked.append(word)
        return did_you_mean(word, known)

    monkeypatch.setattr(closest, "did_you_mean", counted)
    names = [f"chip-{row % 997}" for row in range(100_000)]
    boms = pl.DataFrame({"parent": "phone-a", "component": names, "quantity": 1.0})
    found = check_for_dangling_references(small_network().with_table("boms", boms))
    assert len(found) == len(names)
    assert [issue.value for issue in found] == names
    assert found[0].hint == "did you mean chip?"
    assert len(asked) == closest.MOST_WORDS
