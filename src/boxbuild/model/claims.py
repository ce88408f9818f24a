"""Claims: which builds a value-added target counts, cut into cells that attribute their inputs for themselves.

A cell is a set of targets together with a run of buckets in which exactly these targets count the same builds. Inputs
are attributed to cells, not to targets, so that two targets may count one product, and a third another, without any
input being counted twice.
"""

from __future__ import annotations

import polars as pl

from boxbuild.law.value_added import DEFINITIONS
from boxbuild.model.flows import BUILD, Flows
from boxbuild.network.network import Network
from boxbuild.network.scope import parse_scope
from boxbuild.network.windows import effective

CELLS = pl.Schema(
    {
        **dict.fromkeys(BUILD[:3], pl.String()),
        "bucket": pl.Int64(),
        "claim": pl.String(),
        "period": pl.Int64(),
        "first": pl.Int64(),
    }
)
"""One row a build column that is counted: its key, the cell that it is in (``claim``: names of the targets joined by
``+``; ``period``: last bucket of the run) and the run's first bucket."""


def value_added_targets(network: Network) -> pl.DataFrame:
    """Return the targets that measure value added."""
    return network["targets"].filter(pl.col("metric").is_in(list(DEFINITIONS)))


def counted(flows: Flows, builds: pl.DataFrame) -> pl.DataFrame:
    """Return ``target`` and the key of every build that a value-added target counts.

    Parameters
    ----------
    flows
        Gives the network.
    builds
        The builds: ``site``, ``item``, ``option``, ``bucket`` and any other columns, which are kept.

    Notes
    -----
    Products are finished items; where the scope names an item, that item; where it names a family without a finished
    item, all of the family. Only what is built in the home country counts.
    """
    network = flows.network
    nothing = builds.clear().select(pl.lit("").alias("target"), pl.all())
    if value_added_targets(network).is_empty():
        return nothing
    sites = network["sites"].select("site", "partner", "country")
    items = network["items"].select("item", "family", "kind")
    every = (
        builds.join(sites, on="site", maintain_order="left")
        .join(items, on="item", maintain_order="left")
        .filter(pl.col("country") == network.settings.home_country)
    )
    parts = [nothing]
    windows = effective(network["targets"].select("target", "from", "until"), network.calendar)
    for row in value_added_targets(network).iter_rows(named=True):
        buckets = windows.filter(pl.col("target") == row["target"]).select("bucket")
        chosen = every
        terms = parse_scope(row["scope"] or "")
        for name, value in terms.items():
            chosen = chosen.filter((pl.col(name) == value).fill_null(value=False))
        finished = pl.col("kind") == "finished"
        if "item" not in terms and ("family" not in terms or chosen.filter(finished).height):
            chosen = chosen.filter(finished)
        chosen = chosen.join(buckets, on="bucket", how="semi", maintain_order="left")
        parts.append(chosen.select(pl.lit(row["target"]).alias("target"), *builds.columns))
    return pl.concat(parts)


def cells(flows: Flows) -> pl.DataFrame:
    """Return the builds that targets count with the cell of each: :data:`CELLS`."""
    found = counted(flows, flows.kinds["build"].select(BUILD))
    if not found.height:
        return CELLS.to_frame()
    claimed = found.group_by(BUILD).agg(claim=pl.col("target").sort().str.join("+"))
    runs = (
        claimed.select("claim", "bucket")
        .unique()
        .sort("claim", "bucket")
        .with_columns(run=pl.col("bucket") - pl.int_range(pl.len(), dtype=pl.Int64).over("claim"))
        .with_columns(
            first=pl.col("bucket").min().over("claim", "run"), period=pl.col("bucket").max().over("claim", "run")
        )
    )
    joined = claimed.join(runs, on=["claim", "bucket"])
    return joined.select(CELLS.names()).sort("claim", "period", *BUILD)
