"""Exchange rates by bucket: home currency for one unit of each currency, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.errors import DataError

if TYPE_CHECKING:
    from boxbuild.network.network import Network


def exchange_rates(network: Network) -> Mapping[str, tuple[Decimal, ...]]:
    """Return the home currency that one unit of each currency is worth, on the first day of each bucket.

    The home currency is worth 1. Before the first rate of a currency, the first one counts.

    Returns
    -------
    mapping
        Currency to one decimal per bucket.
    """
    days = network.calendar.first_days
    found = {network.settings.home_currency: tuple(Decimal(1) for _ in days)}
    ordered = network["rates"].with_columns(pl.col("from").fill_null(date.min)).sort("currency", "from")
    for (currency,), rows in ordered.group_by("currency", maintain_order=True):
        known = list(zip(rows["from"].to_list(), rows["home_per_unit"].to_list(), strict=True))
        found.setdefault(str(currency), tuple(_on(known, day) for day in days))
    return found


def exchange_frame(network: Network) -> pl.DataFrame:
    """Return the exchange rates as a frame of ``currency``, ``bucket`` and ``exchange`` (Float64)."""
    rates = exchange_rates(network)
    return pl.DataFrame(
        {
            "currency": [currency for currency, row in rates.items() for _ in row],
            "bucket": [bucket for row in rates.values() for bucket in range(len(row))],
            "exchange": [float(value) for row in rates.values() for value in row],
        },
        schema={"currency": pl.String, "bucket": pl.Int64, "exchange": pl.Float64},
    )


def require_rates(network: Network, currencies: pl.Series) -> None:
    """Raise ``DataError`` when a currency that is used has no rate."""
    known = set(exchange_rates(network))
    missing = sorted(set(currencies.drop_nulls().to_list()) - known)
    if missing:
        raise DataError(f"no rate for the currency {', '.join(missing)}", hint="add it to the table rates")


def _on(known: list[tuple[date, Decimal]], day: date) -> Decimal:
    value = known[0][1]
    for start, rate in known:
        if start <= day:
            value = rate
    return value
