"""Targets that cannot be read or measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from boxbuild.errors import DataError
from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue, did_you_mean
from boxbuild.network.network import Network
from boxbuild.network.scope import parse_scope

VALUE_ADDED: Final = ("va_", "rvc_")
"""How metrics of value added begin."""


def check_for_scopes_that_cannot_be_read(network: Network) -> list[Issue]:
    """Find scopes that are not terms of known names."""
    found: list[Issue] = []
    for row, scope in enumerate(network["targets"]["scope"]):
        try:
            parse_scope(scope)
        except DataError as error:
            found.append(Issue("unreadable-scope", error.message, "error", "targets", row, "scope", scope, error.hint))
    return found


def check_for_scopes_that_name_nothing(network: Network) -> list[Issue]:
    """Find scopes with a value that no table has."""
    sites = network["sites"]
    known = {
        "item": network["items"]["item"],
        "family": network["items"]["family"],
        "partner": network["partners"]["partner"],
        "site": sites["site"],
        "country": sites["country"],
        "market": network["demand"]["market"],
    }
    found: list[Issue] = []
    for row, scope in enumerate(network["targets"]["scope"]):
        for name, value in _terms(scope).items():
            values = known[name].drop_nulls().unique(maintain_order=True).to_list()
            if value not in values:
                reason = f"no {name} is called {value!r}"
                hint = did_you_mean(value, values)
                found.append(Issue("scope-names-nothing", reason, "error", "targets", row, "scope", scope, hint))
    return found


def check_for_markets_of_builds_and_buys(network: Network) -> list[Issue]:
    """Find targets on builds or buys that name a market: neither has one."""
    found: list[Issue] = []
    measured = ("units_built", "units_bought", "local_purchase_share")
    for row, (metric, scope) in enumerate(network["targets"].select("metric", "scope").iter_rows()):
        if metric.startswith((*measured, *VALUE_ADDED)) and "market" in _terms(scope):
            reason = f"what {metric} measures has no market"
            hint = "name the site that builds or sells, or measure units_delivered"
            found.append(Issue("market-of-builds", reason, "error", "targets", row, "scope", scope, hint))
    return found


def check_for_shares_above_one(network: Network) -> list[Issue]:
    """Find targets for a share of more than everything."""
    return issues(
        numbered(network, "targets").filter(~pl.col("metric").str.starts_with("units_") & (pl.col("at_least") > 1)),
        "targets.at_least",
        "share-above-one",
        "is more than everything",
        hint="write a fraction: 0.3 for 30 %",
    )


def check_for_targets_outside_the_horizon(network: Network) -> list[Issue]:
    """Find targets whose window has no day of the plan."""
    start, end = network.settings.start, network.calendar.end
    return issues(
        numbered(network, "targets").filter((pl.col("until") < start) | (pl.col("from") >= end)),
        "targets.from",
        "target-outside-horizon",
        f"the target {{target}} does not hold on any day from {start} until {end}",
        severity="warning",
    )


def _terms(scope: str | None) -> Mapping[str, str]:
    try:
        return parse_scope(scope)
    except DataError:
        return {}
