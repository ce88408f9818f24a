"""Buying and selling: purchases by supplier and country of origin, deliveries by market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.plan import kpis
from boxbuild.plan.service import service
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.charts.table import Column, table_chart
from boxbuild.views.charts.values import OTHERS, bucket_labels, by_bucket, largest, plural
from boxbuild.views.text import percent, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

MOST: Final = 60
"""Rows of a table: those of most money."""

SERIES: Final = 9
"""Countries and markets that have a series of their own."""


def _bought(plan: Plan) -> pl.DataFrame:
    """What is paid for parts (material, mark-up and price tiers) by offer and bucket of payment, not discounted."""
    offers = (
        plan.network["sources"]
        .join(plan.network["sites"].select("country", supplier="site"), on="supplier", how="left")
        .with_columns(origin=pl.coalesce("origin", "country"))
        .select("offer", "item", "supplier", "country", "origin")
        .unique("offer", keep="first", maintain_order=True)
    )
    return (
        plan["ledger"]
        .filter(pl.col("account").is_in(["material", "markup"]))
        .select("bucket", amount=pl.col("amount").cast(pl.Float64), offer=pl.col("key").str.split("|").list.first())
        .group_by("offer", "bucket")
        .agg(pl.col("amount").sum())
        .join(offers, on="offer", how="inner")
    )


def purchases(plan: Plan) -> tuple[Chart, ...]:
    """Return purchases by origin and bucket, by supplier, and the largest lines of the buy plan."""
    paid = _bought(plan)
    if paid.is_empty():
        return ()
    return (_by_origin(plan, paid), _by_supplier(plan, paid), _buy_plan(plan, paid))


def _by_origin(plan: Plan, paid: pl.DataFrame) -> Chart:
    calendar, home = plan.network.calendar, plan.summary.home_currency
    choices = []
    for label, by in (("by country of origin", "origin"), ("by supplier", "supplier")):
        sizes = dict(paid.group_by(by).agg(pl.col("amount").sum()).iter_rows())
        kept = largest(sizes, SERIES if len(sizes) > SERIES + 1 else SERIES + 1)
        series = [
            {"name": name, "values": by_bucket(paid.filter(pl.col(by) == name), calendar, "amount")} for name in kept
        ]
        rest = paid.filter(~pl.col(by).is_in(kept))
        if rest.height:
            series.append(
                {"name": f"{OTHERS} ({len(sizes) - len(kept)})", "values": by_bucket(rest, calendar, "amount")}
            )
        total = sum(sizes.values()) or 1.0
        told = ", ".join(f"{name} {percent(sizes[name] / total)}" for name in kept[:3])
        says = f"Parts for {home} {short(total)} {label}: {told}."
        choices.append(Choice(label, {"series": series}, says))
    data = {"across": bucket_labels(calendar), "stacked": True, "limit": None, **choices[0].data}
    first = Choice(choices[0].label, {}, choices[0].says)
    title = "Purchases"
    return Chart("purchases", "bars", title, first.says, home, data, "by", (first, choices[1]))


def _by_supplier(plan: Plan, paid: pl.DataFrame) -> Chart:
    home = plan.summary.home_currency
    partners = plan.network["sites"].select("partner", supplier="site")
    rows = (
        paid.group_by("supplier", "country")
        .agg(pl.col("amount").sum(), items=pl.col("item").n_unique())
        .join(partners, on="supplier", how="left")
        .with_columns(share=pl.col("amount") / pl.col("amount").sum())
        .sort("amount", "supplier", descending=[True, False])
    )
    columns = [
        Column("supplier", "supplier"),
        Column("partner", "partner"),
        Column("country", "country"),
        Column("items", "items", "number"),
        Column("amount", f"paid, {home}", "money"),
        Column("share", "share", "percent", 1),
    ]
    body = list(rows.select(column.name for column in columns).head(MOST).iter_rows())
    top = rows.head(3)
    says = (
        f"{plural(rows.height, 'supplier')}; {percent(float(top['share'].sum()))} of the money goes to "
        f"{', '.join(top['supplier'].to_list())}"
    )
    says += f". The {MOST} largest are shown." if rows.height > MOST else "."
    return table_chart("suppliers", "Suppliers", says, columns, body, home)


def _buy_plan(plan: Plan, paid: pl.DataFrame) -> Chart:
    home = plan.summary.home_currency
    units = plan["buys"].group_by("offer").agg(pl.col("quantity").sum(), first=pl.col("start").min())
    rows = (
        paid.group_by("offer", "item", "supplier", "origin")
        .agg(pl.col("amount").sum())
        .join(units, on="offer", how="left")
        .with_columns(price=pl.when(pl.col("quantity") > 0).then(pl.col("amount") / pl.col("quantity")))
        .sort("amount", "offer", descending=[True, False])
    )
    columns = [
        Column("item", "part"),
        Column("supplier", "supplier"),
        Column("origin", "origin"),
        Column("offer", "offer"),
        Column("quantity", "units", "number"),
        Column("price", f"a unit, {home}", "money", 2),
        Column("amount", f"paid, {home}", "money"),
        Column("first", "first ordered", "date"),
    ]
    body = list(rows.select(column.name for column in columns).head(MOST).iter_rows())
    top = rows.row(0, named=True)
    says = (
        f"{plural(rows.height, 'offer')} used; the largest is {top['item']} from {top['supplier']}: "
        f"{short(top['quantity'])} units for {home} {short(top['amount'])}"
    )
    says += f". The {MOST} largest are shown." if rows.height > MOST else "."
    return table_chart("buy-plan", "What is bought", says, columns, body, home)


def markets(plan: Plan) -> tuple[Chart, ...]:
    """Return deliveries by market and bucket, and a table of product and market with service."""
    rows = plan["deliveries"].select("item", "market", "bucket", "quantity")
    if rows.is_empty():
        return ()
    calendar = plan.network.calendar
    sizes = dict(rows.group_by("market").agg(pl.col("quantity").sum()).iter_rows())
    kept = largest(sizes, SERIES if len(sizes) > SERIES + 1 else SERIES + 1)
    series = [{"name": name, "values": by_bucket(rows.filter(pl.col("market") == name), calendar)} for name in kept]
    rest = rows.filter(~pl.col("market").is_in(kept))
    if rest.height:
        series.append({"name": f"{OTHERS} ({len(sizes) - len(kept)})", "values": by_bucket(rest, calendar)})
    exported = kpis.export_share(plan) or 0.0
    total = sum(sizes.values()) or 1.0
    told = ", ".join(f"{name} {percent(sizes[name] / total)}" for name in kept[:3])
    says = f"{short(total)} units delivered, {percent(exported)} of them exported; most to {told}."
    data = {"across": bucket_labels(calendar), "series": series, "stacked": True, "limit": None}
    return (Chart("markets", "bars", "Where it goes", says, "units", data), _served(plan))


def _served(plan: Plan) -> Chart:
    countries = plan.network["sites"].select("country", market="site")
    rows = service(plan).join(countries, on="market", how="left")
    rows = rows.sort("wanted", "item", "market", descending=[True, False, False])
    home = plan.network.settings.home_country
    columns = [
        Column("item", "product"),
        Column("market", "market"),
        Column("country", "country"),
        Column("wanted", "wanted", "number"),
        Column("on_time", "on time", "percent", 1),
        Column("late", "late", "percent", 1),
        Column("lost", "lost", "percent", 1),
        Column("orders_on_time", "orders on time", "percent", 1),
        Column("state", "", "status"),
    ]
    body = []
    for row in rows.head(MOST).iter_rows(named=True):
        wanted = row["wanted"] or 1.0
        parts = [row[name] for name in ("on_time", "late", "lost", "orders_on_time")]
        shares = [None if part is None else part / wanted for part in parts]
        state = "bad: lost" if row["lost"] > 1e-6 else "warn: late" if row["late"] > 1e-6 else "good: on time"
        country = row["country"] + (" (home)" if row["country"] == home else "")
        body.append([row["item"], row["market"], country, row["wanted"], *shares, state])
    fine = rows.filter((pl.col("late") <= 1e-6) & (pl.col("lost") <= 1e-6)).height
    says = f"{fine} of {rows.height} lines of product and market are on time in full"
    says += f"; the {MOST} largest are shown." if rows.height > MOST else "."
    return table_chart("service", "Service by product and market", says, columns, body)
