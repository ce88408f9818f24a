"""Key figures of a plan: cost, who builds, where it goes, utilisation, options, contracts, targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boxbuild.plan.limiting import limiting
from boxbuild.plan.locks import lock_figures
from boxbuild.plan.product_cost import product_cost
from boxbuild.plan.service import service

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def key_figures(plan: Plan) -> dict[str, Any]:
    """Return every key figure as JSON values: a list of records by name, and ``export_share``."""
    frames = {
        "cost": cost_by_account(plan),
        "products": product_cost(plan),
        "service": service(plan),
        "shortages": limiting(plan),
        "allocation": allocation(plan),
        "destinations": destinations(plan),
        "utilisation": utilisation(plan),
        "options": options(plan),
        "contracts": contracts(plan),
        "targets": targets(plan),
        "locks": locks(plan),
        "value_added": plan["value_added"],
        "incentives": incentives(plan),
    }
    figures: dict[str, Any] = {name: _records(frame) for name, frame in frames.items()}
    figures["export_share"] = export_share(plan)
    return figures


def cost_by_account(plan: Plan) -> pl.DataFrame:
    """Return ``account``, ``amount``, ``present`` (home currency) and ``share`` of the present cost."""
    sums = plan["ledger"].group_by("account").agg(pl.col("amount", "present").sum())
    present = pl.col("present").cast(pl.Float64)
    return sums.with_columns(_share(present, present.sum()).alias("share")).sort(
        "present", "account", descending=[True, False]
    )


def allocation(plan: Plan) -> pl.DataFrame:
    """Return who builds what: ``item``, ``site``, ``partner``, ``good`` units and ``share`` of the item."""
    built = (
        plan["builds"]
        .join(_finished(plan), on="item", how="semi")
        .group_by("item", "site")
        .agg(pl.col("good").sum())
        .join(plan.network["sites"].select("site", "partner"), on="site", how="left")
    )
    good = pl.col("good")
    return (
        built.with_columns(_share(good, good.sum().over("item")).alias("share"))
        .select("item", "site", "partner", "good", "share")
        .sort("item", "good", "site", descending=[False, True, False])
    )


def destinations(plan: Plan) -> pl.DataFrame:
    """Return where it goes: ``item``, ``market``, ``country``, ``quantity`` and ``share`` of the item."""
    quantity = pl.col("quantity")
    return (
        plan["deliveries"]
        .group_by("item", "market")
        .agg(quantity.sum())
        .join(plan.network["sites"].select(market="site", country="country"), on="market", how="left")
        .with_columns(_share(quantity, quantity.sum().over("item")).alias("share"))
        .select("item", "market", "country", "quantity", "share")
        .sort("item", "quantity", "market", descending=[False, True, False])
    )


def export_share(plan: Plan) -> float | None:
    """Return the share of the units delivered outside the home country; ``None`` where there are none."""
    rows = destinations(plan)
    total = float(rows["quantity"].sum())
    home = float(rows.filter(pl.col("country") == plan.network.settings.home_country)["quantity"].sum())
    return (total - home) / total if total > 0 else None


def utilisation(plan: Plan) -> pl.DataFrame:
    """Return the use of each resource over the horizon, busiest first.

    Returns
    -------
    DataFrame
        ``resource``, ``site``, ``unit``, ``used``, ``regular``, ``overtime``, ``share`` (used / regular),
        ``peak`` (the highest share in one bucket) and ``full`` (buckets with no capacity left).
    """
    used, regular = pl.col("used"), pl.col("regular")
    limit = regular + pl.col("overtime_limit")
    sites = plan.network["resources"].unique("resource", keep="first", maintain_order=True)
    return (
        plan["capacity"]
        .group_by("resource")
        .agg(
            used.sum(),
            regular.sum(),
            pl.col("overtime").sum(),
            _share(used, regular).max().alias("peak"),
            ((used > 0) & (used >= limit * (1 - 1e-6))).sum().alias("full"),
        )
        .join(sites.select("resource", "site", "unit"), on="resource", how="left")
        .with_columns(_share(used, regular).alias("share"))
        .select("resource", "site", "unit", "used", "regular", "overtime", "share", "peak", "full")
        .sort("share", "resource", descending=[True, False], nulls_last=True)
    )


def options(plan: Plan) -> pl.DataFrame:
    """Return every option with ``taken`` and ``ready`` (dates, or null), ``capex`` and ``currency``."""
    taken = plan["options"].select("option", taken="start", ready="ready")
    home = pl.lit(plan.network.settings.home_currency)
    return (
        plan.network["options"]
        .join(taken, on="option", how="left", maintain_order="left")
        .select("option", "name", "taken", "ready", "capex", pl.col("currency").fill_null(home))
    )


def contracts(plan: Plan) -> pl.DataFrame:
    """Return ``contract``, ``partner``, its limits, ``quantity``, ``share`` of the total, ``shortfall``."""
    terms = plan.network["contracts"].select(
        "contract", "partner", "item", "family", "min", "max", "min_share", "max_share"
    )
    actual = plan["contracts"].with_columns(_share(pl.col("quantity"), pl.col("total")).alias("share"))
    return terms.join(
        actual.select("contract", "quantity", "share", "shortfall"),
        on="contract",
        how="left",
        maintain_order="left",
    )


def targets(plan: Plan) -> pl.DataFrame:
    """Return ``target``, ``metric``, ``scope``, ``at_least``, ``reached`` (in its unit) and ``met``."""
    actual = plan["targets"].with_columns(
        _share(pl.col("numerator"), pl.col("denominator")).alias("reached"),
        (pl.col("short") <= 1e-6 * pl.max_horizontal(1.0, pl.col("denominator"))).alias("met"),
    )
    return (
        plan.network["targets"]
        .select("target", "metric", "scope", "at_least")
        .join(actual.select("target", "reached", "met"), on="target", how="left", maintain_order="left")
    )


def locks(plan: Plan, most: int = 24) -> pl.DataFrame:
    """Return the locks that the orders leave by most, then the others (:func:`boxbuild.plan.locks.lock_figures`).

    ``of`` is how many locked amounts there are, of which ``most`` rows are returned, and ``left`` how many the orders
    leave.
    """
    figures = lock_figures(plan.network, plan.tables).with_columns(of=pl.len(), left=(~pl.col("held")).sum())
    ranked = figures.with_columns(size=pl.col("off").abs().fill_null(0.0) * ~pl.col("held"))
    return ranked.sort("held", "size", "start", "lock", descending=[False, True, False, False]).drop("size").head(most)


def incentives(plan: Plan) -> pl.DataFrame:
    """Return what every applicant claims, with ``sales_short`` and ``investment_short`` (home currency; 0: reached)."""
    short = {
        name: pl.when(pl.col("reached")).then(0.0).otherwise((least - pl.col(stated)).clip(lower_bound=0.0))
        for name, least, stated in (
            ("sales_short", pl.col("min_sales"), "incremental"),
            ("investment_short", pl.col("min_investment"), "investment"),
        )
    }
    return plan["incentives"].with_columns(**short)


def _finished(plan: Plan) -> pl.DataFrame:
    """Items that are finished goods or that a market asks for."""
    items = plan.network["items"]
    wanted = plan.network["demand"]["item"].unique().to_list()
    return items.filter((pl.col("kind") == "finished") | pl.col("item").is_in(wanted)).select("item")


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole.abs() > 0).then(part / whole)


def _records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    plain = frame.with_columns(
        pl.selectors.decimal().cast(pl.Float64),
        pl.selectors.date().cast(pl.String),
    )
    return plain.to_dicts()
