"""Plans side by side, as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.views.sections import NAMES
from boxbuild.views.text import DASH, WIDTH, cut, heading, number, percent, short, table

if TYPE_CHECKING:
    from boxbuild.study.compare import Aspect, Claim, Compared, Comparison

MOST: Final = 12
"""Rows of a section that are shown."""

MANY: Final = 6
"""Rows changed alike that are told one by one; more are told together."""

SHOWN: Final = {
    "cost": ("present",),
    "products": ("unit_cost",),
    "service": ("on_time", "late", "lost", "orders_late", "orders_lost"),
    "allocation": ("good",),
    "purchases": ("money",),
    "exports": ("share", "units"),
    "incentives": ("amount",),
    "options": ("taken",),
    "contracts": ("planned", "shortfall"),
    "resources": ("share", "overtime"),
}
"""Measures of an aspect that a terminal shows, where it does not show all."""

LABELS: Final = {
    "on_time": "on time",
    "orders_on_time": "orders: on time",
    "orders_late": "orders: late",
    "orders_lost": "orders: lost",
    "unit_cost": "unit cost",
    "present": "cost",
    "good": "units",
    "peak": "busiest bucket",
    "full": "full buckets",
}
"""What measures are called, where it is not by their name."""

OUTCOMES: Final = {
    "same": "as they were",
    "earlier": "earlier",
    "later": "later",
    "added": "added",
    "more": "for more",
    "gone": "gone",
    "less": "for less",
}
"""What became of orders."""


def compare_page(found: Comparison, *, differences_only: bool = False, most: int = MOST) -> list[str]:
    """Return a comparison as lines of a hundred signs.

    Parameters
    ----------
    found
        The comparison.
    differences_only
        Whether to leave out what is equal.
    most
        Rows of a section; those that change most come first.
    """
    lines = [" · ".join(found.names), *_heads(found), "", *_claims(found)]
    for at, name in enumerate(found.names[1:]):
        lines += ["", heading("What was changed", name), *_inputs(found.inputs[at], most)]
    for compared in found.aspects.values():
        body = _aspect(found, compared, differences_only=differences_only, most=most)
        if body:
            lines += ["", heading(compared.aspect.title, compared.aspect.note), *body]
    for at, name in enumerate(found.names[1:]):
        body = _orders(found, at, most)
        if body and not (differences_only and (found.orders[at]["outcome"] == "same").all()):
            note = f"{name}; an order moves by {found.window_days} days at most"
            lines += ["", heading("Orders moved", note), *body]
    if found.same:
        lines += ["", "Nothing differs: no input, no figure, no order."]
    return [*lines, "", *wrap(found.tolerance.says(), WIDTH)]


def claim_sentences(name: str, base: str, currency: str, claim: Claim) -> list[str]:
    """Return the difference of two costs, and what is proven about the optima behind them."""
    less = claim.difference < 0
    amount = f"{currency} {number(abs(claim.difference), 2)}"
    if abs(claim.difference) < 0.005:
        first = f"{name} costs what {base} costs."
    else:
        first = f"{name} costs {amount} {'less' if less else 'more'} than {base}."
    if claim.same_network:
        return [first, "Both planned the same network: its optimum is one, and the difference lies within the gaps."]
    if not (isfinite(claim.least) and isfinite(claim.most)):
        return [first, "A plan has no bound: nothing is proven about the optima."]
    least, most = _signed(claim.least, 2), _signed(claim.most, 2)
    span = f"between {least} and {most}" if least != most else f"at {least}"
    second = f"Proven: the optimum of {name} less that of {base} lies {span}"
    verdict = {
        "dearer": f"{name} is dearer at its best, too.",
        "cheaper": f"{name} is cheaper at its best, too.",
        "equal": "the optima are equal.",
        "open": "the gaps do not allow saying which is cheaper at its best; plan both with a smaller --gap.",
    }
    return [first, f"{second}: {verdict[claim.proven]}"]


def _heads(found: Comparison) -> list[str]:
    body = []
    for name, plan in zip(found.names, found.plans, strict=True):
        summary = plan.summary
        body.append(
            [
                cut(name, 30),
                summary.status,
                number(summary.cost, 2),
                number(summary.bound, 2) if isfinite(summary.bound) else DASH,
                percent(summary.gap, 3) if isfinite(summary.gap) else DASH,
                number(summary.release_cost, 2),
            ]
        )
    currency = found.plans[0].summary.home_currency
    return table(["plan", "status", f"cost, {currency}", "bound", "gap", "cost of the orders"], body, left=(0, 1))


def _claims(found: Comparison) -> list[str]:
    currency = found.plans[0].summary.home_currency
    lines = []
    for name, claim in zip(found.names[1:], found.claims, strict=True):
        for sentence in claim_sentences(name, found.names[0], currency, claim):
            lines += wrap(sentence, WIDTH, break_on_hyphens=False)
    return lines


def _inputs(rows: pl.DataFrame, most: int) -> list[str]:
    if rows.is_empty():
        return ["  nothing: the tables and settings are the same"]
    every = input_lines(rows)
    lines = [line for text in every[:most] for line in _wrapped(text)]
    return [*lines, *_more(every, most)]


def input_lines(rows: pl.DataFrame) -> list[str]:
    """Return the differences between two networks, a sentence each; one for many rows with the same column changed."""
    alike = ["table", "change", "column", "from", "until"]
    found: list[str] = []
    for group in rows.partition_by(alike, maintain_order=True):
        if group.height <= MANY:
            found += [input_sentence(row) for row in group.iter_rows(named=True)]
        else:
            found.append(_many(group))
    return found


def _many(rows: pl.DataFrame) -> str:
    first = rows.row(0, named=True)
    days = _days(first["from"], first["until"])
    names = f"{rows.height:,} rows, such as {first['row']}"
    if first["change"] != "changed":
        return f"{first['table']}: {names}: {first['change']}{days}"
    figures = rows.select(pl.col("before", "after").cast(pl.Float64, strict=False))
    said = f"{first['table']}: {first['column']} of {names}{days}"
    if figures.null_count().sum_horizontal().item():
        return said
    before, after = figures.sum().row(0)
    part = f" ({_percent_change((after - before) / abs(before))})" if before else ""
    return f"{said}: {short(before)} → {short(after)} in all{part}"


def input_sentence(row: dict[str, Any]) -> str:
    """Return a difference between two networks as one line."""
    days = _days(row["from"], row["until"])
    name = row["table"] if row["table"] == "settings" else f"{row['table']} {row['row']}"
    if row["change"] == "changed" and row["column"]:
        return f"{name}: {row['column']} {row['before'] or DASH} → {row['after'] or DASH}{days}"
    content = row["after"] or row["before"]
    return f"{name}: {row['change']}{days}" + (f" ({content})" if content else "")


def _days(first: object, last: object) -> str:
    if first and last:
        return f", {first} to {last}"
    return f", from {first}" if first else f", until {last}" if last else ""


def _aspect(found: Comparison, compared: Compared, *, differences_only: bool, most: int) -> list[str]:
    aspect = compared.aspect
    measures = SHOWN.get(aspect.name, tuple(aspect.measures))
    rows = compared.rows.filter(pl.col("measure").is_in(measures))
    if differences_only:
        rows = rows.filter("differs")
    if rows.is_empty():
        return []
    several = len(measures) > 1
    most = most * 2 if aspect.name in ("cost", "cash") else most
    head = [*(key.replace("_", " ") for key in aspect.keys), *(["what"] if several else []), *_heads_of_values(found)]
    body = [
        [*_keys(aspect, row), *([_label(row["measure"])] if several else []), *_values(found, aspect, row)]
        for row in _ranked(rows, aspect, len(found.plans)).head(most).iter_rows(named=True)
    ]
    if aspect.name == "cost":
        body.append(["total", *_total(found)])
    lines = table(head, body, left=range(len(aspect.keys) + several))
    return (
        [*lines[:-1], *_more(rows.height, most), lines[-1]]
        if aspect.name == "cost"
        else [*lines, *_more(rows.height, most)]
    )


def _ranked(rows: pl.DataFrame, aspect: Aspect, plans: int) -> pl.DataFrame:
    """Rows by their largest change, as a part of all that changes in that measure; in their order where none does."""
    if not aspect.numeric or aspect.name == "cash":
        return rows
    largest = pl.max_horizontal([pl.col(f"change_{place}").abs() for place in range(1, plans)]).fill_null(0.0)
    size = pl.max_horizontal([pl.col(f"value_{place}").abs() for place in range(plans)]).fill_null(0.0)
    return (
        rows.with_columns(_change=largest, _size=size)
        .with_columns(
            _part=(pl.col("_change") / pl.col("_change").sum().over("measure")).fill_nan(0.0),
            _all=(pl.col("_size") / pl.col("_size").sum().over("measure")).fill_nan(0.0),
        )
        .sort("differs", "_part", "_all", descending=True, maintain_order=True)
    )


def _keys(aspect: Aspect, row: dict[str, Any]) -> list[str]:
    width = 24 if len(aspect.keys) < 3 else 18
    return [
        cut(NAMES.get(row[key], row[key]) if key == "account" else str(row[key] or DASH), width) for key in aspect.keys
    ]


def _label(measure: str) -> str:
    return LABELS.get(measure, measure)


def _heads_of_values(found: Comparison) -> list[str]:
    """Two plans stand side by side with their difference; of more, the first, and what the others change."""
    width = 20 if len(found.names) == 2 else 16
    names = [cut(name, width) for name in found.names]
    return [*names, "change", ""] if len(names) == 2 else [names[0], *names[1:]]


def _values(found: Comparison, aspect: Aspect, row: dict[str, Any]) -> list[str]:
    kind = aspect.measures[row["measure"]]
    shows = _writer(kind)
    if len(found.names) == 2:
        change = row["change_1"]
        part = (
            change / abs(row["value_0"]) if aspect.numeric and change and row["value_0"] and kind != "share" else None
        )
        return [shows(row["value_0"]), shows(row["value_1"]), _change(row, 1, kind), _percent_change(part)]
    return [shows(row["value_0"]), *(_change(row, place, kind) for place in range(1, len(found.names)))]


def _writer(kind: str) -> Callable[[Any], str]:
    if kind in ("money", "units"):
        return short
    if kind == "share":
        return percent
    return lambda value: DASH if value is None else str(value)


def _change(row: dict[str, Any], place: int, kind: str) -> str:
    change = row[f"change_{place}"]
    if kind == "date":
        value = row[f"value_{place}"]
        if change:
            return f"{abs(change):.0f} days {'later' if change > 0 else 'earlier'}"
        return "=" if value == row["value_0"] else "taken" if value is not None else "not taken"
    if kind == "text":
        return "=" if row[f"value_{place}"] == row["value_0"] else str(row[f"value_{place}"] or DASH)
    if change is None:
        return DASH
    if kind == "share":
        return f"{change * 100:+.1f} pp" if abs(change) >= 5e-4 else "=" if not change else "~0"
    return _signed_short(change)


def _signed_short(value: float) -> str:
    text = short(abs(value))
    if not text.strip("0.,"):
        return "=" if not value else "~0"
    return f"{'-' if value < 0 else '+'}{text}"


def _percent_change(part: float | None) -> str:
    if part is None or abs(part) < 5e-4:
        return ""
    return f"{part * 100:+,.1f} %" if abs(part) < 10 else f"× {1 + part:,.0f}"


def _signed(value: float, decimals: int = 0) -> str:
    text = number(value, decimals)
    return text if value < 0 or not text.strip("0.,") else f"+{text}"


def _total(found: Comparison) -> list[str]:
    costs = [plan.summary.cost for plan in found.plans]
    if len(costs) == 2:
        part = (costs[1] - costs[0]) / abs(costs[0]) if costs[0] else None
        return [short(costs[0]), short(costs[1]), _signed_short(costs[1] - costs[0]), _percent_change(part)]
    return [short(costs[0]), *(_signed_short(cost - costs[0]) for cost in costs[1:])]


def _orders(found: Comparison, at: int, most: int) -> list[str]:
    summary = found.orders_summary[at]
    if summary.is_empty():
        return []
    body = [
        [
            row["kind"],
            OUTCOMES[row["outcome"]],
            number(row["orders"]),
            short(row["units"]),
            short(row["money"]),
            f"{row['days']:+.1f}" if row["days"] else "",
        ]
        for row in summary.iter_rows(named=True)
    ]
    lines = table(["orders", "", "lines", "units", "at value", "days, mean"], body, left=(0, 1))
    moved = found.orders[at].filter(pl.col("outcome") != "same").sort("money", "quantity", descending=True)
    largest = [_order(row) for row in moved.head(most).iter_rows(named=True)]
    if not largest:
        return lines
    head = ["largest", "item", "where", "units", "before", "after", ""]
    return [*lines, "", *table(head, largest, left=(0, 1, 2)), *_more(moved.height, most)]


def _order(row: dict[str, Any]) -> list[str]:
    where = f"{row['site']} → {row['destination']}" if row["destination"] else row["site"]
    days = f"{row['days']:+d} d" if row["outcome"] in ("earlier", "later") else OUTCOMES[row["outcome"]]
    dates = [str(row[name] or DASH) for name in ("before", "after")]
    return [row["kind"], cut(row["item"], 22), cut(where, 26), number(row["quantity"]), *dates, days]


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)


def _more(rows: int | Sequence[object], most: int) -> list[str]:
    count = rows if isinstance(rows, int) else len(rows)
    return [f"  ... and {count - most:,} more"] if count > most else []
