"""Demand that no chain of buys, builds and shipments reaches, or not in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl

from boxbuild.network.checks.demand import within_the_plan
from boxbuild.network.checks.report import issues
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network
from boxbuild.network.reach import component_needs, earliest_days

MOST_EXPLAINED: Final = 20
"""So many pairs of item and market are explained; the others are only named."""


def check_for_demand_out_of_reach(network: Network) -> list[Issue]:
    """Find demand with no way to its market at all, and demand that is lost before anything can arrive."""
    reach = earliest_days(network)
    rows = within_the_plan(network).join(
        reach, left_on=["item", "market"], right_on=["item", "site"], how="left", maintain_order="left"
    )
    return _without_route(network, rows.filter(pl.col("day").is_null()), reach) + _too_late(
        network, rows.filter(pl.col("day").is_not_null())
    )


def _without_route(network: Network, rows: pl.DataFrame, reach: pl.DataFrame) -> list[Issue]:
    if rows.is_empty():
        return []
    needs = component_needs(network)
    pairs = rows.select("item", "market").unique(maintain_order=True).head(MOST_EXPLAINED)
    why = pairs.with_columns(
        why=pl.Series([_why(network, (reach, needs), item, site) for item, site in pairs.iter_rows()], dtype=pl.String)
    )
    rows = rows.join(why, on=["item", "market"], how="left", maintain_order="left")
    return issues(
        rows.with_columns(pl.col("why").fill_null("nothing brings it there")),
        "demand.market",
        "demand-without-route",
        "{item} cannot reach {market}: {why}",
        hint="add what is missing to lanes, sources, operations or boms",
    )


def _why(network: Network, found: tuple[pl.DataFrame, pl.DataFrame], item: str, site: str) -> str:
    """Return where the chain breaks, following the first missing component down to its own reason."""
    reach, needs = found
    said: list[str] = []
    seen: set[str] = set()
    while item not in seen:
        seen.add(item)
        places = reach.filter(pl.col("item") == item)["site"].to_list()
        if places:
            shown = ", ".join(places[:3]) + (" and elsewhere" if len(places) > 3 else "")
            return " ".join([*said, f"{item} can be at {shown}, but no lane leads on to {site}"])
        makers = network["operations"].with_row_index("operation").filter(pl.col("item") == item)
        missing = (
            needs.filter(pl.col("operation").is_in(makers["operation"].implode()))
            .join(
                reach,
                left_on=["component", "site"],
                right_on=["item", "site"],
                how="left",
                maintain_order="left",
            )
            .filter(pl.col("day").is_null().all().over("operation", "group"))
        )
        if missing.is_empty():
            offers = network["sources"].filter(pl.col("item") == item)
            closed = not (offers.is_empty() and makers.is_empty())
            lacks = "no row that makes or buys it holds in time" if closed else "nobody makes, buys or has it"
            return " ".join([*said, f"{item}: {lacks}"])
        item, site = missing["component"][0], missing["site"][0]
        said.append(f"{makers['item'][0]} at {site} needs {item};")
    return " ".join([*said, f"{item} contains itself"])


def _too_late(network: Network, rows: pl.DataFrame) -> list[Issue]:
    """Find demand whose last possible bucket ends before the earliest arrival."""
    calendar = network.calendar
    due = np.searchsorted(calendar.starts, rows["day_due"].to_numpy(), side="right") - 1
    latest = np.searchsorted(calendar.starts, calendar.starts[due] + rows["max_late_days"].to_numpy(), side="right") - 1
    closes = np.asarray(calendar.edges)[latest + 1]
    late = rows.filter(pl.Series(rows["day"].to_numpy() >= closes))
    first = [calendar.start + timedelta(days=day) for day in late["day"]]
    return issues(
        late.with_columns(first=pl.Series(first, dtype=pl.Date)),
        "demand.due",
        "demand-too-early",
        "{item} can be at {market} on {first} at the earliest: past max_late_days, {max_late_days}, it is lost",
        hint="agree on a later day, or shorten the lead times",
        severity="warning",
    )
