"""Who builds what, by bucket: stacked bars, with what is due as the line.

Where buckets are not of one length, bars are units a week: a month would stand above its weeks like a tower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.plan.kpis import allocation
from boxbuild.plan.service import planned_demand
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.charts.values import OTHERS, bucket_labels, by_bucket, largest
from boxbuild.views.text import percent, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

SERIES: Final = 10
"""Series of a picture before those that are put together."""

PRODUCTS: Final = 30
"""Products that can be chosen: those of which most is built."""


def builds(plan: Plan) -> Chart | None:
    """Return good units by bucket; of all products by product and by site, of each product by site."""
    rows = plan["builds"].join(allocation(plan).select("item").unique(), on="item", how="semi")
    if rows.is_empty():
        return None
    days = plan.network.calendar.lengths
    even = bool((days == days[0]).all())
    rows = rows.select("site", "item", "bucket", quantity="good")
    due = planned_demand(plan).select("item", "quantity", bucket="due_bucket")
    sizes = dict(rows.group_by("item").agg(pl.col("quantity").sum()).iter_rows())
    across = bucket_labels(plan.network.calendar)
    whole = _picture(plan, rows, due, "item")
    choices = [
        Choice("all, by product", whole, _says(rows, "item", "all products")),
        Choice("all, by site", _picture(plan, rows, due, "site"), _says(rows, "site", "all products")),
    ]
    for item in largest(sizes, PRODUCTS):
        own = rows.filter(pl.col("item") == item)
        picture = _picture(plan, own, due.filter(pl.col("item") == item), "site")
        choices.append(Choice(item, picture, _says(own, "site", item)))
    says = choices[1].says
    if len(sizes) > PRODUCTS:
        says += f" The {PRODUCTS} products of {len(sizes)} of which most is built can be chosen."
    choices[0] = Choice(choices[0].label, {}, says)
    data = {"across": across, "stacked": True, **whole}
    unit = "units" if even else "units a week"
    return Chart("builds-by-week", "bars", "Who builds what", says, unit, data, "product", tuple(choices))


def _picture(plan: Plan, rows: pl.DataFrame, due: pl.DataFrame, by: str) -> dict[str, Any]:
    rows, due = _weekly(plan, rows), _weekly(plan, due)
    calendar = plan.network.calendar
    sizes = dict(rows.group_by(by).agg(pl.col("quantity").sum()).iter_rows())
    kept = largest(sizes, SERIES if len(sizes) > SERIES + 1 else SERIES + 1)
    series = [{"name": name, "values": by_bucket(rows.filter(pl.col(by) == name), calendar)} for name in kept]
    rest = rows.filter(~pl.col(by).is_in(kept))
    if rest.height:
        series.append({"name": f"{OTHERS} ({len(sizes) - len(kept)})", "values": by_bucket(rest, calendar)})
    return {"series": series, "limit": by_bucket(due, calendar), "limit_name": "due"}


def _weekly(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """Quantities a week, where buckets are not of one length."""
    days = plan.network.calendar.lengths
    if (days == days[0]).all():
        return rows
    weeks = pl.Series("weeks", days / 7)[rows["bucket"].to_numpy()]
    return rows.with_columns(quantity=pl.col("quantity") / weeks)


def _says(rows: pl.DataFrame, by: str, what: str) -> str:
    sums = rows.group_by(by).agg(pl.col("quantity").sum()).sort("quantity", by, descending=[True, False])
    total = float(sums["quantity"].sum())
    if total <= 0:
        return f"Nothing of {what} is built."
    shares = [f"{name} {percent(units / total, 0)}" for name, units in sums.head(3).iter_rows()]
    many = f", {sums.height - 3} more the rest" if sums.height > 3 else ""
    return f"{short(total)} good units of {what}: {', '.join(shares)}{many}."
