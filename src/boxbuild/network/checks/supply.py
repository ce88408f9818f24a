"""Items that cannot come from anywhere, or go nowhere."""

from __future__ import annotations

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_items_that_nobody_supplies(network: Network) -> list[Issue]:
    """Find items that somebody needs and that nobody makes, buys or has."""
    supplied = pl.concat(
        [
            network["operations"]["item"],
            network["sources"]["item"],
            network["stock"].filter(pl.col("quantity") > 0)["item"],
            network["receipts"].filter((pl.col("quantity") > 0) & pl.col("firm"))["item"],
        ]
    )
    rows = numbered(network, "items").join(needed(network), on="item", maintain_order="left")
    return issues(
        rows.filter(~pl.col("item").is_in(supplied.implode())),
        "items.item",
        "nobody-supplies",
        "is needed {where}, but nobody makes, buys or has it",
        hint="add it to sources or operations",
    )


def check_for_items_that_nobody_needs(network: Network) -> list[Issue]:
    """Find items that are made or bought though nothing is built from them and nobody wants them."""
    made = pl.concat([network["operations"]["item"], network["sources"]["item"]])
    rows = numbered(network, "items").join(needed(network), on="item", how="anti", maintain_order="left")
    return issues(
        rows.filter(pl.col("item").is_in(made.implode())),
        "items.item",
        "nobody-needs",
        "is made or bought, but nothing that is built contains it and there is no demand for it",
        hint="add it to boms or demand, or remove it",
        severity="warning",
    )


def needed(network: Network) -> pl.DataFrame:
    """Return the items that somebody needs: columns ``item`` and ``where`` (one place, in words)."""
    built = network["operations"]["item"]
    parts = network["boms"].filter((pl.col("quantity") > 0) & pl.col("parent").is_in(built.implode()))
    wanted = network["demand"].filter(pl.col("quantity") > 0)
    return pl.concat(
        [
            parts.select(pl.col("component").alias("item"), pl.format("for {}", "parent").alias("where")),
            wanted.select("item", pl.format("at {}", "market").alias("where")),
        ]
    ).unique("item", keep="first", maintain_order=True)


def check_for_suppliers_of_another_kind(network: Network) -> list[Issue]:
    """Find offers from sites that are neither suppliers nor hubs."""
    return _check_for_kind(network, "sources.supplier", ("supplier", "hub"), "offer-from-another-kind", "sells")


def check_for_plants_of_another_kind(network: Network) -> list[Issue]:
    """Find operations at sites that are not plants."""
    return _check_for_kind(network, "operations.site", ("plant",), "operation-at-another-kind", "builds")


def _check_for_kind(network: Network, place: str, kinds: tuple[str, ...], code: str, does: str) -> list[Issue]:
    table, _, column = place.partition(".")
    others = network["sites"].filter(~pl.col("kind").is_in(kinds)).select(pl.col("site").alias(column), other="kind")
    rows = numbered(network, table).join(others, on=column, maintain_order="left")
    return issues(
        rows,
        place,
        code,
        f"{does} {{item}}, but its kind in the table sites is {{other}}",
        hint=f"make its kind {' or '.join(kinds)}",
        severity="warning",
    )


def check_for_consigned_offers_with_markup(network: Network) -> list[Issue]:
    """Find offers on which an assembler that does not buy the material charges for handling it."""
    return issues(
        numbered(network, "sources").filter((pl.col("terms") == "consigned") & (pl.col("markup") > 0)),
        "sources.markup",
        "markup-on-consigned",
        "is a markup on material that the brand buys itself",
        hint="clear the markup, or make the terms turnkey or buy_sell",
    )
