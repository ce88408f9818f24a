"""Plans side by side, as a workbook: the plans and what is proven first, then inputs, every aspect, and the orders."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.views.compare import LABELS, OUTCOMES, claim_sentences
from boxbuild.views.sections import NAMES
from boxbuild.views.sheets import FIRST, INK, Book, Column, Kind, Placed, new_book

if TYPE_CHECKING:
    from boxbuild.study.compare import Compared, Comparison

KINDS: Final[dict[str, Kind]] = {
    "money": "money",
    "units": "exact",
    "share": "percent",
    "date": "date",
    "text": "status",
}
FRONT: Final = "compare"
MOST_ORDERS: Final = 20_000
"""Orders that are written, those with the most money first."""


def write_comparison(found: Comparison, file: Path, *, differences_only: bool = False) -> Path:
    """Write a comparison as a workbook; the file is there whole or not at all.

    Raises
    ------
    UsageError
        The file is not an ``.xlsx``.
    """
    with new_book(file, " · ".join(found.names)) as book:
        _front(book, found)
        _inputs(book, found)
        for name, compared in found.aspects.items():
            if differences_only and compared.differing.is_empty():
                continue
            placed = _aspect(book, found, compared, differences_only=differences_only)
            if name == "cost":
                _chart(book, found, placed)
        _orders(book, found)
    return file


def _front(book: Book, found: Comparison) -> None:
    sheet = book.sheet(FRONT)
    currency = found.plans[0].summary.home_currency
    book.title(sheet, " · ".join(found.names), f"Every plan beside {found.names[0]}. {found.tolerance.says()}")
    columns = [
        Column("plan", "plan", width=34),
        Column("status", "status", "status", tones={"optimal": "good", "feasible": "warn"}),
        Column("cost", f"cost, {currency}", "price", width=22),
        Column("bound", "bound", "price", width=22),
        Column("gap", "gap", "percent"),
        Column("release_cost", "cost of the orders", "price", width=22),
        Column("difference", f"less that of {found.names[0]}", "price", width=22),
        Column("least", "optima differ by at least", "price", width=22),
        Column("most", "and by at most", "price", width=22),
    ]
    rows = [
        {
            "plan": name,
            "status": plan.summary.status,
            "cost": plan.summary.cost,
            "bound": _finite(plan.summary.bound),
            "gap": _finite(plan.summary.gap),
            "release_cost": plan.summary.release_cost,
            "difference": found.claims[place - 1].difference if place else None,
            "least": _finite(found.claims[place - 1].least) if place else None,
            "most": _finite(found.claims[place - 1].most) if place else None,
        }
        for place, (name, plan) in enumerate(zip(found.names, found.plans, strict=True))
    ]
    placed = book.table(sheet, columns, pl.DataFrame(rows, infer_schema_length=None))
    line = placed.last + 2
    for name, claim in zip(found.names[1:], found.claims, strict=True):
        for sentence in claim_sentences(name, found.names[0], currency, claim):
            sheet.write_string(line, 0, sentence)
            line += 1


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _inputs(book: Book, found: Comparison) -> None:
    sheet = book.sheet("inputs")
    book.title(sheet, "What was changed", "Rows and settings in which the networks differ", back=FRONT)
    columns = [
        Column("plan", "plan"),
        Column("table", "table"),
        Column("row", "row", width=34),
        Column("change", "change", "status", tones={"added": "good", "gone": "bad", "changed": "warn"}),
        Column("column", "column"),
        Column("before", "before", width=24),
        Column("after", "after", width=24),
        Column("from", "from", "date"),
        Column("until", "until", "date"),
        Column("source", "source", width=30),
    ]
    frames = [
        rows.select(pl.lit(name).alias("plan"), pl.all())
        for name, rows in zip(found.names[1:], found.inputs, strict=True)
    ]
    book.table(sheet, columns, pl.concat(frames), frozen=3)


def _aspect(book: Book, found: Comparison, compared: Compared, *, differences_only: bool) -> Placed:
    aspect = compared.aspect
    sheet = book.sheet(aspect.name.replace("_", " "))
    book.title(sheet, aspect.title, aspect.note, back=FRONT)
    frame = compared.wide(differences_only=differences_only)
    if "account" in aspect.keys:
        frame = frame.with_columns(pl.col("account").replace(NAMES))
    columns = [Column(key, key.replace("_", " "), width=24) for key in aspect.keys]
    changes: list[str] = []
    for measure, kind in aspect.measures.items():
        label = LABELS.get(measure, measure)
        exact = measure == "unit_cost"
        shown: Kind = "price" if exact else KINDS[kind]
        adds_up = bool(aspect.keys) and kind in ("money", "units") and not exact and measure != "wanted"
        for place, name in enumerate(found.names):
            columns.append(Column(f"{measure} value_{place}", f"{label}: {name}", shown, total=adds_up))
        if kind == "text":
            continue
        for place in range(1, len(found.names)):
            changed = f"{measure} change_{place}"
            title = f"{label}: {found.names[place]} less {found.names[0]}" + (", days" if kind == "date" else "")
            columns.append(Column(changed, title, "number" if kind == "date" else shown, total=adds_up))
            changes.append(changed)
    placed = book.table(sheet, columns, frame, frozen=max(len(aspect.keys), 0))
    _coloured(book, placed, changes)
    return placed


def _coloured(book: Book, placed: Placed, changes: list[str]) -> None:
    """Mark what is more and what is less: the sign says which, the colour finds it."""
    for name in changes:
        column = placed.place(name)
        for criteria, style in ((">", book.tone("warn")), ("<", book.tone("good"))):
            rule = {"type": "cell", "criteria": criteria, "value": 0, "format": style}
            placed.sheet.conditional_format(placed.first, column, placed.last, column, rule)


def _chart(book: Book, found: Comparison, placed: Placed) -> None:
    """Bars of what every account changes."""
    chart = book.raw.add_chart({"type": "bar"})
    for place, name in enumerate(found.names[1:], 1):
        chart.add_series(
            {
                "name": f"{name} less {found.names[0]}",
                "categories": placed.cells("account"),
                "values": placed.cells(f"present change_{place}"),
                "invert_if_negative": False,
                **({"fill": {"color": INK}} if len(found.names) == 2 else {}),
            }
        )
    chart.set_title({"name": f"What changes, {found.plans[0].summary.home_currency}, discounted"})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": "#,##0"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 60 + 26 * max(placed.last - placed.first + 1, 6)})
    placed.sheet.insert_chart(FIRST, len(placed.columns) + 1, chart)


def _orders(book: Book, found: Comparison) -> None:
    for place, name in enumerate(found.names[1:], 1):
        rows = found.orders[place - 1].filter(pl.col("outcome") != "same")
        ranked = rows.sort("money", "quantity", descending=True, nulls_last=True)
        shown = ranked.head(MOST_ORDERS)
        said = f"{name}: orders that an order of {found.names[0]} became, or that are new, or gone"
        left = f"; the {MOST_ORDERS:,} with the most money of {rows.height:,}" if rows.height > MOST_ORDERS else ""
        sheet = book.sheet(f"orders {place}" if len(found.names) > 2 else "orders")
        book.title(sheet, "Orders moved", f"{said}; by {found.window_days} days at most{left}", back=FRONT)
        outcome = {
            OUTCOMES["added"]: "good",
            OUTCOMES["gone"]: "bad",
            OUTCOMES["less"]: "warn",
            OUTCOMES["more"]: "good",
            OUTCOMES["later"]: "warn",
            OUTCOMES["earlier"]: "calm",
        }
        columns = [
            Column("kind", "kind", width=10),
            Column("item", "item", width=24),
            Column("site", "site"),
            Column("destination", "destination"),
            Column("reference", "reference", width=24),
            Column("outcome", "what became of it", "status", tones=outcome),  # type: ignore[arg-type]
            Column("before", "before", "date"),
            Column("after", "after", "date"),
            Column("days", "days later", "number"),
            Column("quantity", "units", "exact", total=True),
            Column("money", "at value", "money", total=True),
        ]
        book.table(sheet, columns, shown.with_columns(pl.col("outcome").replace(OUTCOMES)), frozen=2)
