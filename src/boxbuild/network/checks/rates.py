"""Currencies and their rates."""

from __future__ import annotations

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.closest import closest_hints
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_currencies_without_rate(network: Network) -> list[Issue]:
    """Find currencies that are used, are not the home currency, and have no rate."""
    home = network.settings.home_currency
    known = pl.concat([pl.Series("currency", [home]), network["rates"]["currency"]])
    found: list[Issue] = []
    for table in catalogue.tables():
        for column in table.columns:
            if column.type != "currency":
                continue
            rows = numbered(network, table.name).filter(~pl.col(column.name).is_in(known.implode()))
            hints = closest_hints(rows[column.name].unique(maintain_order=True), known)
            default = f"add it to the table rates, in {home} for one unit"
            rows = rows.with_columns(
                hint=pl.col(column.name).replace_strict(hints, default=default, return_dtype=pl.String)
            )
            place = f"{table.name}.{column.name}"
            found += issues(rows, place, "currency-without-rate", "is a currency without a rate", hint="{hint}")
    return found


def check_for_rates_of_zero(network: Network) -> list[Issue]:
    """Find currencies that are worth nothing."""
    return issues(
        numbered(network, "rates").filter(pl.col("home_per_unit") == 0),
        "rates.home_per_unit",
        "rate-of-zero",
        "makes everything in {currency} free",
        hint="write the home currency that one unit is worth",
    )


def check_for_rates_of_the_home_currency(network: Network) -> list[Issue]:
    """Find rates of the home currency, which is worth 1 whatever they say."""
    return issues(
        numbered(network, "rates").filter(pl.col("currency") == network.settings.home_currency),
        "rates.currency",
        "rate-of-home-currency",
        "is the home currency: the rate is not read",
        hint="remove the row",
        severity="warning",
    )


def check_for_rates_that_start_late(network: Network) -> list[Issue]:
    """Find currencies whose first rate begins after the plan does."""
    late = (
        numbered(network, "rates")
        .filter(pl.col("from").fill_null(network.settings.start).min().over("currency") > network.settings.start)
        .filter(pl.col("from") == pl.col("from").min().over("currency"))
    )
    return issues(
        late,
        "rates.from",
        "rate-starts-late",
        "is the first rate of {currency}, later than the plan's start: it counts before it too",
        hint="add the rate of the first day",
        severity="warning",
    )
