"""The sections of a plan's summary: key figures in, lines of text out; no lines where nothing is to say."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any, Final

from boxbuild.plan.ledger import ACCOUNTS
from boxbuild.views.text import DASH, WIDTH, bar, cut, number, percent, short, table

Figures = dict[str, Any]

NAMES: Final = {
    "lost": "lost sales",
    "late": "late delivery",
    "tier": "price tiers",
    "shortfall": "contract shortfall",
    "residual": "residual value",
    "target": "target penalty",
    "surcharge": "welfare surcharge",
    "antidumping": "anti-dumping duty",
    "igst": "cost of IGST",
    "exemption": "exempt for export",
    "preference": "trade agreements",
    "rodtep": "RoDTEP",
    "incentive": "incentives",
    "subsidy": "capital subsidy",
}

DEFINITIONS: Final = {
    "va_pli": "PLI",
    "va_ppp": "PPP",
    "va_gross": "gross",
    "va_non_semiconductor": "non-semi",
    "rvc_build_down": "RVC down",
    "rvc_build_up": "RVC up",
    "rvc_net_cost": "net cost",
}
"""Short names of the definitions of value added."""

GAP: Final = " " * 6
"""Stands before a line that goes on."""

ACROSS: Final = 5
"""Products that have a column of their own."""

MOST: Final = 12
"""Rows of a section that are shown."""


def waterfall(figures: Figures) -> list[str]:
    """Cost by account: each bar starts where the one above ends; credits run back."""
    rows = sorted(figures["cost"], key=lambda row: _rank(row["account"]))
    if not rows:
        return []
    level, lows, highs = 0.0, [], []
    for row in rows:
        after = level + row["present"]
        lows.append(min(level, after))
        highs.append(max(level, after))
        level = after
    bottom = min(0.0, *lows)
    scale = (max(highs) - bottom) or 1.0
    width = WIDTH - 48
    lines = []
    for row, low, high in zip(rows, lows, highs, strict=True):
        name = NAMES.get(row["account"], row["account"])
        drawn = bar((high - low) / scale, width, (low - bottom) / scale) if high > low else ""
        sign = " (credit)" if row["present"] < 0 else ""
        lines.append(f"  {name:<18} {short(row['present']):>11} {percent(row['share']):>8}  {drawn}{sign}".rstrip())
    total = bar(max(level, 0.0) / scale, width, -bottom / scale)
    return [*lines, f"  {'total':<18} {short(level):>11} {'100.0 %':>8}  {total}"]


def products(figures: Figures) -> list[str]:
    """Cost of one delivered unit by product."""
    rows = sorted(figures["products"], key=lambda row: (-row["cost"], row["item"]))
    if not rows:
        return []
    body = [
        [
            row["item"],
            short(row["delivered"]),
            number(row["unit_cost"], 2),
            short(row["cost"]),
            short(row["penalties"]),
        ]
        for row in rows[:MOST]
    ]
    head = ["product", "delivered", "unit cost", "cost", "late and lost"]
    return [*table(head, body), *_more(rows)]


def service(figures: Figures) -> list[str]:
    """On time, late and lost by product and market, by the plan and by the orders."""
    rows = figures["service"]
    if not rows:
        return []
    ordered = any(row["orders_on_time"] is not None for row in rows)
    names = ("wanted", "on_time", "late", "lost", "orders_on_time", "orders_late", "orders_lost")
    total = {name: sum(row[name] or 0.0 for row in rows) for name in names}
    total |= {"item": "all", "market": ""}
    missed = [row for row in rows if not _in_full(row)]
    ranked = sorted(missed, key=lambda row: (row["on_time"] / (row["wanted"] or 1.0), -row["wanted"]))
    body = []
    for row in [*ranked[:MOST], total]:
        wanted = row["wanted"] or 1.0
        cells = [percent(row[name] / wanted) for name in names[1:4]]
        if ordered:
            cells += [percent((row[name] or 0.0) / wanted) for name in names[4:]]
        body.append([row["item"], row["market"], short(row["wanted"]), *cells])
    head = ["product", "market", "wanted", "on time", "late", "lost"]
    if ordered:
        head += ["orders: on time", "late", "lost"]
    lines = table(head, body, left=(0, 1))
    fine = len(rows) - len(missed)
    words = [f"  {fine} of {len(rows)} lines of product and market are on time in full"] if fine else []
    return [*lines[:-1], *_more(ranked), lines[-1], *words]


def _in_full(row: dict[str, Any]) -> bool:
    """Whether the plan, and the orders where there are any, deliver everything on time."""
    least = row["wanted"] * (1 - 1e-9)
    return row["on_time"] >= least and (row["orders_on_time"] is None or row["orders_on_time"] >= least)


def shortages(figures: Figures) -> list[str]:
    """The demands that are short or late by most units, each with its reason."""
    rows = figures["shortages"]
    body = [
        [cut(row["demand"], 28), row["due"], short(row["wanted"]), short(row["short"]), short(row["late"])]
        for row in rows
    ]
    if not body:
        return []
    lines = table(["demand", "due", "wanted", "short", "late"], body)
    width = max(map(len, lines))
    found = [lines[0].ljust(width) + "  because"]
    for line, row in zip(lines[1:], rows, strict=True):
        if len(row["reason"]) <= WIDTH - width - 2:
            found.append(f"{line.ljust(width)}  {row['reason']}")
        else:
            found += [
                line,
                *wrap(row["reason"], WIDTH, initial_indent=GAP, subsequent_indent=GAP, break_on_hyphens=False),
            ]
    return found


def allocation(figures: Figures) -> list[str]:
    """Who builds what: sites down, products across."""
    return _matrix(figures["allocation"], ("site", "partner"), "good")


def destinations(figures: Figures) -> list[str]:
    """Where it goes: markets down, products across."""
    return _matrix(figures["destinations"], ("market", "country"), "quantity")


def utilisation(figures: Figures) -> list[str]:
    """The ten busiest resources."""
    rows = [row for row in figures["utilisation"] if row["share"] is not None]
    body = [
        [
            row["resource"],
            percent(row["share"]),
            percent(row["peak"]),
            str(row["full"]),
            f"{short(row['overtime'])} {row['unit'] or ''}".strip() if row["overtime"] > 0 else DASH,
        ]
        for row in rows[:10]
    ]
    head = ["resource", "used", "peak", "full buckets", "overtime"]
    return _barred(head, body, rows[:10], rows)


def options(figures: Figures) -> list[str]:
    """Investments and choices: taken when, ready when."""
    rows = sorted(figures["options"], key=lambda row: (row["taken"] is None, row["taken"] or "", row["option"]))
    body = [
        [
            cut(row["option"], 30),
            f"taken {row['taken']}" if row["taken"] else "not taken",
            f"ready {row['ready']}" if row["ready"] else "",
            f"capex {row['currency']} {short(row['capex'])}" if row["capex"] else "",
        ]
        for row in rows
    ]
    return table(["option", "", "", ""], body, left=(0, 1, 2))[1:] if body else []


def contracts(figures: Figures) -> list[str]:
    """Contracts: what was agreed, what is planned, what is missing."""
    rows = figures["contracts"]
    body = []
    for row in rows[: MOST * 2]:
        least = [short(row["min"])] if row["min"] is not None else []
        least += [percent(row["min_share"])] if row["min_share"] is not None else []
        most = [short(row["max"])] if row["max"] is not None else []
        most += [percent(row["max_share"])] if row["max_share"] is not None else []
        missing = row["shortfall"] or 0.0
        body.append(
            [
                cut(row["contract"], 30),
                " and ".join(least) or DASH,
                " and ".join(most) or DASH,
                short(row["quantity"]),
                percent(row["share"]),
                f"SHORT BY {short(missing)}" if missing > 1e-6 else "met",
            ]
        )
    head = ["contract", "at least", "at most", "planned", "share", ""]
    return [*table(head, body, left=(0, 5)), *_more(rows, MOST * 2)] if body else []


def targets(figures: Figures) -> list[str]:
    """Targets: asked for and reached."""
    body = []
    for row in figures["targets"]:
        shown = short if row["metric"].startswith("units_") else percent
        verdict = "met" if row["met"] else "MISSED" if row["met"] is not None else DASH
        asked = shown(row["at_least"])
        body.append([cut(row["target"], 30), row["metric"], row["scope"] or "", asked, shown(row["reached"]), verdict])
    head = ["target", "metric", "scope", "at least", "reached", ""]
    return table(head, body, left=(0, 1, 2, 5)) if body else []


def locks(figures: Figures) -> list[str]:
    """Locks: what was asked, what is planned and ordered, and where whole lots and days leave them."""
    rows = figures["locks"]
    body = []
    for row in rows[:MOST]:
        least, most = row["min"], row["max"]
        asked = (
            f"fixed {short(least)}"
            if least == most
            else " to ".join(
                [f"at least {short(least)}"] * (least is not None) + [f"at most {short(most)}"] * (most is not None)
            )
        )
        off = row["off"] or 0.0
        left = f"orders {short(abs(off))} {'OVER' if off > 0 else 'UNDER'}" if off else "MISSED"
        body.append(
            [
                cut(row["lock"], 40),
                row["kind"],
                f"{row['start']} to {row['end']}",
                asked,
                short(row["planned"]),
                short(row["ordered"]) if row["ordered"] is not None else DASH,
                "held" if row["held"] else left,
            ]
        )
    head = ["lock", "", "days", "asked", "planned", "ordered", ""]
    if not body:
        return []
    rest = rows[0]["of"] - len(body)
    more = (
        [f"  ... and {rest:,} more, {max(rows[0]['left'] - len(body), 0):,} of which the orders leave"] if rest else []
    )
    return [*table(head, body, left=(0, 1, 2, 6)), *more]


def incentives(figures: Figures) -> list[str]:
    """Incentives: sales and investment of each applicant's year against its thresholds, and what is paid."""
    body = []
    for row in figures["incentives"]:
        missing = [
            f"{name} SHORT BY {short(row[column])}"
            for name, column in (("sales", "sales_short"), ("investment", "investment_short"))
            if row[column] > 0
        ]
        body.append(
            [
                f"{row['partner']} {row['segment']}",
                row["year"],
                f"{short(row['incremental'])} of {short(row['min_sales'])}",
                f"{short(row['investment'])} of {short(row['min_investment'])}",
                short(row["amount"]),
                ", ".join(missing) or "reached",
            ]
        )
    head = ["applicant", "year", "sales over the base", "investment", "paid", ""]
    return [*table(head, body[:MOST], left=(0, 1, 5)), *_more(body)] if body else []


def value_added(figures: Figures) -> list[str]:
    """How local each product is: a row for each product, site and year, a column for each definition."""
    shares: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in figures["value_added"]:
        shares.setdefault((row["item"], row["site"], row["year"]), {})[row["definition"]] = row["share"]
    if not shares:
        return []
    names = list(next(iter(shares.values())))
    body = [
        [cut(item, 20), cut(site, 16), year, *(percent(found.get(name)) for name in names)]
        for (item, site, year), found in shares.items()
    ]
    head = ["product", "site", "year", *(DEFINITIONS.get(name, name) for name in names)]
    return [*table(head, body[:MOST], left=(0, 1, 2)), *_more([{}] * len(body))]


def _rank(account: str) -> tuple[int, str]:
    return (ACCOUNTS.index(account) if account in ACCOUNTS else len(ACCOUNTS), account)


def _matrix(rows: list[dict[str, Any]], names: tuple[str, str], value: str) -> list[str]:
    """Units by place and product, with each place's share of all: the largest places and products."""
    cells = {((row[names[0]], row[names[1]] or ""), row["item"]): row[value] for row in rows}
    across = _largest({}, ((item, units) for (_, item), units in cells.items()))
    down = _largest({}, ((place, units) for (place, _), units in cells.items()))
    total = sum(cells.values())
    shown = list(across)[:ACROSS]
    rest = len(across) > ACROSS
    body = [
        [
            cut(place[0], 20),
            cut(place[1], 10),
            *(short(cells.get((place, item))) for item in shown),
            *([short(sum(cells.get((place, item), 0.0) for item in list(across)[ACROSS:]))] if rest else []),
            short(units),
            percent(units / total) if total else DASH,
        ]
        for place, units in down.items()
    ]
    head = [*names, *(cut(item, 12) for item in shown), *(["others"] if rest else []), "all", "share"]
    bars = [{"share": units / total if total else None} for units in down.values()]
    return _barred(head, body[:MOST], bars[:MOST], bars, left=(0, 1))


def _largest(sums: dict[Any, float], pairs: Iterable[tuple[Any, float]]) -> dict[Any, float]:
    for name, units in pairs:
        sums[name] = sums.get(name, 0.0) + units
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def _barred(
    head: list[str],
    body: list[list[str]],
    shown: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    left: tuple[int, ...] = (0,),
) -> list[str]:
    """A table with a bar for each row's share, where there is room for it."""
    if not body:
        return []
    lines = table(head, body, left=left)
    width = max(map(len, lines)) + 2
    room = min(WIDTH - width, 30)
    if room >= 8:
        drawn = [bar(row["share"], room) for row in shown]
        lines = [
            lines[0],
            *((line.ljust(width) + one).rstrip() for line, one in zip(lines[1:], drawn, strict=True)),
        ]
    return [*lines, *_more(rows, len(shown))]


def _more(rows: list[Any], shown: int = MOST) -> list[str]:
    return [f"  ... and {len(rows) - shown} more"] if len(rows) > shown else []
