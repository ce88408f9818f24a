"""Locks in the structured way: it makes plans that keep to them, at the cost of the exact way."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from tests.building import add_rows, small_network
from tests.solve.structured.plainly import deviation, few_rounds, near

from boxbuild.model.assemble import assemble
from boxbuild.solve.solve import solve
from boxbuild.solve.structured.locked import locked
from boxbuild.solve.structured.metric import volumes
from boxbuild.solve.structured.problem import problem
from boxbuild.solve.structured.repair import Repairer

WEEKS = ("2023-06-19", "2023-06-25")
SPANNED = dict(zip(("from", "until"), WEEKS, strict=True))

CASES = {
    "fixed": [{"lock": "a", "kind": "build", "item": "phone-a", "site": "noida", "fixed": 300, **SPANNED}],
    "at least, for nobody": [{"lock": "a", "kind": "build", "item": "phone-b", "min": 1500}],
    "at most": [{"lock": "a", "kind": "ship", "item": "phone-a", "destination": "hamburg", "max": 900}],
    "nothing": [{"lock": "a", "kind": "build", "site": "noida", "per": "week", "max": 0, **SPANNED}],
    "of every kind": [
        {"lock": "a", "kind": "build", "item": "board", "per": "week", "min": 100, "max": 900},
        {"lock": "b", "kind": "buy", "offer": "battery-in", "site": "noida", "fixed": 2500, "until": "2023-07-02"},
        {"lock": "c", "kind": "ship", "item": "phone-a", "site": "mumbai", "min": 150, **SPANNED},
        {"lock": "d", "kind": "ship", "site": "noida", "destination": "mumbai", "max": 2500},
    ],
}


@pytest.mark.parametrize("case", CASES)
def test_a_plan_keeps_to_its_locks_and_costs_what_the_exact_one_does(case: str) -> None:
    model = assemble(add_rows(small_network(), "locks", *CASES[case]))
    exact = solve(model, 1e-6, way="exact")
    with few_rounds(8):
        found = solve(model, 1e-2, way="structured")
    assert found.method.startswith("structured")
    assert deviation(model, found.values) <= 1e-6
    assert found.bound <= exact.cost + near(exact.cost, 1e-9)
    assert found.cost >= exact.bound - near(exact.cost, 1e-9)
    assert found.gap <= 2e-2


def test_quantities_are_brought_to_what_locks_ask_for() -> None:
    """Too much and too little are scaled; a lock on nothing yet is shared out."""
    rows = [
        {"lock": "less", "kind": "build", "item": "phone-a", "max": 80},
        {"lock": "more", "kind": "build", "item": "phone-b", "min": 500, **SPANNED},
        {"lock": "new", "kind": "buy", "offer": "battery-in", "fixed": 64},
    ]
    model = assemble(add_rows(small_network(), "locks", *rows))
    laid = problem(model)
    held = locked(model, laid)
    x = np.where(laid.exists, 10.0, 0.0)
    buys = model.columns["buy"].filter(offer="battery-in")["column"].to_numpy()
    x[laid.places.arc[buys], laid.places.arc_bucket[buys]] = 0.0
    held.bring(x, np.ones(laid.arcs))
    first = model.first_row("locks")
    totals = (model.matrix @ laid.of_columns(x))[first : first + 3]
    assert totals == pytest.approx([80, 500, 64])


def test_a_plan_that_keeps_to_every_lock_is_repaired_to_itself() -> None:
    """Every flow of a plan fixed: its own quantities come through, so a search that begins from it has a plan."""
    free = assemble(small_network())
    best = solve(free, 1e-9, way="exact")
    first_days = small_network().calendar.first_days
    rows = [
        {"lock": f"{kind}{number}", "kind": kind, "fixed": float(best.values[row["column"]]), "item": row["item"],
         **names(row), "from": first_days[row["bucket"]], "until": first_days[row["bucket"]] + timedelta(days=6)}
        for kind, names in (
            ("build", lambda row: {"site": row["site"]}),
            ("buy", lambda row: {"site": row["destination"], "offer": row["offer"]}),
            ("ship", lambda row: {"site": row["origin"], "destination": row["destination"], "mode": row["mode"]}),
        )
        for number, row in enumerate(free.columns[kind].filter(pl.col("bucket") < 4).iter_rows(named=True))
        if best.values[row["column"]] > 0
    ]  # fmt: skip
    model = assemble(add_rows(small_network(), "locks", *rows))
    laid = problem(model)
    repaired = Repairer(model, laid, volumes(laid))(laid.on_arcs(best.values))
    assert repaired is not None
    assert float(model.cost @ repaired) <= best.cost + near(best.cost)
