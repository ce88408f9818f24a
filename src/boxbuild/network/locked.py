"""Locked: what each lock asks for, in which buckets, and which flows it covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.network.windows import in_buckets, spans

if TYPE_CHECKING:
    from boxbuild.network.network import Network

SELECTORS: Final[Mapping[str, Mapping[str, str]]] = {
    "build": {"item": "item", "site": "site"},
    "buy": {"item": "item", "site": "destination", "supplier": "supplier", "offer": "offer"},
    "ship": {"item": "item", "site": "origin", "destination": "destination", "mode": "mode"},
}
"""By kind, the columns of a lock that choose flows, with the column of a flow that each must equal; blank: any."""

COLUMNS: Final = ("item", "site", "destination", "supplier", "offer", "mode")
"""All columns of a lock that choose flows."""


def limits(network: Network) -> pl.DataFrame:
    """Return what locks ask for, one row per lock, or one per bucket where the amount is per week.

    Returns
    -------
    DataFrame
        ``lock``, ``kind``, :data:`COLUMNS`, ``first`` and ``last`` (buckets, both included), ``lower`` and ``upper``
        (units; infinite where there is none). A lock without a bucket in its window is left out.
    """
    rows = network["locks"]
    first, last = spans(rows, network.calendar)
    spanned = rows.with_columns(first=first, last=last).filter(pl.col("first") <= pl.col("last"))
    weekly = spanned.filter(pl.col("per") == "week")
    each = in_buckets(weekly, weekly["first"].to_numpy(), weekly["last"].to_numpy(), network.calendar)
    whole = spanned.filter(pl.col("per") != "week").with_columns(times=pl.lit(1.0))
    split = each.with_columns(first="bucket", last="bucket", times=pl.col("days") / 7)
    lower = pl.coalesce("fixed", "min") * pl.col("times")
    upper = pl.coalesce("fixed", "max") * pl.col("times")
    return pl.concat(
        frame.select(
            *("lock", "kind", *COLUMNS, "first", "last"),
            lower=lower.fill_null(float("-inf")),
            upper=upper.fill_null(float("inf")),
        )
        for frame in (whole, split)
    ).sort("lock", "first")


def covered(asked: pl.DataFrame, kind: str, flows: pl.DataFrame) -> pl.DataFrame:
    """Return which flows of a kind locks cover.

    Parameters
    ----------
    asked
        Rows of :func:`limits` with ``row``.
    kind
        build, buy or ship.
    flows
        What names flows of that kind (:data:`SELECTORS`) and their ``bucket``.

    Returns
    -------
    DataFrame
        The columns of ``flows`` with ``row``, once for each lock that covers the flow; in the order of ``row``.
    """
    selectors = SELECTORS[kind]
    mine = asked.filter(pl.col("kind") == kind).select(
        "row", "first", "last", **{f"_{name}": pl.col(name) for name in selectors}
    )
    single = (pl.col("first") == pl.col("last")).alias("single")
    blanks = [pl.col(f"_{name}").is_null().alias(name) for name in selectors]
    found = [flows.clear().with_columns(row=pl.lit(None, dtype=pl.Int64))]
    for pattern in mine.select(single, *blanks).unique().sort(pl.all()).iter_rows(named=True):
        same = pl.all_horizontal(
            single == pattern["single"], *(pl.col(f"_{name}").is_null() == pattern[name] for name in selectors)
        )
        these = mine.filter(same)
        left = [*(f"_{name}" for name in selectors if not pattern[name]), *(["first"] if pattern["single"] else [])]
        right = [*(of for name, of in selectors.items() if not pattern[name])]
        right += ["bucket"] if pattern["single"] else []
        if left:
            pairs = these.join(flows, left_on=left, right_on=right, coalesce=False)
        else:
            pairs = these.join(flows, how="cross")
        inside = pairs.filter(pl.col("bucket").is_between("first", "last"))
        found.append(inside.select(*flows.columns, pl.col("row").cast(pl.Int64)))
    return pl.concat(found).sort("row", maintain_order=True)
