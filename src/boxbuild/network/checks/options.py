"""Options that open nothing, or too late."""

from __future__ import annotations

from typing import Final

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.days import day_of
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network

OPENED: Final = ("operations", "resources", "sources", "lanes", "schemes")
"""Tables whose rows can wait for an option."""


def check_for_options_that_open_nothing(network: Network) -> list[Issue]:
    """Find options that no row names."""
    named = pl.concat([network[table]["option"] for table in OPENED]).drop_nulls()
    return issues(
        numbered(network, "options").filter(~pl.col("option").is_in(named.implode())),
        "options.option",
        "option-opens-nothing",
        "is named by no row: taking it changes nothing",
        hint=f"name it in the column option of {', '.join(OPENED)}",
        severity="warning",
    )


def check_for_options_beyond_the_horizon(network: Network) -> list[Issue]:
    """Find options that can be taken, or are ready, only after the plan's last day."""
    start, horizon = network.settings.start, network.calendar.horizon
    earliest = day_of("earliest", start).fill_null(0).clip(lower_bound=0)
    rows = numbered(network, "options").with_columns(earliest_day=earliest)
    late = pl.col("earliest_day") > int(network.calendar.starts[-1])
    ready = (pl.col("earliest_day") + pl.col("ready_days")) >= horizon
    return issues(
        rows.filter(late),
        "options.earliest",
        "option-after-horizon",
        "no bucket of the plan begins on or after that day: it can never be taken",
        severity="warning",
    ) + issues(
        rows.filter(~late & ready),
        "options.ready_days",
        "option-never-ready",
        "{option} is ready only after the plan's last day",
        hint="add buckets to the horizon",
        severity="warning",
    )
