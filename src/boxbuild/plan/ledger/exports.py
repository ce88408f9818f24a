"""Exports: what a country pays on goods that leave it, in the bucket in which they leave."""

from __future__ import annotations

import polars as pl

from boxbuild.law.export import EXPORTS, export_benefits
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import exact
from boxbuild.plan.ledger.lines import Lines


def exports(book: Book) -> list[Lines]:
    """Return drawback and remission of duties on the shipments of a plan; negative amounts.

    ``- benefit of one unit × quantity``, see :func:`boxbuild.law.export.export_benefits`
    """
    return export_credits(book, book.shipments) if book.law.by_book else []


def export_credits(book: Book, shipments: pl.DataFrame) -> list[Lines]:
    """Return what exports are paid.

    Parameters
    ----------
    book
        The plan; its law goes by the book.
    shipments
        Rows of :attr:`Book.shipments`, of which ``quantity`` may be another.

    Returns
    -------
    list of Lines
        One for each of drawback and rodtep, with the rows that are paid.
    """
    paid = export_benefits(book.law, shipments)
    found = []
    for account in EXPORTS:
        rows = paid.filter(pl.col(account) != 0)
        if rows.height:
            found.append(Lines(account, rows, -exact(rows[account]) * exact(rows["quantity"])))
    return found
