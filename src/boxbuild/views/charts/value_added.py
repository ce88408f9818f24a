"""Value added by definition: how local each product is, beside what targets ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.law.value_added import DEFINITIONS as TITLES
from boxbuild.network.scope import parse_scope
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.charts.values import rounded
from boxbuild.views.sections import DEFINITIONS
from boxbuild.views.text import percent

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

MOST: Final = 30
"""Products, sites and years that are drawn: those of most units."""

_KEY: Final = ("item", "site", "year")


def value_added(plan: Plan) -> tuple[Chart, ...]:
    """Return the share of each product, site and year by every definition; and each definition with its targets."""
    table = plan["value_added"]
    if table.is_empty():
        return ()
    ranked = (
        table.group_by(_KEY).agg(pl.col("units").max()).sort("units", *_KEY, descending=[True, False, False, False])
    )
    shown = ranked.head(MOST).sort("item", "year", "site")
    keys = list(shown.select(_KEY).iter_rows())
    shares = {
        (item, site, year, definition): share
        for item, site, year, definition, share in table.select(*_KEY, "definition", "share").iter_rows()
    }
    order = {name: place for place, name in enumerate(DEFINITIONS)}
    names = sorted(table["definition"].unique(), key=lambda name: (order.get(name, len(order)), name))
    values = {name: [rounded(shares.get((*key, name)), 4) for key in keys] for name in names}
    labels = [f"{item} at {site}, {year}" for item, site, year in keys]
    says = _says(names, keys, values)
    if ranked.height > MOST:
        says += f" The {MOST} of {ranked.height:,} products, sites and years of which most is built are shown."
    cells = [[across, down, values[name][down]] for down in range(len(keys)) for across, name in enumerate(names)]
    data = {
        "across": [DEFINITIONS.get(name, name) for name in names],
        "down": labels,
        "values": cells,
        "kind": "percent",
    }
    return (
        Chart("value-added", "heat", "Value added", says, "share", data),
        _by_definition(plan, keys, labels, values),
    )


def _by_definition(
    plan: Plan, keys: list[tuple[str, str, str]], labels: list[str], values: dict[str, list[float | int | None]]
) -> Chart:
    """One definition at a time, beside what targets ask; the one that targets ask most of comes first."""
    asked = {name: _asked(plan, name, keys) for name in values}
    choices = []
    for name in sorted(values, key=lambda name: asked[name] is None):
        series = [{"name": DEFINITIONS.get(name, name), "values": values[name]}]
        says = _one(name, keys, values[name], asked[name])
        choices.append(Choice(DEFINITIONS.get(name, name), {"series": series, "limit": asked[name]}, says))
    data = {"across": labels, "stacked": False, "limit_name": "target", **choices[0].data}
    title = "Value added by one definition"
    return Chart(
        "value-added-by-definition", "bars", title, choices[0].says, "share", data, "definition", tuple(choices)
    )


def _asked(plan: Plan, definition: str, keys: list[tuple[str, str, str]]) -> list[float | None] | None:
    """What targets ask of each product and site by a definition: the most, where there are several."""
    rows = plan.network["targets"].filter(pl.col("metric") == definition)
    if rows.is_empty():
        return None
    network = plan.network
    items = {row["item"]: row for row in network["items"].select("item", "family").iter_rows(named=True)}
    sites = {row["site"]: row for row in network["sites"].select("site", "partner", "country").iter_rows(named=True)}
    found: list[float | None] = []
    for item, site, _ in keys:
        facts = {**items.get(item, {}), **sites.get(site, {})}
        asked = [
            row["at_least"]
            for row in rows.iter_rows(named=True)
            if all(facts.get(name) == value for name, value in parse_scope(row["scope"]).items() if name in facts)
        ]
        found.append(max(asked, default=None))
    return found


def _says(names: list[str], keys: list[tuple[str, str, str]], values: dict[str, list[float | int | None]]) -> str:
    item, site, year = keys[0]
    told = [
        f"{DEFINITIONS.get(name, name)} {percent(values[name][0])}" for name in names if values[name][0] is not None
    ]
    return f"{item} at {site} in {year} by each definition: {', '.join(told)}."


def _one(
    name: str, keys: list[tuple[str, str, str]], values: list[float | int | None], limit: list[float | None] | None
) -> str:
    known = [(value, key) for value, key in zip(values, keys, strict=True) if value is not None]
    title = TITLES[name].title if name in TITLES else name
    title = title[0].upper() + title[1:]
    if not known:
        return f"{title}: it cannot be computed of any product."
    (least, low), (most, high) = min(known), max(known)
    says = (
        f"{title}: from {percent(least)} ({low[0]} at {low[1]}, {low[2]}) to {percent(most)} "
        f"({high[0]} at {high[1]}, {high[2]})"
    )
    if limit:
        pairs = zip(values, limit, strict=True)
        below = sum(1 for value, asked in pairs if asked is not None and value is not None and value < asked)
        says += f"; {below} below the target" if below else "; none below the target"
    return f"{says}."
