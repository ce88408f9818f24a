"""One synthetic phone shows three published shares at once: 75 % gross, 35 % of what is no chip, 18 % net."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from boxbuild import files
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

EXAMPLE = Path(__file__).parents[2] / "examples" / "one-phone"


@pytest.fixture(scope="module")
def plan() -> Plan:
    loaded = files.load(EXAMPLE)
    assert loaded.network is not None
    assert not loaded.errors
    return make_plan(loaded.network, release=False)


@pytest.mark.parametrize(("definition", "percent"), [("va_gross", 75), ("va_non_semiconductor", 35), ("va_pli", 18)])
def test_published_shares(plan: Plan, definition: str, percent: int) -> None:
    """The three claims, each by its definition, rounded to a percent."""
    (share,) = plan["value_added"].filter(pl.col("definition") == definition)["share"].to_list()
    assert round(100 * share) == percent


def test_worked_out_by_hand(plan: Plan) -> None:
    """US$ 119 - 85.7 - 45 % of 22.7 - 1.5 of 119, and 22.7 of 64.7."""
    shares = dict(plan["value_added"].select("definition", "share").iter_rows())
    assert shares["va_pli"] == pytest.approx(21.585 / 119)
    assert shares["va_non_semiconductor"] == pytest.approx(22.7 / 64.7)


def test_passes_its_audit(plan: Plan) -> None:
    assert plan.audit().passed


@pytest.mark.parametrize("table", ["items", "sources", "boms", "operations", "demand"])
def test_synthetic_rows_say_so(plan: Plan, table: str) -> None:
    assert plan.network[table]["source"].str.starts_with("synthetic").all()
