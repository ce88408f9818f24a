"""Preference: what goods that originate save where they enter at the rate of a trade agreement."""

from __future__ import annotations

import polars as pl

from boxbuild.plan.ledger.arrivals import spread_arrivals
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.customs import shipped_charges
from boxbuild.plan.ledger.exemption import counted_once
from boxbuild.plan.ledger.lines import Lines


def preference(book: Book) -> list[Lines]:
    """Return what the charges of claimed quantities are at the agreement's rate less what they are without, on arrival.

    ``(charges of one unit with the agreement - charges of one unit) × claimed quantity that arrives``
    """
    rows = book.tables.get("preferences")
    if rows is None or rows.is_empty() or not book.law.by_book:
        return []
    if book.arrived is None:
        carried = spread_arrivals(book.carried(rows), book.calendar)
    else:
        carried = book.carried(book.arrived["preferences"]).with_columns(days=1, window=1)
    general = shipped_charges(book, carried.drop("agreement"))
    lowered = shipped_charges(book, carried.with_columns(rvc=pl.lit(1.0), tariff_shift=pl.lit(True)))
    return [
        *(
            Lines("preference", shown, -line.amounts)
            for line, shown in zip(general, counted_once(general), strict=True)
        ),
        *(Lines("preference", line.rows.with_columns(quantity=pl.lit(0.0)), line.amounts) for line in lowered),
    ]
