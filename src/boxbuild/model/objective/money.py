"""Money: from an amount in its own currency to discounted home currency, and the values of items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from boxbuild.network.currency import exchange_frame
from boxbuild.network.network import Network

Columns = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Money:
    """What turns an amount into discounted home currency.

    Parameters
    ----------
    exchange
        ``currency``, ``bucket``, ``exchange`` (home currency per unit); every bucket of one currency, then the next.
    factor
        ``bucket``, ``factor``: what home currency paid in a bucket is worth at the start of the plan; in order.
    home
        The home currency, which a blank stands for.
    """

    exchange: pl.DataFrame
    factor: pl.DataFrame
    home: str

    @classmethod
    def of(cls, network: Network) -> Money:
        """Return the exchange rates and discount factors of a network."""
        rate = float(network.settings.discount_rate)
        days = np.asarray(network.calendar.starts, dtype=np.float64)
        factor = pl.DataFrame({"bucket": np.arange(len(days)), "factor": (1.0 + rate) ** (-days / 365.0)})
        return cls(exchange_frame(network), factor, network.settings.home_currency)

    def home_units(self, frame: pl.DataFrame, currency: str, bucket: str, name: str) -> pl.DataFrame:
        """Add column ``name``: home currency for one unit of the row's currency in the row's bucket."""
        known = self.exchange["currency"].unique(maintain_order=True)
        code = pl.col(currency).cast(pl.Enum(known), strict=False).to_physical().cast(pl.Int64)
        place = code * self.factor.height + pl.col(bucket)
        rated = frame.with_columns(pl.col(currency).fill_null(self.home))
        return rated.with_columns(pl.lit(self.exchange["exchange"]).gather(place).alias(name))

    def present(
        self, frame: pl.DataFrame, amount: pl.Expr, currency: str = "currency", bucket: str = "bucket"
    ) -> pl.DataFrame:
        """Return ``column`` and ``value``: the amount in discounted home currency."""
        dated = frame.filter(pl.col(bucket).is_not_null()) if frame[bucket].null_count() else frame
        priced = self.home_units(dated, currency, bucket, "_exchange")
        factor = pl.lit(self.factor["factor"]).gather(pl.col(bucket))
        return priced.select("column", value=amount * pl.col("_exchange") * factor)


def items_frame(network: Network) -> pl.DataFrame:
    """Return ``item``, ``value``, ``value_currency``, ``weight_kg``, ``hs`` of every item."""
    return network["items"].select(
        "item", "weight_kg", "hs", value=pl.col("value").cast(pl.Float64), value_currency="currency"
    )


def amount(name: str) -> pl.Expr:
    """Return a column of money as Float64."""
    return pl.col(name).cast(pl.Float64)
