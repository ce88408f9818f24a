"""Contracts: what missing a minimum costs, and what a ladder of prices gives back."""

from __future__ import annotations

import polars as pl

from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import exact
from boxbuild.plan.ledger.lines import Lines, key


def shortfall(book: Book) -> Lines:
    """Return the cost of falling short of contracts, in the last bucket of their window.

    ``shortfall_cost × shortfall``
    """
    terms = book.network["contracts"].select("contract", "partner", "item", "shortfall_cost", "currency")
    missed = (
        book.tables["contracts"]
        .filter(pl.col("shortfall") > 0)
        .join(terms, on="contract", how="left", maintain_order="left")
        .join(book.last_bucket("contracts", "contract"), on="contract", maintain_order="left")
        .filter(pl.col("shortfall_cost").is_not_null())
    )
    amounts = exact(missed["shortfall_cost"]) * exact(missed["shortfall"]) * book.exchange(missed)
    return Lines("shortfall", missed.with_columns(key="contract", quantity="shortfall"), amounts)


def tier(book: Book) -> Lines:
    """Return what ladders of prices change, in the last bucket of the window of their contract or offer.

    ``(price of the step - price of the step at 0) × units on the step``
    """
    ladder = ["contract", "offer"]
    known = book.network["tiers"].select(*ladder, "from_quantity", "price", "currency")
    base = known.filter(pl.col("from_quantity") == 0).select(*ladder, base="price")
    steps = (
        book.tables["tiers"]
        .join(known, on=[*ladder, "from_quantity"], how="left", nulls_equal=True, maintain_order="left")
        .join(base, on=ladder, how="left", nulls_equal=True, maintain_order="left")
        .join(_settled(book), on=ladder, nulls_equal=True, maintain_order="left")
        .with_columns(start=pl.format("{}", whole("from_quantity")))
        .with_columns(key(*ladder, "start"))
    )
    amounts = (exact(steps["price"]) - exact(steps["base"])) * exact(steps["quantity"]) * book.exchange(steps)
    return Lines("tier", steps, amounts)


def whole(column: str) -> pl.Expr:
    """Return a number as text, without a decimal point where it is whole: 1000000, 0.5."""
    number = pl.col(column)
    text = pl.when(number == number.round()).then(number.cast(pl.Int64).cast(pl.String))
    return text.otherwise(number.cast(pl.String))


def _settled(book: Book) -> pl.DataFrame:
    """Return ``contract``, ``offer``, ``bucket``, ``item`` and ``partner`` of every contract and offer."""
    contracts = book.network["contracts"].select("contract", "item", "partner")
    suppliers = book.sites.select("partner", supplier="site")
    offers = book.network["sources"].select("offer", "item", "supplier").unique("offer", maintain_order=True)
    blank = pl.lit(None, dtype=pl.String)
    shown = ["contract", "offer", "bucket", "item", "partner"]
    return pl.concat(
        [
            contracts.join(book.last_bucket("contracts", "contract"), on="contract")
            .with_columns(offer=blank)
            .select(shown),
            offers.join(suppliers, on="supplier", how="left")
            .join(book.last_bucket("sources", "offer"), on="offer")
            .with_columns(contract=blank)
            .select(shown),
        ]
    )
