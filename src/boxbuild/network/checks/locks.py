"""Locks that say nothing, contradict themselves or each other, or lock what cannot flow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.locked import COLUMNS, SELECTORS
from boxbuild.network.network import Network
from boxbuild.network.reach import users

PLACES: Final = {"build": "at {site}", "buy": "for {site}", "ship": "from {site}"}
"""How a lock's site is said."""


def check_for_locks_without_an_amount(network: Network) -> list[Issue]:
    """Find locks that lock nothing: neither fixed nor min nor max."""
    return issues(
        numbered(network, "locks").filter(pl.all_horizontal(pl.col("fixed", "min", "max").is_null())),
        "locks.fixed",
        "lock-without-amount",
        "the lock {lock} has no amount",
        hint="write units into fixed, min or max; 0 forbids, a blank says nothing",
    )


def check_for_locks_that_are_fixed_twice(network: Network) -> list[Issue]:
    """Find locks with an exact amount and a limit beside it."""
    limited = pl.any_horizontal(pl.col("min", "max").is_not_null())
    return issues(
        numbered(network, "locks").filter(pl.col("fixed").is_not_null() & limited),
        "locks.fixed",
        "lock-fixed-and-limited",
        "the lock {lock} has min or max too",
        hint="clear fixed, or clear min and max",
    )


def check_for_lock_minima_above_maxima(network: Network) -> list[Issue]:
    """Find locks whose least amount is above the largest."""
    return issues(
        numbered(network, "locks").filter(pl.col("min") > pl.col("max")),
        "locks.min",
        "lock-minimum-above-maximum",
        "is above max, {max}",
        hint="swap them",
    )


def check_for_lock_columns_of_another_kind(network: Network) -> list[Issue]:
    """Find locks with a column that has no meaning for their kind."""
    found: list[Issue] = []
    rows = numbered(network, "locks")
    for column in COLUMNS:
        kinds = [kind for kind, selectors in SELECTORS.items() if column in selectors]
        found += issues(
            rows.filter(~pl.col("kind").is_in(kinds) & pl.col(column).is_not_null()),
            f"locks.{column}",
            "lock-column-of-another-kind",
            f"a lock of the kind {{kind}} has no {column}",
            hint=f"clear it, or make the kind {' or '.join(kinds)}",
        )
    return found


def check_for_locks_outside_the_horizon(network: Network) -> list[Issue]:
    """Find locks that end before the plan or begin after it."""
    start, end = network.settings.start, network.calendar.end
    return issues(
        numbered(network, "locks").filter((pl.col("until") < start) | (pl.col("from") >= end)),
        "locks.from",
        "lock-outside-horizon",
        f"the lock {{lock}} does not hold on any day from {start} until {end}: it is not planned with",
        severity="warning",
    )


def check_for_locks_that_the_horizon_cuts(network: Network) -> list[Issue]:
    """Find amounts for a window of which only a part is planned: all of the amount falls into that part."""
    start, end = network.settings.start, network.calendar.end
    rows = _inside(network).filter(pl.col("per") == "window")
    sides = (
        ("from", pl.col("from") < start, f"is before the plan's start, {start}"),
        ("until", pl.col("until") >= end, f"is after the plan's last day, {end - timedelta(days=1)}"),
    )
    return [
        issue
        for column, cut, what in sides
        for issue in issues(
            rows.filter(cut),
            f"locks.{column}",
            "lock-cut-by-horizon",
            f"{what}: the whole amount falls into the part that is planned",
            hint="split the lock there, or make it per week",
            severity="warning",
        )
    ]


def check_for_locks_that_cut_a_bucket(network: Network) -> list[Issue]:
    """Find windows that begin or end inside a bucket: what is planned for the bucket cannot be told apart there."""
    edges = pl.Series("edge", [*network.calendar.first_days, network.calendar.end])
    rows = _inside(network)
    found: list[Issue] = []
    for column, later in (("from", 0), ("until", 1)):
        at = (pl.col(column) + timedelta(days=later)).alias("edge")
        cut = (
            rows.filter(pl.col(column).is_not_null())
            .with_columns(at)
            .filter(pl.col("edge").is_between(edges[0], edges[-1]) & ~pl.col("edge").is_in(edges.implode()))
            .sort("edge")
            .join_asof(edges.to_frame().with_columns(before="edge"), on="edge", strategy="backward")
            .join_asof(edges.to_frame().with_columns(after="edge"), on="edge", strategy="forward")
            .with_columns(pl.col("before", "after") - timedelta(days=later))
        )
        word = "begins" if column == "from" else "ends"
        found += issues(
            cut.sort("row"),
            f"locks.{column}",
            "lock-cuts-a-bucket",
            f"the lock {{lock}} {word} inside a bucket of the plan",
            hint="write {before} or {after}, or plan in shorter buckets there: settings.buckets",
        )
    return found


def check_for_locks_on_nothing(network: Network) -> list[Issue]:
    """Find locks on what no operation builds, no offer sells or no lane carries."""
    rows = numbered(network, "locks").with_columns(
        opened=pl.col("from").fill_null(date.min), closed=pl.col("until").fill_null(date.max)
    )
    # what is no name at all is said elsewhere
    for column, table in (("item", "items"), ("site", "sites"), ("destination", "sites"), ("supplier", "sites")):
        known = network[table][table.removesuffix("s")]
        rows = rows.filter(pl.col(column).is_null() | pl.col(column).is_in(known.implode()))
    found: list[Issue] = []
    said = {"build": "no operation builds", "buy": "no offer sells", "ship": "no lane carries"}
    for kind, table in (("build", "operations"), ("buy", "sources"), ("ship", "lanes")):
        mine = rows.filter(pl.col("kind") == kind)
        if mine.is_empty():
            continue
        ways = _ways(network, kind)
        hits = _chosen(mine, ways, kind)
        names = pl.concat_str(
            [pl.coalesce("item", pl.lit("anything")), *(_said(kind, column) for column in COLUMNS[1:])], separator=""
        )
        nowhere = mine.join(hits, on="row", how="anti", maintain_order="left").with_columns(
            what=names, hint=_elsewhere(mine, ways, kind, table)
        )
        reason = f"locks what {said[kind]} in its window: {{what}}"
        found += issues(nowhere, "locks.lock", "lock-on-nothing", reason, hint="{hint}")
    return found


def check_for_locks_that_contradict(network: Network) -> list[Issue]:
    """Find locks that ask for more than another one, of which theirs is a part, allows."""
    days = (pl.col("closed") - pl.col("opened")).dt.total_days() + 1
    start, end = network.settings.start, network.calendar.end - timedelta(days=1)
    rows = (
        _inside(network)
        .with_columns(opened=pl.col("from").fill_null(start), closed=pl.col("until").fill_null(end))
        .with_columns(pl.col("opened").clip(lower_bound=start), pl.col("closed").clip(upper_bound=end))
        .with_columns(weeks=days / 7)
    )
    times = pl.when(pl.col("per") == "week").then("weeks").otherwise(1.0)
    asks = rows.with_columns(least=pl.coalesce("fixed", "min") * times).filter(pl.col("least") > 0)
    allows = rows.with_columns(most=pl.coalesce("fixed", "max")).filter(pl.col("most").is_not_null())
    pairs = _nested(asks, allows).with_columns(
        allowed=pl.when(pl.col("per_other") == "week").then(pl.col("most") * pl.col("weeks")).otherwise("most")
    )
    over = (
        pairs.filter(pl.col("least") > pl.col("allowed") * (1 + 1e-9) + 1e-9)
        .sort("row", "allowed", "lock_other")
        .unique("row", keep="first", maintain_order=True)
    )
    return issues(
        over.with_columns(pl.col("allowed", "least").round(3)),
        "locks.lock",
        "locks-contradict",
        "asks for {least} units, and the lock {lock_other}, which covers them too, allows {allowed}",
        hint="change or remove one of the two",
    )


def _inside(network: Network) -> pl.DataFrame:
    """Locks with a day in the horizon."""
    start, end = network.settings.start, network.calendar.end
    outside = (pl.col("until") < start) | (pl.col("from") >= end)
    return numbered(network, "locks").filter(~outside.fill_null(value=False))


def _said(kind: str, column: str) -> pl.Expr:
    words = {"site": PLACES[kind].split(" ", maxsplit=1)[0], "destination": "to", "supplier": "of", "mode": "by"}
    word = words.get(column, "under")
    return pl.when(pl.col(column).is_not_null()).then(pl.format(f" {word} {{}}", column)).otherwise(pl.lit(""))


def _ways(network: Network, kind: str) -> pl.DataFrame:
    """What can flow, with the names that a lock has for it; an item that is blank is any."""
    opened = pl.col("from").fill_null(date.min).alias("begins")
    closed = pl.col("until").fill_null(date.max).alias("ends")
    if kind == "build":
        return network["operations"].select("item", "site", opened, closed)
    if kind == "ship":
        return network["lanes"].select("item", "destination", "mode", opened, closed, site="origin")
    offers = network["sources"].select("item", "supplier", "offer", opened, closed, site="destination")
    named = offers.filter(pl.col("site").is_not_null())
    anywhere = offers.filter(pl.col("site").is_null()).drop("site").join(users(network), on="item")
    return pl.concat([named, anywhere.select(named.columns)])


def _chosen(mine: pl.DataFrame, ways: pl.DataFrame, kind: str) -> pl.DataFrame:
    """``row`` of the locks that some way of theirs holds in the window of."""
    hits = [pl.DataFrame(schema={"row": pl.Int64})]
    blank = {name: pl.col(name).is_null() for name in SELECTORS[kind]}
    for pattern in mine.select(**blank).unique().iter_rows(named=True):
        these = mine.filter(pl.all_horizontal(blank[name] == is_blank for name, is_blank in pattern.items()))
        names = [name for name, is_blank in pattern.items() if not is_blank]
        # a lane without an item carries any
        for any_item in {False, kind == "ship" and "item" in names}:
            on = [name for name in names if not (any_item and name == "item")]
            there = ways.filter(pl.col("item").is_null()) if any_item else ways
            pairs = these.join(there, on=on, suffix="_way") if on else these.join(there, how="cross", suffix="_way")
            hits.append(
                pairs.filter((pl.col("begins") <= pl.col("closed")) & (pl.col("ends") >= pl.col("opened"))).select(
                    "row"
                )
            )
    return pl.concat(hits).unique()


def _elsewhere(mine: pl.DataFrame, ways: pl.DataFrame, kind: str, table: str) -> pl.Expr:
    """Where else the item of a lock can flow, in words."""
    known = (
        ways.drop_nulls("item")
        .group_by("item")
        .agg(pl.col("site").unique().sort().head(5))
        .with_columns(pl.col("site").list.join(", "))
        .join(mine.select("item"), on="item", how="semi")
        .sort("item")
    )
    word = {"build": "it is built at", "buy": "it is sold to", "ship": "it leaves from"}[kind]
    hints = {item: f"{word} {sites}: correct the lock, or its days" for item, sites in known.iter_rows()}
    default = f"add it to {table}, or correct the lock or its days"
    return pl.col("item").replace_strict(hints, default=default, return_dtype=pl.String)


def _nested(asks: pl.DataFrame, allows: pl.DataFrame) -> pl.DataFrame:
    """Pairs of locks of which the first covers nothing that the other (``_other``) does not."""
    found = []
    blank = {name: pl.col(name).is_null() for name in COLUMNS}
    for pattern in allows.select(**blank).unique().sort(pl.all()).iter_rows(named=True):
        these = allows.filter(pl.all_horizontal(blank[name] == is_blank for name, is_blank in pattern.items()))
        names = ["kind", *(name for name, is_blank in pattern.items() if not is_blank)]
        found.append(
            asks.join(
                these.select(*names, "row", "lock", "per", "opened", "closed", "most"), on=names, suffix="_other"
            ).filter(
                (pl.col("row") != pl.col("row_other"))
                & (pl.col("opened_other") <= pl.col("opened"))
                & (pl.col("closed_other") >= pl.col("closed"))
            )
        )
    empty = {"row": pl.Int64, "least": pl.Float64, "lock_other": pl.String, "per_other": pl.String}
    empty |= {"most": pl.Float64, "weeks": pl.Float64}
    return pl.concat(found) if found else pl.DataFrame(schema=empty)
