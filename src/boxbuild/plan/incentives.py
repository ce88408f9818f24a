"""Incentives of a plan: what the law pays on its flows, for every application of the horizon, reached or not.

The solver may leave a year unqualified that reaches its thresholds, within its gap; the law pays all the same. So the
plan's incentives are what the law says of its flows, and its cost is what follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import localcontext

import polars as pl

from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import CONTEXT
from boxbuild.plan.ledger.granting import awards
from boxbuild.plan.schemas import SCHEMAS
from boxbuild.solve.solution import Solution

HUNDRED = 100


def incentives(network: Network, tables: Mapping[str, pl.DataFrame], model: Model) -> pl.DataFrame:
    """Return schema ``incentives``: every claim of the horizon with what decides it."""
    with localcontext(CONTEXT):
        found = awards(Book(network, tables, model.flows.law))
        rows = [
            {
                **{name: getattr(claim, name) for name in ("partner", "scheme", "segment", "year", "bucket")},
                **{name: getattr(award, name) for name in ("sales", "incremental", "investment", "reached")},
                **{name: claim.terms[name] for name in ("min_sales", "min_investment", "share")},
                "counted": award.counted,
                "rate": claim.terms["rate"] / HUNDRED,
                "amount": award.amount,
            }
            for claim, award in found
        ]
    schema = SCHEMAS["incentives"]
    columns = {
        name: [float(row[name]) if dtype == pl.Float64 else row[name] for row in rows] for name, dtype in schema.items()
    }
    return pl.DataFrame(columns, schema=schema)


def by_law(model: Model, solution: Solution, table: pl.DataFrame, tolerance: float) -> Solution:
    """Return a solution that costs what the law pays on its flows, not what the model counted.

    The bound stays as it was proven; where the cost falls to it, the two are one.

    Parameters
    ----------
    model, solution
        What was solved.
    table
        The plan's incentives.
    tolerance
        Relative gap asked for.
    """
    if table.is_empty():
        return solution
    counted = model.columns["counted"]["column"].to_numpy()
    modelled = float(model.cost[counted] @ solution.values[counted])
    yearly = 1 + float(model.flows.network.settings.discount_rate)
    starts = model.flows.calendar.starts[table["bucket"].to_numpy()]
    paid = float((table["amount"].to_numpy() * yearly ** (-starts / 365.0)).sum())
    cost = solution.cost - modelled - paid
    settled = replace(solution, cost=cost, bound=min(solution.bound, cost))
    return replace(settled, status="optimal" if settled.gap <= tolerance * (1 + 1e-6) else "feasible")
