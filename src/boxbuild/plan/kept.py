"""Kept: a model in which what another plan moves is held, so that only what follows from it is decided anew.

A plan that was made without the law, or before a change of it was known, is assessed this way: its flows stay, and
what the law makes of them (schemes claimed, thresholds reached, money) is what is left to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from boxbuild.model.columns import KEYS
from boxbuild.model.model import Model

HELD: Final[Mapping[str, str]] = {
    "build": "builds",
    "use": "alternates",
    "buy": "buys",
    "ship": "shipments",
    "deliver": "deliveries",
    "take": "options",
}
"""Kinds of columns that are held, and the table of the plan that says how much."""


def kept(model: Model, tables: Mapping[str, pl.DataFrame], until: date | None = None) -> Model:
    """Return a model whose flows are those of a plan.

    Parameters
    ----------
    model
        The model; its network has the same flows as the plan's.
    tables
        The tables of the plan.
    until
        First day that is free again: flows of buckets that begin before it are held; all of them where left out.
    """
    lower, upper = model.lower.copy(), model.upper.copy()
    first_days = model.flows.calendar.first_days
    held = sum(1 for day in first_days if until is None or day < until)
    for kind, table in HELD.items():
        columns = model.columns[kind].filter(pl.col("bucket") < held)
        keys = list(KEYS[kind])
        amount = pl.lit(1.0) if kind == "take" else pl.col("quantity")
        moved = tables[table].select(*keys, moved=amount)
        values = columns.join(moved, on=keys, how="left", nulls_equal=True, maintain_order="left")["moved"]
        numbers = columns["column"].to_numpy()
        lower[numbers] = upper[numbers] = values.fill_null(0.0).to_numpy().astype(np.float64)
    return replace(model, lower=lower, upper=upper)
