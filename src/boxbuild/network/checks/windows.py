"""Windows: rows that end before they begin, overlap, or change inside a bucket."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue, Severity
from boxbuild.network.network import Network
from boxbuild.network.windows import bucket_of

BY_FIRST_DAY: Final = ("boms", "operations", "sources", "lanes", "rates", "duties")
"""Tables whose rows hold in a bucket when they hold on its first day."""


def check_for_windows_that_end_before_they_begin(network: Network) -> list[Issue]:
    """Find rows with ``until`` before ``from``."""
    found: list[Issue] = []
    for table in catalogue.tables():
        if {"from", "until"} <= set(table.names):
            found += issues(
                numbered(network, table.name).filter(pl.col("until") < pl.col("from")),
                f"{table.name}.until",
                "window-ends-before-it-begins",
                "is before the row's from, {from}",
                hint="swap them, or correct the year",
            )
    return found


def check_for_overlapping_windows(network: Network) -> list[Issue]:
    """Find rows of one key that hold on the same day.

    The capacities of two rows of one resource add up, so there it is a warning.
    """
    found: list[Issue] = []
    for table in catalogue.tables():
        if "until" not in table.names or "from" not in table.key:
            continue
        key = [name for name in table.key if name != "from"]
        rows = (
            numbered(network, table.name)
            .with_columns(opened=pl.col("from").fill_null(date.min), closed=pl.col("until").fill_null(date.max))
            .filter((pl.len().over(key) > 1) & (pl.col("opened") <= pl.col("closed")))
            .sort("opened", "row")
            .with_columns(
                reached=pl.col("closed").cum_max().shift(1).over(key),
                before=pl.col("opened").shift(1).over(key),
            )
            .filter((pl.col("opened") <= pl.col("reached")) & (pl.col("opened") != pl.col("before")))
        )
        named = ", ".join(f"{name} {{{name}!r}}" for name in key)
        severity: Severity = "warning" if table.name == "resources" else "error"
        more = ": their capacities add up" if table.name == "resources" else ""
        found += issues(
            rows.sort("row"),
            f"{table.name}.from",
            "overlapping-windows",
            f"an earlier row of {named} still holds on that day{more}",
            hint="end the earlier row the day before",
            severity=severity,
        )
    return found


def check_for_changes_inside_a_bucket(network: Network) -> list[Issue]:
    """Find prices, rates, duties and other rows that change within a bucket, not with it.

    One issue a key, at its first such row.
    """
    edges = pl.Series([*network.calendar.first_days, network.calendar.end])
    found: list[Issue] = []
    for name in BY_FIRST_DAY:
        key = [column for column in catalogue.table(name).key if column != "from"]
        rows = numbered(network, name)
        if name == "rates":
            rows = rows.filter(pl.col("from") != pl.col("from").fill_null(date.min).min().over("currency"))
        if "until" in rows.columns:
            rows = rows.filter((pl.col("until") >= pl.col("from")).fill_null(value=True))
        ends = [rows.with_columns(changed=pl.col("from"))]
        if "until" in rows.columns:
            last = pl.col("until").fill_null(date(9999, 12, 30)).clip(date.min, date(9999, 12, 30))
            ends.append(rows.with_columns(changed=last + timedelta(days=1)))
        inside = (
            pl.concat(ends)
            .filter(pl.col("changed").is_between(edges[0], edges[-1]) & ~pl.col("changed").is_in(edges.implode()))
            .sort("changed", "row")
            .group_by(key, maintain_order=True)
            .agg(pl.col("row", "changed").first(), (pl.col("changed").n_unique() - 1).alias("more"))
            .with_columns(
                later=pl.when(pl.col("more") > 0).then(pl.format(", and {} more times", "more")).otherwise(pl.lit("")),
            )
        )
        inside = inside.with_columns(bucket=edges.gather(bucket_of(network.calendar, inside["changed"])))
        found += issues(
            inside.sort("row"),
            name,
            "change-inside-bucket",
            "changes on {changed}{later}, inside the bucket of {bucket}: the plan waits for the next",
            hint="cut the buckets there if it matters",
            severity="warning",
        )
    return found
