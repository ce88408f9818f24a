"""Customs: what a country charges on goods that enter it, in the bucket in which they arrive.

The law and the rates of exchange are those of the first day of that bucket. A flow that arrives spread over
buckets pays in each for the part that arrives in it.
"""

from __future__ import annotations

import polars as pl

from boxbuild.law.border import entering
from boxbuild.law.charges import ACCOUNTS, CLAIMS
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import Exact, exact
from boxbuild.plan.ledger.lines import Lines


def customs(book: Book) -> list[Lines]:
    """Return the customs charges of every purchase and shipment of a plan."""
    if book.charges.none:
        return []
    return [*bought_charges(book, book.buys_arrived), *shipped_charges(book, book.shipments_arrived)]


def bought_charges(book: Book, buys: pl.DataFrame) -> list[Lines]:
    """Return the customs charges on purchases.

    ``fraction × (price + freight + royalty) × quantity that arrives``, with the fractions of
    :class:`boxbuild.law.charges.Charges`

    Parameters
    ----------
    book
        The plan.
    buys
        Rows of :attr:`Book.buys_arrived`, of which ``quantity`` may be another.

    Returns
    -------
    list of Lines
        One for each of duty, surcharge, antidumping and igst, with the rows that pay it.
    """
    rated = _rated(book, buys)
    cif = exact(rated["price"]) + exact(rated["freight"]) + exact(rated["royalty"])
    return _lines(rated, cif * book.exchange(rated, bucket="arrival"))


def shipped_charges(book: Book, shipments: pl.DataFrame) -> list[Lines]:
    """Return the customs charges on shipments.

    ``fraction × (value + freight + insurance) × quantity that arrives``, the freight and insurance of one unit

    Parameters
    ----------
    book
        The plan.
    shipments
        Rows of :attr:`Book.shipments_arrived`, of which ``quantity`` may be another; with columns of
        :data:`boxbuild.law.charges.CLAIMS`, what they claim.

    Returns
    -------
    list of Lines
        As :func:`bought_charges`.
    """
    claims = [pl.lit(None, dtype).alias(name) for name, dtype in CLAIMS.items() if name not in shipments.columns]
    rated = _rated(book, shipments.with_columns(claims))
    freight = exact(rated["per_unit"]) + exact(rated["per_kg"]) * exact(rated["weight_kg"])
    value = exact(rated["value"]) * book.exchange(rated, "value_currency", "arrival")
    return _lines(rated, freight * book.exchange(rated, bucket="arrival") + value * (1 + exact(rated["insurance"])))


def _rated(book: Book, arrived: pl.DataFrame) -> pl.DataFrame:
    """Return what pays on arrival, with the fraction of its value that each account is."""
    entered = entering(arrived)
    goods = entered.select("country", "hs", *CLAIMS, origin="origin_country", bucket="arrival")
    rated = entered.hstack(book.charges.factors(goods))
    return rated.filter(pl.any_horizontal(pl.col(account) != 0 for account in ACCOUNTS))


def _lines(rated: pl.DataFrame, unit: Exact) -> list[Lines]:
    part = exact(rated["quantity"]) * exact(rated["days"]) / exact(rated["window"])
    shown = rated.with_columns(bucket="arrival", quantity=pl.col("quantity") * pl.col("days") / pl.col("window"))
    found = []
    for account in ACCOUNTS:
        pays = (rated[account] != 0).to_numpy()
        paying = shown.filter(pays)
        if paying.height:
            found.append(Lines(account, paying, exact(paying[account]) * unit[pays] * part[pays]))
    return found
