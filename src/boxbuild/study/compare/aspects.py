"""The aspects by which plans are compared, in the order in which a planner reads them."""

from __future__ import annotations

from typing import Final

import polars as pl

from boxbuild.plan import kpis
from boxbuild.plan.plan import Plan
from boxbuild.plan.product_cost import product_cost
from boxbuild.plan.service import service
from boxbuild.study.compare.aspect import Aspect

ROUNDING: Final = "rounding"
"""Account of what the lines of a ledger lose by being rounded to the paisa, each for itself."""

BUYING: Final = ("material", "markup")
"""Accounts of what suppliers and assemblers are paid for parts."""


_COUNTS: Final = pl.col("metric").str.starts_with("units_")

SERVED: Final = ("wanted", "on_time", "late", "lost", "orders_on_time", "orders_late", "orders_lost")
"""Figures of service: by the plan, then by its orders."""


def accounts(plan: Plan) -> pl.DataFrame:
    """Return ``account``, ``present`` (discounted) and ``amount``, home currency; the sum of ``present`` is the cost.

    The lines of the ledger are rounded one by one; what that adds up to stands in the account ``rounding``.
    """
    found = kpis.cost_by_account(plan).select("account", pl.col("present", "amount").cast(pl.Float64))
    cost = pl.Series([plan.summary.cost]).cast(pl.Decimal(38, 2))[0]
    rest = float(cost - (plan["ledger"]["present"].sum() or 0))
    if not rest:
        return found
    line = pl.DataFrame({"account": [ROUNDING], "present": [rest], "amount": [0.0]}, schema=found.schema)
    return pl.concat([found, line])


def exports(plan: Plan) -> pl.DataFrame:
    """Return one row: the ``share`` of the delivered units that leaves the country, and the ``units`` that do."""
    rows = kpis.destinations(plan)
    home = plan.network.settings.home_country
    abroad = float(rows.filter(pl.col("country") != home)["quantity"].sum())
    return pl.DataFrame(
        {"share": [kpis.export_share(plan)], "units": [abroad]}, schema={"share": pl.Float64, "units": pl.Float64}
    )


def markets(plan: Plan) -> pl.DataFrame:
    """Return ``market``, ``country``, ``item`` and the ``delivered`` units."""
    return kpis.destinations(plan).select("market", "country", "item", delivered="quantity")


def purchases(plan: Plan) -> pl.DataFrame:
    """Return ``partner``, ``item``, the ``units`` ordered and the ``money`` paid for them, not discounted."""
    lines = plan["ledger"].filter(pl.col("account").is_in(BUYING))
    return lines.group_by("partner", "item").agg(
        units=pl.col("quantity").filter(pl.col("account") == "material").sum(),
        money=pl.col("amount").sum().cast(pl.Float64),
    )


def cash(plan: Plan) -> pl.DataFrame:
    """Return ``month`` and the ``paid`` money of the buckets that begin in it, not discounted; credits are less."""
    days = plan.network.calendar.first_days
    months = {bucket: f"{day:%Y-%m}" for bucket, day in enumerate(days)}
    month = pl.col("bucket").clip(0, len(days) - 1).replace_strict(months, return_dtype=pl.String)
    return plan["ledger"].group_by(month=month).agg(paid=pl.col("amount").sum().cast(pl.Float64))


def options(plan: Plan) -> pl.DataFrame:
    """Return ``option``, and the days on which it is ``taken`` and ``ready``; blank where it is not."""
    return kpis.options(plan).select("option", "taken", "ready")


def investment(plan: Plan) -> pl.DataFrame:
    """Return one row: the ``capex`` of the options taken, home currency, not discounted."""
    lines = plan["ledger"].filter(pl.col("account") == "capex")
    return pl.DataFrame({"capex": [float(lines["amount"].sum() or 0)]})


def contracts(plan: Plan) -> pl.DataFrame:
    """Return ``contract`` with ``planned`` units, ``share`` and ``shortfall``."""
    return kpis.contracts(plan).select("contract", "share", "shortfall", planned="quantity")


def targets(plan: Plan) -> pl.DataFrame:
    """Return the targets that are shares, with what is ``reached``."""
    return kpis.targets(plan).filter(~_COUNTS).select("target", "metric", "reached")


def counts(plan: Plan) -> pl.DataFrame:
    """Return the targets that are units, with what is ``reached``."""
    return kpis.targets(plan).filter(_COUNTS).select("target", "metric", "reached")


def met(plan: Plan) -> pl.DataFrame:
    """Return ``target`` and whether it is ``met``: met, MISSED or blank."""
    verdict = pl.when("met").then(pl.lit("met")).when(~pl.col("met")).then(pl.lit("MISSED"))
    return kpis.targets(plan).select("target", met=verdict)


def incentives(plan: Plan) -> pl.DataFrame:
    """Return what applicants claim by ``partner``, ``scheme``, ``segment`` and ``year``."""
    keys = ["partner", "scheme", "segment", "year"]
    return plan["incentives"].group_by(keys).agg(pl.col("sales", "investment", "amount").sum())


def value_added(plan: Plan) -> pl.DataFrame:
    """Return the ``share`` of value added by ``item``, ``site``, ``year`` and ``definition``."""
    depth = pl.when(pl.col("depth").is_not_null()).then(pl.format(", {} deep", "depth")).otherwise(pl.lit(""))
    return plan["value_added"].select("item", "site", "year", definition=pl.col("definition") + depth, share="share")


COST: Final = Aspect(
    "cost",
    "Cost by account",
    ("account",),
    {"present": "money", "amount": "money"},
    accounts,
    note="discounted; in files also not discounted, as amount",
)
"""What every account costs; the sum is the cost of the plan."""

ASPECTS: Final = (
    COST,
    Aspect("products", "Cost of a delivered unit", ("item",), {"unit_cost": "money", "delivered": "units"},
           product_cost, None),
    Aspect("service", "Service", ("item", "market"),
           dict.fromkeys(SERVED, "units"), service),
    Aspect("allocation", "Who builds what", ("item", "site"), {"good": "units", "share": "share"}, kpis.allocation,
           note="good units over the horizon"),
    Aspect("purchases", "Purchases by supplier", ("partner", "item"), {"money": "money", "units": "units"}, purchases,
           note="material and markup, not discounted"),
    Aspect("exports", "Exports", (), {"share": "share", "units": "units"}, exports,
           note="of the units delivered"),
    Aspect("markets", "Where it goes", ("market", "country", "item"), {"delivered": "units"}, markets),
    Aspect("value_added", "Value added", ("item", "site", "year", "definition"), {"share": "share"}, value_added, None,
           note="share by every definition"),
    Aspect("incentives", "Incentives", ("partner", "scheme", "segment", "year"),
           {"amount": "money", "sales": "money", "investment": "money"}, incentives,
           note="amount: the brand's share"),
    Aspect("options", "Options taken", ("option",), {"taken": "date", "ready": "date"}, options, None),
    Aspect("investment", "Investment", (), {"capex": "money"}, investment),
    Aspect("contracts", "Contracts", ("contract",), {"planned": "units", "share": "share", "shortfall": "units"},
           contracts, None),
    Aspect("targets", "Targets", ("target", "metric"), {"reached": "share"}, targets, None),
    Aspect("counts", "Targets in units", ("target", "metric"), {"reached": "units"}, counts, None),
    Aspect("met", "Targets met", ("target",), {"met": "text"}, met, None),
    Aspect("resources", "Use of resources", ("resource",),
           {"share": "share", "peak": "share", "full": "units", "overtime": "units"}, kpis.utilisation,
           note="share of regular capacity"),
    Aspect("cash", "Cash by month", ("month",), {"paid": "money"}, cash,
           note="not discounted, by the month in which a bucket begins"),
)  # fmt: skip
"""What plans are compared by."""
