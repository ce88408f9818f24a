"""Granting: what incentives and subsidies pay, as negative costs of ``counted`` and ``take``."""

from __future__ import annotations

import polars as pl

from boxbuild.law.subsidies import assess, received, unused
from boxbuild.model.flows import Flows
from boxbuild.model.objective.money import Columns, Money


def incentive(columns: Columns, money: Money) -> pl.DataFrame:
    """Incentive on counted sales, in the bucket in which it is received."""
    counted = columns["counted"].with_columns(currency=pl.lit(money.home))
    return money.present(counted, -pl.col("reward"))


def subsidy(flows: Flows, columns: Columns, money: Money) -> pl.DataFrame:
    """Subsidy on the capital expenditure of an option, in the bucket in which it is received.

    What is left of the option at the end of the plan is credited net of its subsidy, in the last bucket.
    """
    claiming = flows.network["options"].filter(pl.col("subsidy").is_not_null())
    terms = {row["option"]: row for row in claiming.iter_rows(named=True)}
    taken = columns["take"].filter(pl.col("option").is_in(list(terms))).select("column", "option", "bucket")
    rows = []
    for column, option, bucket in taken.iter_rows():
        granted = assess(flows.law, terms[option], bucket)
        if granted is not None and granted.value:
            left = granted.value * unused(flows.law, terms[option], bucket)
            rows.append((column, received(flows.law, terms[option], bucket), float(granted.value)))
            rows.append((column, flows.calendar.count - 1, -float(left)))
    schema = {"column": pl.Int64, "bucket": pl.Int64, "amount": pl.Float64}
    granting = pl.DataFrame(rows, schema=schema, orient="row").with_columns(currency=pl.lit(money.home))
    return money.present(granting, -pl.col("amount"))
