"""Receipts that come too early, too late or not for certain."""

from __future__ import annotations

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_receipts_before_the_start(network: Network) -> list[Issue]:
    """Find receipts that are overdue when the plan starts."""
    return issues(
        numbered(network, "receipts").filter(pl.col("due") < network.settings.start),
        "receipts.due",
        "receipt-overdue",
        "is before the plan's start: it counts on the first day",
        hint="ask when it will really arrive, or book it as stock",
        severity="warning",
    )


def check_for_receipts_after_the_horizon(network: Network) -> list[Issue]:
    """Find receipts that arrive after the plan's last day."""
    return issues(
        numbered(network, "receipts").filter(pl.col("due") >= network.calendar.end),
        "receipts.due",
        "receipt-after-horizon",
        "is after the plan's last day: it is not planned on",
        severity="warning",
    )


def check_for_receipts_that_are_not_firm(network: Network) -> list[Issue]:
    """Find receipts that the plan does not count on."""
    return issues(
        numbered(network, "receipts").filter(~pl.col("firm")),
        "receipts.firm",
        "receipt-not-firm",
        "{quantity} {item} for {site} are read, but not planned on",
        hint="write yes when the supplier has confirmed",
        severity="warning",
    )
