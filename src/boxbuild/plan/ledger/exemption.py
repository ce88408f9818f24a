"""Exemption: what imports for export are free of, less what the exports then are not paid.

The amounts are those of the accounts of customs and exports on the quantities that are under a scheme, each times the
part of it that the scheme spares or forgoes (:func:`boxbuild.law.schemes.exempt_shares`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from boxbuild.law.law import Law
from boxbuild.law.schemes import exempt_shares, forgone_shares
from boxbuild.plan.exempt import by_lane
from boxbuild.plan.ledger.arrivals import spread_arrivals
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.customs import bought_charges, shipped_charges
from boxbuild.plan.ledger.exports import export_credits
from boxbuild.plan.ledger.lines import Lines

Shares = Callable[[Law, str, date], Mapping[str, Decimal]]


def exemption(book: Book) -> list[Lines]:
    """Return what the schemes save, on arrival, negative; and what exports lose by them, when they leave.

    ``- share × charge of one unit × exempt quantity that arrives``; ``share × credit of one unit × exempt quantity``
    """
    rows = book.tables.get("exempt")
    if rows is None or rows.is_empty() or book.law.off:
        return []
    arriving = rows if book.arrived is None else book.arrived["exempt"]
    bought = _arrived(book, book.offered(_offers(book, arriving.filter(pl.col("flow") == "buy"))))
    shipped = _arrived(book, book.carried(by_lane(arriving.filter(pl.col("flow") == "ship"))))
    exported = book.carried(by_lane(rows.filter(pl.col("flow") == "export")))
    found = [
        *_shared(book, bought, exempt_shares, bought_charges),
        *_shared(book, shipped, exempt_shares, shipped_charges),
    ]
    if book.law.by_book:
        found += _shared(book, exported, forgone_shares, export_credits)
    return found


def _offers(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    suppliers = book.network["sources"].select("offer", "supplier").unique("offer", maintain_order=True)
    named = rows.rename({"key": "offer"}).with_columns(destination="site").drop("site")
    return named.join(suppliers, on="offer", how="left", maintain_order="left")


def _arrived(book: Book, priced: pl.DataFrame) -> pl.DataFrame:
    if book.arrived is None:
        return spread_arrivals(priced, book.calendar)
    return priced.with_columns(days=1, window=1)


def _shared(
    book: Book, rows: pl.DataFrame, shares: Shares, priced: Callable[[Book, pl.DataFrame], list[Lines]]
) -> Iterator[Lines]:
    """Price rows that have the same shares together; an amount that is paid is saved, one that is received is lost."""
    groups: dict[tuple[tuple[str, Decimal], ...], list[tuple[str, int]]] = {}
    for scheme, bucket in rows.select("scheme", "bucket").unique(maintain_order=True).iter_rows():
        terms = tuple(shares(book.law, scheme, book.law.day_of[bucket]).items())
        groups.setdefault(terms, []).append((scheme, bucket))
    for terms, members in groups.items():
        mine = pl.DataFrame(members, schema={"scheme": pl.String, "bucket": pl.Int64}, orient="row")
        lines = priced(book, rows.join(mine, on=["scheme", "bucket"], how="semi", maintain_order="left"))
        for line, shown in zip(lines, counted_once(lines), strict=True):
            share = dict(terms)[line.account]
            if share:
                yield Lines("exemption", shown, -share * line.amounts)


_MOVE: Final = ["bucket", "key", "quantity", "nth"]


def counted_once(lines: list[Lines]) -> Iterator[pl.DataFrame]:
    """Give what pays several charges its quantity in the first of them only: the charges become one line."""
    seen = pl.DataFrame(schema={"bucket": pl.Int64, "key": pl.String, "quantity": pl.Float64, "nth": pl.Int64})
    for line in lines:
        nth = pl.int_range(pl.len(), dtype=pl.Int64).over("bucket", "key", "quantity")
        rows = line.rows.with_columns(nth=nth)
        known = rows.join(seen.with_columns(known=True), on=_MOVE, how="left", maintain_order="left")
        seen = pl.concat([seen, known.filter(pl.col("known").is_null()).select(_MOVE)])
        yield known.with_columns(quantity=pl.when(pl.col("known")).then(0.0).otherwise("quantity"))
