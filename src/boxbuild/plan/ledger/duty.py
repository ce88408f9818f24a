"""Duty: what a country charges on goods that enter it, in the bucket in which they arrive.

The law and the rates of exchange are those of the first day of that bucket. A flow that arrives spread over
buckets pays in each for the part that arrives in it.
"""

from __future__ import annotations

import polars as pl

from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import Exact, exact
from boxbuild.plan.ledger.lines import Lines


def bought_duty(book: Book) -> Lines:
    """Return the duty on purchases that originate in another country than they go to.

    ``rate × (price + freight + royalty) × quantity that arrives``
    """
    buys, rate = _taxed(book, book.buys_arrived)
    assessed = exact(buys["price"]) + exact(buys["freight"]) + exact(buys["royalty"])
    return _lines(buys, rate * assessed * book.exchange(buys, bucket="arrival"))


def lane_duty(book: Book) -> Lines:
    """Return the duty on shipments from one country to another.

    ``rate × (value + freight + insurance) × quantity that arrives``, the freight and insurance of one unit
    """
    shipments, rate = _taxed(book, book.shipments_arrived)
    freight = exact(shipments["per_unit"]) + exact(shipments["per_kg"]) * exact(shipments["weight_kg"])
    value = exact(shipments["value"]) * book.exchange(shipments, "value_currency", "arrival")
    assessed = freight * book.exchange(shipments, bucket="arrival") + value * (1 + exact(shipments["insurance"]))
    return _lines(shipments, rate * assessed)


def _taxed(book: Book, arrived: pl.DataFrame) -> tuple[pl.DataFrame, Exact]:
    """Return what crosses a border and pays, with its rate."""
    abroad = arrived.filter(pl.col("origin_country") != pl.col("country"))
    goods = abroad.select("country", "hs", origin="origin_country", bucket="arrival")
    rated = abroad.with_columns(duty_rate=book.law.rates(goods)).filter(pl.col("duty_rate") != 0)
    return rated, exact(rated["duty_rate"])


def _lines(arrived: pl.DataFrame, unit: Exact) -> Lines:
    part = exact(arrived["quantity"]) * exact(arrived["days"]) / exact(arrived["window"])
    shown = arrived.with_columns(bucket="arrival", quantity=pl.col("quantity") * pl.col("days") / pl.col("window"))
    return Lines("duty", shown, unit * part)
