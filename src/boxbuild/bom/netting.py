"""Netting: gross and net requirements of every item over time, by low-level code, without capacities.

For one item after the other, from the products down, with G gross requirements, S what is there or arrives anyway, and
P what has to be made or bought so that nothing is ever missing, each summed from the start:

    P[b] = max(0, max over b' <= b of G[b'] - S[b'])

What is made of P is started a lead time before and takes its components then: their gross requirement.

J. Orlicky, "Material Requirements Planning", McGraw-Hill 1975.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from boxbuild.bom.levels import low_level_codes
from boxbuild.bom.rows import bom_on
from boxbuild.network.calendar import Calendar
from boxbuild.network.network import Network
from boxbuild.network.windows import bucket_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REQUIREMENTS: Final = pl.Schema(
    {
        "item": pl.String(),
        "bucket": pl.Int64(),
        "gross": pl.Float64(),  # good units that are wanted or taken in the bucket
        "net": pl.Float64(),  # good units that have to be there by the bucket beyond what is there anyway
    }
)
"""The columns of requirements, one row an item and bucket in which something is required."""


def requirements(network: Network) -> pl.DataFrame:
    """Return what all demand of the horizon requires of every item in every bucket: the unconstrained plan.

    Stock and firm receipts of all sites serve all sites, on the first day's bills of materials. An item that several
    plants build is built by each in equal parts, and of a group of alternates each member covers an equal part; the
    longest lead time of the plants counts, and lanes take none.

    Returns
    -------
    DataFrame
        `REQUIREMENTS`, sorted by item and bucket.

    Raises
    ------
    DataError
        An item contains itself.
    """
    calendar, start = network.calendar, network.settings.start
    demand = network["demand"].filter(pl.col("due") < calendar.end)
    firm = network["receipts"].filter(pl.col("firm") & (pl.col("due") < calendar.end))
    stock = network["stock"].select("item", "quantity", bucket=pl.lit(0, pl.Int64))
    arriving = firm.select("item", "quantity", bucket=bucket_of(calendar, firm["due"]))
    holds = (pl.col("from").is_null() | (pl.col("from") <= start)) & (
        pl.col("until").is_null() | (pl.col("until") >= start)
    )
    made = network["operations"].filter(holds & pl.col("option").is_null())
    plants = made.unique(["site", "item"], keep="first", maintain_order=True).select("site", "yield", parent="item")
    return net(
        demand.select("item", "quantity", bucket=bucket_of(calendar, demand["due"])),
        pl.concat([stock, arriving.select(stock.columns)]),
        _even_parts(bom_on(network, start), plants),
        made.group_by("item").agg(pl.col("lead_days").max()),
        calendar,
    )


def _even_parts(rows: pl.DataFrame, plants: pl.DataFrame) -> pl.DataFrame:
    """Return ``parent``, ``component``, ``taken``: units for a good unit, in equal parts of plants and alternates."""
    number = plants.group_by("parent").agg(plants=pl.len())
    alternates = pl.len().over("site", "parent", "alternate_group")
    members = pl.when(pl.col("alternate_group").is_null()).then(1).otherwise(alternates)
    taken = pl.col("use") / (pl.col("yield") * pl.col("plants") * pl.col("members"))
    return (
        rows.with_columns(members=members)
        .join(plants, on=["site", "parent"], maintain_order="left")
        .join(number, on="parent", maintain_order="left")
        .group_by("parent", "component", maintain_order=True)
        .agg(taken=taken.sum())
    )


def net(
    needs: pl.DataFrame, given: pl.DataFrame, taken: pl.DataFrame, leads: pl.DataFrame, calendar: Calendar
) -> pl.DataFrame:
    """Return gross and net requirements of every item and bucket.

    Parameters
    ----------
    needs
        ``item``, ``bucket``, ``quantity``: good units wanted from outside.
    given
        ``item``, ``bucket``, ``quantity``: units that are there or arrive anyway.
    taken
        ``parent``, ``component``, ``taken``: component units for one good unit of the parent.
    leads
        ``item``, ``lead_days``: from start to finish; 0 for an item that is not there. What would have to start
        before the first bucket starts in it.
    calendar
        The buckets.

    Returns
    -------
    DataFrame
        `REQUIREMENTS`, sorted by item and bucket.

    Raises
    ------
    DataError
        An item contains itself.
    """
    level = low_level_codes(taken, needs["item"])
    items = level["item"]
    number = pl.DataFrame({"item": items, "number": np.arange(items.len())})
    shape = (items.len(), calendar.count)
    gross = _matrix(needs, number, shape)
    there = _matrix(given, number, shape)
    begin = _begin(leads, number, calendar)
    structure = _structure(taken, number)
    wanted = np.zeros(shape)
    depth = level["level"].to_numpy()
    for here in np.split(np.arange(depth.size), np.flatnonzero(np.diff(depth)) + 1):
        short = np.cumsum(gross[here] - there[here], axis=1)
        wanted[here] = np.diff(np.maximum.accumulate(np.maximum(short, 0.0), axis=1), axis=1, prepend=0.0)
        gross += structure[here].T @ _started(wanted[here], begin[here])
    by_name = items.arg_sort().to_numpy()
    at, bucket = np.nonzero(gross[by_name])
    row = by_name[at]
    found = {"item": items.gather(row), "bucket": bucket, "gross": gross[row, bucket], "net": wanted[row, bucket]}
    return pl.DataFrame(found, schema=REQUIREMENTS)


def _started(units: Floats, begin: Ints) -> Floats:
    """Move what is wanted in each bucket to the bucket in which it is started."""
    started = np.zeros_like(units)
    row = np.arange(units.shape[0])
    for bucket in range(units.shape[1]):
        started[row, begin[:, bucket]] += units[:, bucket]
    return started


def _begin(leads: pl.DataFrame, number: pl.DataFrame, calendar: Calendar) -> Ints:
    """Bucket in which what is wanted in each bucket has to be started. Shape ``(items, buckets)``."""
    lead = number.join(leads, on="item", how="left", maintain_order="left")["lead_days"].fill_null(0).to_numpy()
    kinds, which = np.unique(lead, return_inverse=True)
    days = calendar.starts[None, :] - kinds[:, None]
    buckets = np.searchsorted(calendar.starts, days, side="right").astype(np.int64) - 1
    begin: Ints = np.maximum(buckets, 0)[which]
    return begin


def _matrix(units: pl.DataFrame, number: pl.DataFrame, shape: tuple[int, int]) -> Floats:
    """Units by item and bucket; what is of no item that is required is left out."""
    placed = units.join(number, on="item", maintain_order="left")
    place = placed["number"].to_numpy() * shape[1] + placed["bucket"].to_numpy()
    summed = np.bincount(place, weights=placed["quantity"].to_numpy(), minlength=shape[0] * shape[1])
    return summed.astype(np.float64).reshape(shape)


def _structure(taken: pl.DataFrame, number: pl.DataFrame) -> csr_array:
    """Component units (column) for one good unit of the parent (row)."""
    edges = taken.join(number.rename({"number": "row"}), left_on="parent", right_on="item", maintain_order="left").join(
        number.rename({"number": "column"}), left_on="component", right_on="item", maintain_order="left"
    )
    place = (edges["row"].to_numpy(), edges["column"].to_numpy())
    return csr_array((edges["taken"].to_numpy(), place), shape=(number.height, number.height))
