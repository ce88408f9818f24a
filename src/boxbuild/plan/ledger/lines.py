"""Lines: what each account adds to the ledger, before rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


def assemble(parts: Sequence[Lines], factors: Exact) -> pl.DataFrame:
    """Return the ledger: one line per account, bucket and key, rounded once; lines of nothing are left out.

    Parameters
    ----------
    parts
        The lines of every account.
    factors
        What one unit of home currency in each bucket is worth at the plan's start.
    """
    rank = {account: place for place, account in enumerate(ACCOUNTS)}
    tagged = [part.rows.with_columns(account=pl.lit(part.account), rank=rank[part.account]) for part in parts]
    rows = pl.concat(tagged)
    if rows.is_empty():
        return SCHEMAS["ledger"].to_frame()
    order, starts = _grouped(rows, len(factors))
    first = order[starts]
    sums = stacked([part.amounts for part in parts])[order].added_up(starts)
    amount, present = cents(sums), cents(sums * factors[rows["bucket"].to_numpy()[first]])
    kept = ((amount != 0) | (present != 0)).to_numpy()
    quantity = _quantities(rows["quantity"], order, starts)
    found: pl.DataFrame = (
        rows.select("account", "bucket", "key", "item", "site", "partner")[first[kept]]
        .with_columns(column.filter(kept) for column in (quantity, amount.alias("amount"), present.alias("present")))
        .select(SCHEMAS["ledger"].names())
    )
    return found


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
