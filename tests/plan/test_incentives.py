"""What the law pays on a plan's flows stands in the plan, whatever the solver counted; weeks and orders follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from tests.building import edit_rows, with_settings
from tests.model.law_family import law_family

from boxbuild.model.assemble import assemble
from boxbuild.plan.incentives import by_law, incentives
from boxbuild.plan.ledger import ledger
from boxbuild.plan.make import make_plan
from boxbuild.plan.quantities import quantities
from boxbuild.plan.refine import refined
from boxbuild.solve.solve import solve


def test_the_law_pays_a_year_that_the_solver_left_out() -> None:
    """Thresholds are met and the solver says 0: the plan's incentives are the law's, its cost the ledger's total."""
    network = law_family()
    model = assemble(network)
    solution = solve(model, gap=1e-9)
    counted = model.columns["counted"]["column"].to_numpy()
    idle = solution.values.copy()
    idle[counted] = idle[model.columns["qualify"]["column"].to_numpy()] = 0.0
    lazy = replace(solution, values=idle, cost=float(model.cost @ idle), status="feasible")
    tables = quantities(model, lazy)
    table = incentives(network, tables, model)
    settled = by_law(model, lazy, table, 1e-9)
    assert table["reached"].to_list() == [True, True, True]
    assert lazy.cost > solution.cost + 1e8
    assert settled.cost == pytest.approx(solution.cost, abs=0.05)
    assert settled.cost == pytest.approx(float(ledger(network, tables)["present"].sum()), abs=0.05)
    assert settled.status == "optimal"
    assert settled.bound <= settled.cost


def test_an_application_that_is_not_reached_is_in_the_table() -> None:
    """All of them are, with what was missing: 750 crore of investment, of which one is not there."""
    network = edit_rows(law_family(), "applications", {"partner": "world"}, invested="7490000000")
    plan = make_plan(network, gap=1e-9, release=False)
    row = plan["incentives"].filter(pl.col("partner") == "world").row(0, named=True)
    assert not row["reached"]
    assert row["min_investment"] - row["investment"] == 10_000_000
    assert row["amount"] == row["counted"] == 0


def test_a_plan_without_the_book_has_no_incentives() -> None:
    plan = make_plan(with_settings(law_family(), law="tables"), gap=1e-9, release=False)
    assert plan["incentives"].is_empty()
    assert set(plan["ledger"]["account"]).isdisjoint({"incentive", "subsidy"})


def test_weeks_reach_the_thresholds_that_the_plan_reaches() -> None:
    """A plan by months, timed again by weeks: the years that are reached are reached by weeks too."""
    network = with_settings(law_family(), start=date(2024, 3, 1), buckets="2m")
    model = assemble(network)
    solution = solve(model, gap=1e-9)
    tables = quantities(model, solution)
    tables["incentives"] = incentives(network, tables, model)
    assert tables["incentives"]["reached"].to_list() == [True, True, True]
    finer = refined(network, tables)
    assert finer.note == ""
    assert finer.network.calendar.count > 2
    by_weeks = incentives(finer.network, finer.tables, assemble(finer.network))
    assert by_weeks["reached"].to_list() == [True, True, True]
    assert by_weeks["sales"].to_list() == pytest.approx(tables["incentives"]["sales"].to_list(), rel=0.2)


def test_orders_are_paid_for_what_they_build() -> None:
    """Incentives of dated orders are those of the builds that they are: the audit recomputes their cost."""
    network = edit_rows(law_family(), "contracts", {"contract": "theirs"}, incentive_share="0.1")
    plan = make_plan(network, gap=1e-9)
    assert plan.summary.release_cost is not None
    assert {check.name: check.failures for check in plan.audit().checks if check.failures} == {}


def test_a_subsidy_is_a_credit_of_the_option() -> None:
    """25 % of 0.9 × 60 million, 21 days after 18 March: in the last week, discounted."""
    plan = make_plan(law_family(), gap=1e-9, release=False)
    line = plan["ledger"].filter(pl.col("account") == "subsidy").row(0, named=True)
    assert (line["key"], line["bucket"], line["amount"]) == ("line", 3, Decimal("-13500000.00"))
