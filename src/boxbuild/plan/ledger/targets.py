"""Targets: what missing them costs."""

from __future__ import annotations

import polars as pl

from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import exact
from boxbuild.plan.ledger.lines import Lines


def target(book: Book) -> Lines:
    """Return the penalties of targets that are missed, in the last bucket of their window.

    ``penalty × short``
    """
    terms = book.network["targets"].select("target", "penalty", "currency")
    missed = (
        book.tables["targets"]
        .filter(pl.col("short") > 0)
        .join(terms, on="target", how="left", maintain_order="left")
        .join(book.last_bucket("targets", "target"), on="target", maintain_order="left")
        .filter(pl.col("penalty").is_not_null())
    )
    amounts = exact(missed["penalty"]) * exact(missed["short"]) * book.exchange(missed)
    return Lines("target", missed.with_columns(key="target", quantity="short"), amounts)
