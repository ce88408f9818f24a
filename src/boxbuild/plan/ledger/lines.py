"""Lines: what each account adds to the ledger, before rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from boxbuild.plan.ledger.exact import Exact, cents
from boxbuild.plan.schemas import CENT, SCHEMAS

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
    rows = pl.concat(tagged).with_row_index("row").sort("rank", "bucket", "key", "row")
    if rows.is_empty():
        return SCHEMAS["ledger"].to_frame()
    amounts = np.concatenate([part.amounts for part in parts])[rows["row"].to_numpy()]
    same = ["rank", "bucket", "key"]
    groups = rows.group_by(same, maintain_order=True).agg(
        pl.col("account", "item", "site", "partner").first(), pl.col("quantity").sum(), size=pl.len()
    )
    starts = groups["size"].cum_sum().shift(1, fill_value=0).to_numpy()
    sums: Exact = np.add.reduceat(amounts, starts)
    present = sums * factors[groups["bucket"].to_numpy()]
    return (
        groups.with_columns(
            pl.Series("amount", cents(sums), dtype=CENT),
            pl.Series("present", cents(present), dtype=CENT),
        )
        .filter((pl.col("amount") != 0) | (pl.col("present") != 0))
        .select(SCHEMAS["ledger"].names())
    )
