"""What was planned and ordered under locks, and locks that freeze what a plan does."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.building import add_rows, small_network

from boxbuild.network.checks import check
from boxbuild.plan.kpis import key_figures
from boxbuild.plan.locks import frozen, lock_figures, lock_note
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.views.sections import locks

ROWS = [
    {"lock": "weeks", "kind": "build", "item": "phone-a", "site": "noida", "per": "week", "min": 40, "max": 700},
    {"lock": "all", "kind": "buy", "offer": "battery-in", "max": 6000},
    {"lock": "last", "kind": "ship", "site": "mumbai", "from": "2023-07-03", "min": 100},
    {"lock": "never", "kind": "ship", "site": "mumbai", "until": "2023-06-01", "min": 100},
]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(add_rows(small_network(), "locks", *ROWS), gap=1e-6)


def test_what_is_ordered_is_counted_from_the_orders(plan: Plan) -> None:
    """One row a lock, or a week of it; the sums are those of the tables, the bucket that of the first day."""
    figures = lock_figures(plan.network, plan.tables)
    assert figures.group_by("lock").len().sort("lock").rows() == [("all", 1), ("last", 1), ("weeks", 8)]
    orders, builds = plan["orders"], plan["builds"]
    battery = figures.filter(lock="all")
    assert battery["ordered"].item() == pytest.approx(
        orders.filter(kind="buy", reference="battery-in")["quantity"].sum()
    )
    assert battery["planned"].item() == pytest.approx(plan["buys"].filter(offer="battery-in")["quantity"].sum())
    week = figures.filter(lock="weeks", start=date(2023, 6, 19))
    mine = orders.filter(kind="build", item="phone-a", site="noida")
    inside = mine.filter(pl.col("start").is_between(date(2023, 6, 19), date(2023, 6, 25)))
    assert week["ordered"].item() == pytest.approx(inside["quantity"].sum())
    assert week["planned"].item() == pytest.approx(
        builds.filter(item="phone-a", site="noida", bucket=2)["quantity"].sum()
    )
    sent = orders.filter(pl.col("start") >= date(2023, 7, 3), kind="ship", site="mumbai")["quantity"].sum()
    assert figures.filter(lock="last")["ordered"].item() == pytest.approx(sent)


def test_orders_that_leave_a_lock_are_noted_and_shown(plan: Plan) -> None:
    """By how many units they are below its least or above its most; the note and the summary say so."""
    figures = lock_figures(plan.network, plan.tables)
    below = (pl.col("ordered") - pl.col("min").fill_null(0.0)).clip(upper_bound=0.0)
    above = (pl.col("ordered") - pl.col("max").fill_null(float("inf"))).clip(lower_bound=0.0)
    assert figures["off"].to_list() == pytest.approx(figures.select(below + above).to_series().to_list())
    left = figures.filter(~pl.col("held"))
    assert (left["off"].abs() > 0).all()
    assert (lock_note(plan.network, plan.tables) in plan.summary.notes) == bool(left.height)
    shown = key_figures(plan)["locks"]
    assert [row["held"] for row in shown] == sorted(row["held"] for row in shown)
    assert {row["left"] for row in shown} == {left.height}
    lines = "\n".join(locks({"locks": shown}))
    assert ("OVER" in lines or "UNDER" in lines) == bool(left.height)
    moved = plan["orders"].with_columns(pl.col("quantity") * 100)
    more = lock_figures(plan.network, {**plan.tables, "orders": moved})
    assert more.filter(lock="all")["off"].item() == pytest.approx(
        100 * figures.filter(lock="all")["ordered"].item() - 6000
    )
    assert "units more than a lock allows" in lock_note(plan.network, {**plan.tables, "orders": moved})


def test_without_orders_the_plan_is_looked_at(plan: Plan) -> None:
    figures = lock_figures(plan.network, {**plan.tables, "orders": plan["orders"].clear()})
    assert figures["held"].all()
    assert figures["ordered"].null_count() == figures.height
    assert lock_note(plan.network, {**plan.tables, "orders": plan["orders"].clear()}) == ""


def test_what_is_frozen_is_the_plan_until_the_day(plan: Plan) -> None:
    """Kind by kind the units of the plan; together with nothing else, no more; and the network takes the rows."""
    until = date(2023, 7, 2)
    rows = frozen(plan, until, kinds=("build", "buy", "ship"), nothing_else=True)
    for kind, table in (("build", "builds"), ("buy", "buys"), ("ship", "shipments")):
        planned = plan[table].filter(pl.col("start") <= until)["quantity"].sum()
        assert rows.filter(kind=kind)["fixed"].sum() == pytest.approx(planned)
        assert rows.filter(kind=kind)["max"].sum() == pytest.approx(planned, abs=1e-4)
    assert rows["lock"].is_unique().all()
    assert not [issue for issue in check(plan.network.with_table("locks", rows)) if issue.severity == "error"]
    only = frozen(plan, until, kinds=("ship",), site="noida", item="phone-a")
    assert set(only.select("site", "item").rows()) == {("noida", "phone-a")}
