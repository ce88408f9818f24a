"""Plans side by side, as charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.views.charts.chart import Chart, Choice, Report, Section
from boxbuild.views.charts.table import Cells, Column, table_data
from boxbuild.views.charts.values import plural, row_of
from boxbuild.views.compare import LABELS, OUTCOMES, claim_sentences, input_lines
from boxbuild.views.compare_change import MARKS, UNEXPLAINED, move_sentence
from boxbuild.views.sections import NAMES
from boxbuild.views.text import number, percent, short

if TYPE_CHECKING:
    from boxbuild.study.change_why import ChangeWhy
    from boxbuild.study.compare import Compared, Comparison

ORDERS: Final = 500
"""Orders that are listed, those with the most money first."""

STEPS, ACCOUNTS = 12, 8
"""Accounts that are drawn one by one, as changes and as costs."""

GROUPS: Final = (
    ("cost", "Cost", ("cost", "products", "cash", "investment")),
    ("service", "Service and markets", ("service", "exports", "markets")),
    ("making", "Who builds what", ("allocation", "resources", "options")),
    ("buying", "Purchases and localisation", ("purchases", "value_added")),
    ("promises", "Contracts, targets, incentives", ("contracts", "targets", "counts", "met", "incentives")),
)
"""Sections of the page, and the aspects in each."""

CELLS: Final[dict[str, tuple[Cells, int]]] = {
    "money": ("money", 0),
    "units": ("number", 0),
    "share": ("percent", 1),
    "date": ("date", 0),
    "text": ("text", 0),
}


def compare_report(found: Comparison, *, differences_only: bool = False) -> Report:
    """Return a comparison as a page of charts; with ``differences_only``, what is equal is left out."""
    sections = [Section("plans", "The plans", tuple(_plans(found))), Section("inputs", "Inputs", tuple(_inputs(found)))]
    for name, title, aspects in GROUPS:
        charts = tuple(
            chart for aspect in aspects for chart in _aspect(found, aspect, differences_only=differences_only)
        )
        if charts:
            sections.append(Section(name, title, charts))
    moved = tuple(_orders(found, differences_only=differences_only))
    if moved:
        sections.append(Section("orders", "Orders moved", moved))
    first = found.plans[0]
    return Report(
        title=" · ".join(found.names),
        subtitle=f"{first.network.settings.title or first.network.name}: every plan beside {found.names[0]}",
        sections=tuple(sections),
        origin={
            **{name: plan.network.digest for name, plan in zip(found.names, found.plans, strict=True)},
            "equal": found.tolerance.says(),
            "orders": f"An order moves by {found.window_days} days at most; farther apart, it is another one.",
        },
    )


def _tabled(
    name: str, title: str, says: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], unit: str = ""
) -> Chart:
    return Chart(name, "table", title, says, unit, _data(columns, rows))


def _data(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> dict[str, Any]:
    """Return the data of a table whose money is exact: a difference of large amounts is small."""
    given = [list(row) for row in rows]
    data = table_data(columns, given)
    exact = [place for place, column in enumerate(columns) if column.kind == "money"]
    for cells, row in zip(data["rows"], given, strict=True):
        for place in exact:
            value = row[place]
            cells[place] = round(value, 2) if isinstance(value, float) else cells[place]
    return data


def _plans(found: Comparison) -> Iterator[Chart]:
    currency = found.plans[0].summary.home_currency
    columns = [
        Column("plan", "Plan"),
        Column("status", "Status", "status"),
        Column("cost", "Cost", "money"),
        Column("bound", "Bound", "money"),
        Column("gap", "Gap", "percent", 3),
        Column("orders", "Cost of the orders", "money"),
    ]
    rows = [
        (
            name,
            f"{'good' if plan.summary.status == 'optimal' else 'warn'}: {plan.summary.status}",
            plan.summary.cost,
            plan.summary.bound if isfinite(plan.summary.bound) else None,
            plan.summary.gap if isfinite(plan.summary.gap) else None,
            plan.summary.release_cost,
        )
        for name, plan in zip(found.names, found.plans, strict=True)
    ]
    says = [
        sentence
        for name, claim in zip(found.names[1:], found.claims, strict=True)
        for sentence in claim_sentences(name, found.names[0], currency, claim)
    ]
    yield _tabled("plans", "Cost, bound and gap", " ".join(says), columns, rows, currency)
    yield Chart(
        "plan-costs",
        "bars",
        "Cost and bound",
        f"{', '.join(f'{name} {short(plan.summary.cost)}' for name, plan in _named(found))} {currency}.",
        currency,
        {
            "across": list(found.names),
            "series": [
                {"name": "cost", "values": row_of(plan.summary.cost for plan in found.plans)},
                {
                    "name": "bound",
                    "values": row_of(
                        plan.summary.bound if isfinite(plan.summary.bound) else 0.0 for plan in found.plans
                    ),
                },
            ],
            "stacked": False,
            "limit": None,
        },
    )


def _named(found: Comparison) -> Iterator[tuple[str, Any]]:
    return zip(found.names, found.plans, strict=True)


def _inputs(found: Comparison) -> Iterator[Chart]:
    columns = [
        Column("table", "Table"),
        Column("row", "Row"),
        Column("change", "Change"),
        Column("column", "Column"),
        Column("before", "Before"),
        Column("after", "After"),
        Column("from", "From", "date"),
        Column("until", "Until", "date"),
        Column("source", "Source"),
    ]
    for at, name in enumerate(found.names[1:]):
        rows = found.inputs[at]
        told = "; ".join(input_lines(rows)[:3])
        says = f"{plural(rows.height, 'difference')} in the tables and settings" + (f": {told}." if told else ".")
        yield _tabled(f"inputs-{at + 1}", f"What was changed in {name}", says, columns, rows.rows())


def _aspect(found: Comparison, name: str, *, differences_only: bool) -> Iterator[Chart]:
    compared = found.aspects.get(name)
    if compared is None or (differences_only and compared.differing.is_empty()):
        return
    if name == "cost":
        yield _waterfall(found, compared)
        yield _cost_bars(found, compared)
    if name == "cash":
        yield _cash(found, compared)
    if name == "allocation":
        yield _allocation(found, compared)
    yield _table(found, compared, differences_only=differences_only)


def _table(found: Comparison, compared: Compared, *, differences_only: bool) -> Chart:
    """One table for each measure, to choose from where there are several."""
    aspect = compared.aspect
    pictures = [
        Choice(
            LABELS.get(measure, measure).capitalize(),
            _measure(found, compared, measure, differences_only=differences_only),
        )
        for measure in aspect.measures
    ]
    differing = compared.differing.height
    says = f"{plural(differing, 'figure')} of {compared.rows.height:,} differ{'s' if differing == 1 else ''}."
    note = f" {aspect.note[0].upper()}{aspect.note[1:]}." if aspect.note else ""
    several = len(pictures) > 1
    return Chart(
        f"table-{aspect.name.replace('_', '-')}",
        "table",
        aspect.title,
        says + note,
        found.plans[0].summary.home_currency if "money" in aspect.measures.values() else "",
        pictures[0].data,
        "figure" if several else "",
        tuple(pictures) if several else (),
    )


def _measure(found: Comparison, compared: Compared, measure: str, *, differences_only: bool) -> dict[str, Any]:
    aspect = compared.aspect
    kind = aspect.measures[measure]
    cells, decimals = CELLS[kind]
    if measure == "unit_cost":
        decimals = 2
    plans = len(found.plans)
    columns = [Column(key, key.replace("_", " ").capitalize()) for key in aspect.keys]
    columns += [Column(f"value_{place}", name, cells, decimals) for place, name in enumerate(found.names)]
    if kind != "text":
        shown: tuple[Cells, int] = ("number", 0) if kind == "date" else (cells, decimals)
        days = ", days" if kind == "date" else ""
        columns += [
            Column(f"change_{place}", f"{found.names[place]} less {found.names[0]}{days}", *shown)
            for place in range(1, plans)
        ]
    rows = compared.measure(measure, differences_only=differences_only)
    if aspect.numeric and aspect.name != "cash":
        largest = pl.max_horizontal([pl.col(f"change_{place}").abs() for place in range(1, plans)])
        rows = rows.sort(largest, descending=True, nulls_last=True, maintain_order=True)
    if "account" in aspect.keys:
        rows = rows.with_columns(pl.col("account").replace(NAMES))
    return _data(columns, rows.select(column.name for column in columns).rows())


def _waterfall(found: Comparison, compared: Compared) -> Chart:
    """From the cost of the base to that of another plan, account by account."""
    pictures = [_steps(found, compared, place) for place in range(1, len(found.plans))]
    several = len(pictures) > 1
    return Chart(
        "cost-waterfall",
        "waterfall",
        f"From the cost of {found.names[0]} to the other",
        pictures[0].says,
        found.plans[0].summary.home_currency,
        pictures[0].data,
        "plan" if several else "",
        tuple(pictures) if several else (),
    )


def _steps(found: Comparison, compared: Compared, place: int) -> Choice:
    """Steps of the difference alone: beside the whole cost they would not be seen."""
    base, name = found.names[0], found.names[place]
    change = pl.col(f"change_{place}")
    rows = compared.measure("present").filter(change.abs() > found.tolerance.money)
    steps = rows.sort(change.abs(), descending=True).select("account", change).rows()
    costs = found.plans[0].summary.cost, found.plans[place].summary.cost
    drawn = [(NAMES.get(account, account), value) for account, value in steps[:STEPS]]
    rest = sum(value for _, value in steps[STEPS:])
    if len(steps) > STEPS:
        drawn.append((f"{len(steps) - STEPS} more accounts", rest))
    largest = ", ".join(f"{account} {short(value)}" for account, value in drawn[:3])
    says = f"{name} costs {short(costs[1])} and {base} {short(costs[0])}"
    total = {"name": f"{name} less {base}", "value": round(costs[1] - costs[0], 2), "kind": "total"}
    return Choice(
        name,
        {"steps": [*({"name": one, "value": round(value, 2), "kind": "step"} for one, value in drawn), total]},
        f"{says}; what changes most: {largest}." if largest else f"{says}: no account differs.",
    )


def _cost_bars(found: Comparison, compared: Compared) -> Chart:
    rows = compared.measure("present")
    ranked = rows.sort(pl.col("value_0").abs(), descending=True).head(ACCOUNTS)
    return Chart(
        "cost-bars",
        "bars",
        "The largest accounts",
        f"{len(ranked)} of {plural(rows.height, 'account')}, the largest of {found.names[0]} first.",
        found.plans[0].summary.home_currency,
        _bars(found, ranked, [NAMES.get(name, name) for name in ranked["account"]]),
    )


def _cash(found: Comparison, compared: Compared) -> Chart:
    rows = compared.measure("paid")
    series = [
        {"name": name, "values": row_of(rows[f"value_{place}"]), "kind": "line", "stack": None}
        for place, name in enumerate(found.names)
    ]
    return Chart(
        "cash-lines",
        "lines",
        "Cash by month",
        f"Paid in {plural(rows.height, 'month')}, not discounted.",
        found.plans[0].summary.home_currency,
        {"across": rows["month"].to_list(), "series": series},
    )


def _allocation(found: Comparison, compared: Compared) -> Chart:
    """Units by site, one picture for each product."""
    rows = compared.measure("good")
    pictures = []
    for item in rows["item"].unique(maintain_order=True):
        own = rows.filter(pl.col("item") == item).sort("value_0", descending=True)
        pictures.append(Choice(item, _bars(found, own, own["site"].to_list()), f"{item}: {_largest_move(own)}"))
    return Chart(
        "allocation-bars",
        "bars",
        "Who builds what",
        pictures[0].says,
        "units",
        pictures[0].data,
        "product",
        tuple(pictures),
    )


def _largest_move(rows: pl.DataFrame) -> str:
    change = pl.col("change_1")
    row = rows.sort(change.abs(), descending=True).row(0, named=True)
    if not row["change_1"]:
        return "no site builds more or less."
    more = "more" if row["change_1"] > 0 else "less"
    return f"{row['site']} builds {short(abs(row['change_1']))} {more}."


def _bars(found: Comparison, rows: pl.DataFrame, labels: list[str]) -> dict[str, Any]:
    series = [
        {"name": name, "values": row_of(value or 0.0 for value in rows[f"value_{place}"])}
        for place, name in enumerate(found.names)
    ]
    return {"across": labels, "series": series, "stacked": False, "limit": None}


def _orders(found: Comparison, *, differences_only: bool) -> Iterator[Chart]:
    summary = [
        Column("kind", "Kind"),
        Column("outcome", "What became of them"),
        Column("orders", "Lines", "number"),
        Column("units", "Units", "number"),
        Column("money", "At value", "money"),
        Column("days", "Days later, mean", "number", 1),
    ]
    detail = [
        Column("kind", "Kind"),
        Column("item", "Item"),
        Column("site", "Site"),
        Column("destination", "Destination"),
        Column("reference", "Reference"),
        Column("outcome", "What became of it"),
        Column("before", "Before", "date"),
        Column("after", "After", "date"),
        Column("days", "Days later", "number"),
        Column("quantity", "Units", "number"),
        Column("money", "At value", "money"),
    ]
    currency = found.plans[0].summary.home_currency
    for at, name in enumerate(found.names[1:]):
        rows = found.orders_summary[at].with_columns(pl.col("outcome").replace(OUTCOMES))
        moved = found.orders[at].filter(pl.col("outcome") != "same")
        if rows.is_empty() or (differences_only and moved.is_empty()):
            continue
        value = float(moved["money"].sum() or 0.0)
        says = (
            f"{plural(moved.height, 'line')} of {found.orders[at].height:,} moved, {currency} {short(value)} at value."
        )
        columns = [column.name for column in summary]
        yield _tabled(f"orders-{at + 1}", f"Orders of {name}", says, summary, rows.select(columns).rows(), currency)
        if moved.is_empty():
            continue
        ranked = moved.sort("money", "quantity", descending=True, nulls_last=True).head(ORDERS)
        shown = ranked.with_columns(pl.col("outcome").replace(OUTCOMES)).select(column.name for column in detail)
        listed = f"The {number(ranked.height)} with the most money of {number(moved.height)}"
        share = float(ranked["money"].sum() or 0.0) / value if value else None
        yield _tabled(
            f"orders-moved-{at + 1}",
            f"Orders that moved in {name}",
            f"{listed}: {percent(share)} of what moved.",
            detail,
            shown.rows(),
            currency,
        )


def change_report(found: ChangeWhy) -> Report:
    """Return what moved between two plans and why as a page: moves with their reasons, and the comparison."""
    open_move = {"name": UNEXPLAINED, "value": "", "note": "", "children": []}
    roots = [
        {
            "name": f"{place}. {move_sentence(move)}",
            "value": short(move.money),
            "note": "",
            "children": [
                {"name": reason.says, "value": "", "note": reason.ground, "children": []} for reason in reasons
            ]
            or [open_move],
        }
        for place, (move, reasons) in enumerate(found.moves, 1)
    ]
    says = f"{MARKS} {plural(found.open_moves, 'move')} of {len(found.moves)} without a reason in the data."
    currency = found.comparison.plans[0].summary.home_currency
    report = compare_report(found.comparison, differences_only=True)
    tree = Chart("moves", "tree", "What moved", says, currency, {"roots": roots})
    plans, inputs, *rest = report.sections
    return replace(report, sections=(plans, inputs, Section("moves", "What moved, and why", (tree,)), *rest))
