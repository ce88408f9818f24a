"""Pages of pegs: the summary first, then the tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import polars as pl

from boxbuild.plan.pegging import Peg, Pegging
from boxbuild.views.pegging.tree import LEAST, tree
from boxbuild.views.pegging.words import amount, days, named, said, units
from boxbuild.views.text import DASH, cut, heading, number, table

ROWS: Final = 15
"""Rows of a table that is not asked for whole."""

BY_BUCKET: Final = "The plan has no orders: this is of its flows by bucket, each on the first day of its bucket."


def demand_page(pegging: Pegging, demand: str, depth: int | None = None, *, whole: bool = False) -> list[str]:
    """Return a demand: when it is delivered, who builds it, which parts go into it, and what came last.

    Parameters
    ----------
    depth
        Levels of the tree; ``None``: as many as fit.
    whole
        Whether to draw every row and every branch.
    """
    peg = pegging.demand(demand)
    got = [child for child in peg.children if child.kind == "deliver"]
    parts = [child for child in peg.children if child.kind == "short"]
    lines = [f"{peg.key}: {units(peg.whole)} {peg.item} at {peg.site}, due {peg.end}"]
    if got:
        total = sum(child.quantity for child in got)
        late = days(peg.late_days) + " late" if peg.late_days else "on time"
        lines.append(f"{units(total)} delivered, the last on {max(str(child.end) for child in got)}, {late}")
    lines += [f"{units(part.quantity)} never delivered" for part in parts]
    orders = pegging.orders(peg)
    body = [
        *_section("What came last", "each waits for the one below", _chain(peg)),
        *_section("Built", "", _built(orders, whole=whole)),
        *_section("Parts", "the last to come first", _parts(orders, whole=whole)),
        *_section("From the demand to its parts", "units of each item", tree(peg, depth, whole=whole)),
    ]
    return [*lines, *_note(pegging), *body]


def order_page(pegging: Pegging, order: str, depth: int | None = None, *, whole: bool = False) -> list[str]:
    """Return an order, a receipt or a lot of stock: the demands that it feeds, and what went into it."""
    down, up = pegging.order(order), pegging.inputs(order)
    lines = [f"{up.key}: {units(up.whole)} {up.item}", said(up), *_note(pegging), *_fed(pegging, down, whole=whole)]
    made = pegging.orders(up).filter(pl.col("key") != order)
    return [
        *lines,
        *_section("Where it goes", _counted(down), tree(down, depth, whole=whole)),
        *_section("Parts", "the last to come first", _parts(made, whole=whole)),
        *_section("What went into it", "units of each item", tree(up, depth, whole=whole)),
    ]


def feeds_page(pegging: Pegging, peg: Peg, depth: int | None = None, *, whole: bool = False) -> list[str]:
    """Return what a part, a supplier or a resource feeds: a table of demands, and what stays in stock.

    Parameters
    ----------
    peg
        Of :meth:`~boxbuild.plan.pegging.Pegging.part`, ``supplier`` or ``resource``.
    depth
        Levels of the tree; ``None``: as many as fit.
    whole
        Whether to draw every row and every branch.
    """
    lots = len(peg.moves)
    what = "builds" if peg.kind == "resource" else "lots"
    name = f"{peg.key} from {peg.source}" if peg.source and peg.kind == "part" else peg.key
    lines = [f"{name}: {units(peg.quantity)} {peg.unit_of} in {number(lots)} {what if lots != 1 else what[:-1]}"]
    return [
        *lines,
        *_note(pegging),
        *_fed(pegging, peg, whole=whole),
        *_section("Where it goes", _counted(peg), tree(peg, depth, whole=whole)),
    ]


def _note(pegging: Pegging) -> list[str]:
    return [] if pegging.dated else [BY_BUCKET]


def _section(title: str, note: str, lines: Sequence[str]) -> list[str]:
    return ["", heading(title, note), *lines] if lines else []


def _chain(peg: Peg) -> list[str]:
    """One line an order of the chain, and how long each lay before it was used."""
    chain = peg.chain()[1:]
    rows = []
    for user, one in pairwise((None, *chain)):
        if one is None:
            continue
        lay = (user.start - one.end).days if user is not None and user.start and one.end else 0
        rows.append([cut(named(one), 72), amount(one), f"lay {days(lay)}" if lay else ""])
    return _rows(rows)


def _built(orders: pl.DataFrame, *, whole: bool) -> list[str]:
    built = (
        orders.filter(pl.col("kind") == "build")
        .group_by("item", "site")
        .agg(pl.len(), pl.col("quantity").sum(), first=pl.col("start").min(), last=pl.col("end").max())
        .sort("last", "item", "site", descending=[True, False, False])
    )
    rows = [
        [item, site, number(count), units(quantity), str(first), str(last)]
        for item, site, count, quantity, first, last in built.iter_rows()
    ]
    return _folded(["item", "at", "orders", "good units", "first start", "last end"], rows, whole=whole, left=(0, 1))


def _parts(orders: pl.DataFrame, *, whole: bool) -> list[str]:
    parts = (
        orders.filter(pl.col("kind").is_in(["buy", "receipt", "stock"]))
        .group_by("item", "kind", "site", pl.col("source").fill_null(""))
        .agg(pl.len(), pl.col("quantity").sum(), pl.col("end").max())
        .sort("end", "quantity", "item", "site", descending=[True, True, False, False])
    )
    rows = [
        [item, source or kind, site, number(count), units(quantity), "at the start" if kind == "stock" else str(end)]
        for item, kind, site, source, count, quantity, end in parts.iter_rows()
    ]
    return _folded(["part", "from", "to", "lots", "units", "last there"], rows, whole=whole, left=(0, 1, 2))


def _fed(pegging: Pegging, peg: Peg, *, whole: bool) -> list[str]:
    """The demands that a peg feeds, and what is left of it."""
    unit, fed, left = peg.unit_of, pegging.demands(peg), pegging.left(peg)
    least = 0.0 if whole else LEAST
    rows = [
        [
            one["demand"],
            one["item"],
            one["market"],
            str(one["due"]),
            str(one["last"]),
            days(one["late_days"]) if one["late_days"] else DASH,
            units(one["quantity"]),
            f"{units(one['units'])} of {units(one['delivered'])}",
        ]
        for one in fed.filter(pl.col("quantity") >= least).iter_rows(named=True)
    ]
    stays = [
        [item, site, units(quantity)] for item, site, quantity in left.filter(pl.col("quantity") >= least).iter_rows()
    ]
    head = ["demand", "product", "at", "due", "last delivery", "late", unit, "products with it"]
    count = f"{number(len(rows))} {'demand' if len(rows) == 1 else 'demands'}"
    fed_table = _folded(head, rows, whole=whole, left=(0, 1, 2)) + _dust(fed.height - len(rows), unit)
    early = pegging.uncovered(peg)
    rest = [f"  and {units(early)} {unit} taken before they are there"] if early >= LEAST else []
    left_table = (
        _folded(["as", "at", unit], stays, whole=whole, left=(0, 1)) + _dust(left.height - len(stays), unit) + rest
    )
    return [
        *_section("Demands that it feeds", f"{units(float(fed['quantity'].sum()))} {unit} in {count}", fed_table),
        *_section("Stays in stock", f"{units(float(left['quantity'].sum()))} {unit}", left_table),
    ]


def _dust(count: int, unit: str) -> list[str]:
    """What is too little to list: roundings of orders, most often."""
    return [f"  and {number(count)} more with less than {LEAST} {unit} each"] if count else []


def _counted(peg: Peg) -> str:
    """What the numbers of a tree downstream count."""
    return f"{peg.unit_of} in it" if peg.unit_of != "units" else "units"


def _folded(head: Sequence[str], rows: list[list[str]], *, whole: bool, left: Iterable[int]) -> list[str]:
    if not rows:
        return []
    shown = rows if whole else rows[:ROWS]
    more = len(rows) - len(shown)
    return [*table(head, shown, left), *([f"  and {number(more)} more (--all shows them)"] if more else [])]


def _rows(rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [f"  {what.ljust(widths[0])}  {much.rjust(widths[1])}  {lay}".rstrip() for what, much, lay in rows]
