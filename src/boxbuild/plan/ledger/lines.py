"""Lines: what each account adds to the ledger, before rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl

from boxbuild.plan.ledger.exact import Exact, Ints, cents, stacked
from boxbuild.plan.schemas import SCHEMAS

ACCOUNTS: Final = (
    "material",
    "markup",
    "freight",
    "insurance",
    "duty",
    "surcharge",
    "antidumping",
    "igst",
    "exemption",
    "preference",
    "drawback",
    "rodtep",
    "conversion",
    "overtime",
    "holding",
    "late",
    "lost",
    "shortfall",
    "tier",
    "capex",
    "opex",
    "residual",
    "incentive",
    "subsidy",
    "target",
)
"""Names of the accounts, in the order in which the ledger has them."""

_SHOWN: Final = pl.Schema(
    {
        "bucket": pl.Int64(),
        "key": pl.String(),
        "item": pl.String(),
        "site": pl.String(),
        "partner": pl.String(),
        "quantity": pl.Float64(),
    }
)


@dataclass(frozen=True)
class Lines:
    """Lines of one account.

    Parameters
    ----------
    account
        One of :data:`ACCOUNTS`.
    rows
        ``bucket`` in which it is paid, ``key`` of what it is paid for, ``item``, ``site``, ``partner``,
        ``quantity``. Those of ``item``, ``site`` and ``partner`` that are missing are blank; other columns
        are dropped.
    amounts
        Home currency, not rounded, one for each row.
    """

    account: str
    rows: pl.DataFrame
    amounts: Exact

    def __post_init__(self) -> None:
        """Bring the rows to the same columns and types."""
        rows = self.rows.select(
            (pl.col(name) if name in self.rows.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in _SHOWN.items()
        )
        object.__setattr__(self, "rows", rows)


def key(*columns: str) -> pl.Expr:
    """Return the key of a line: the parts joined by ``|``, a blank part empty."""
    return pl.concat_str([pl.col(column).fill_null("") for column in columns], separator="|").alias("key")


def paid(rows: pl.DataFrame, *rates: str) -> pl.DataFrame:
    """Return the rows that cost something: one of their rates is not 0."""
    some = rows.select(pl.any_horizontal(pl.col(rates) != 0)).to_series()
    return rows if some.all() else rows.filter(some)


def assemble(parts: Sequence[Lines], factors: Exact) -> pl.DataFrame:
    """Return the ledger: one line per account, bucket and key, rounded once; lines of nothing are left out.

    Parameters
    ----------
    parts
        The lines of every account.
    factors
        What one unit of home currency in each bucket is worth at the plan's start.
    """
    rows = _tagged(parts)
    if rows.is_empty():
        return SCHEMAS["ledger"].to_frame()
    order, starts, sums, present = _added_up(parts, rows, factors)
    amount = cents(sums)
    kept = ((amount != 0) | (present != 0)).to_numpy()
    quantity = _quantities(rows["quantity"], order, starts)
    found: pl.DataFrame = (
        rows.select("account", "bucket", "key", "item", "site", "partner")[order[starts[kept]]]
        .with_columns(column.filter(kept) for column in (quantity, amount.alias("amount"), present.alias("present")))
        .select(SCHEMAS["ledger"].names())
    )
    return found


def present_sum(parts: Sequence[Lines], factors: Exact) -> Decimal:
    """Return the sum of ``present`` over the lines of the ledger, without writing them; see :func:`assemble`."""
    rows = _tagged(parts)
    if rows.is_empty():
        return Decimal(0)
    _, _, _, present = _added_up(parts, rows, factors)
    return Decimal(present.sum())


def _tagged(parts: Sequence[Lines]) -> pl.DataFrame:
    """Return the rows of all accounts with ``account`` and ``rank``."""
    rank = {account: place for place, account in enumerate(ACCOUNTS)}
    return pl.concat([part.rows.with_columns(account=pl.lit(part.account), rank=rank[part.account]) for part in parts])


def _added_up(parts: Sequence[Lines], rows: pl.DataFrame, factors: Exact) -> tuple[Ints, Ints, Exact, pl.Series]:
    """Return order and beginning of the lines (:func:`_grouped`), their sums, and what these are worth, rounded."""
    order, starts = _grouped(rows, len(factors))
    sums = stacked([part.amounts for part in parts])[order].added_up(starts)
    return order, starts, sums, cents(sums * factors[rows["bucket"].to_numpy()[order[starts]]])


def _grouped(rows: pl.DataFrame, buckets: int) -> tuple[Ints, Ints]:
    """Return the order of the rows by account, bucket and key, and where in it each line begins.

    Most rows of one key follow one another, so that only the first of each such run is looked up by name.
    """
    runs = rows["key"].rle_id().to_numpy()
    heads = np.flatnonzero(np.diff(runs, prepend=np.uint32(2**32 - 1)))
    names = rows["key"].gather(heads).rank("dense").to_numpy().astype(np.int64)
    keys = int(names.max()) + 1
    place = (rows["rank"].to_numpy() * buckets + rows["bucket"].to_numpy()) * keys + names[runs]
    order = np.argsort(place, kind="stable")
    return order, np.flatnonzero(np.diff(place[order], prepend=-1))


def _quantities(quantity: pl.Series, order: Ints, starts: Ints) -> pl.Series:
    """Return the quantity of each line: the sum of its rows."""
    sizes = np.diff(starts, append=len(order))
    found = quantity.gather(order[starts]).fill_null(0.0)
    several = np.flatnonzero(sizes > 1)
    if not len(several):
        return found
    members = np.repeat(sizes > 1, sizes)
    summed = (
        pl.DataFrame({"line": np.repeat(several, sizes[several]), "quantity": quantity.gather(order[members])})
        .group_by("line", maintain_order=True)
        .agg(pl.col("quantity").sum())
    )
    return found.scatter(several, summed["quantity"])
