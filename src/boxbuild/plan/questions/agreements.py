"""Agreements: whether what a plant builds originates under each, by the average of its inputs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.law.law import Law
from boxbuild.law.origin import Input, Rule, originates, rule
from boxbuild.law.trace import Given, Trace

if TYPE_CHECKING:
    from boxbuild.law.average import Average
    from boxbuild.plan.value_added import Attribution

STEP: Final = Decimal("0.000001")


def verdicts(
    attribution: Attribution, average: Average, key: tuple[str, str, int], market: str | None
) -> Iterator[Trace]:
    """Yield a verdict for each agreement that the book of the site's or of the market's country has a rule of.

    Parameters
    ----------
    attribution, average
        The plan's flows and their average.
    key
        Item, site, and number of the financial year.
    market
        Country of the market; ``None`` where none is asked for.

    Yields
    ------
    Trace
        1 where it originates, with value content, the inputs that do not change their classification, and the units
        that the plan claims.
    """
    plan, (item, site, period) = attribution.plan, key
    law, country = Law.of(plan.network), attribution.countries[site]
    if not law.by_book:
        return
    codes = dict(plan.network["items"].select("item", "hs").iter_rows())
    made = average.made[key]
    conversion = average.components(item, site, period, frozenset({country}), None)["conversion"].quantize(STEP)
    sums: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for one in average.leaves(item, site, period, country):
        sums[one.item, one.country] += one.value
    for agreement in agreements(law, {country, market or country}):
        asked = _rule(attribution, law, market or country, agreement, country, period)
        if asked is None:
            continue
        own = {country, market or country} if asked.cumulation else {country}
        inputs = [
            Input(name, codes[name], origin, value.quantize(STEP))
            for (name, origin), value in sorted(sums.items(), key=str)
        ]
        trace = originates(asked, codes[item], made.fob.quantize(STEP), conversion, inputs, own)
        claimed = _claimed(attribution, agreement, item, country, market, period)
        said = "originates" if trace.value else "does not originate"
        note = f"{said}; inputs looked through what {country} builds, by the average of their pools"
        yield replace(trace, given=(Given("claimed", claimed.quantize(STEP), "units"),), note=note)


def agreements(law: Law, countries: set[str]) -> list[str]:
    """Return the names of the agreements of which the book of one of some countries has a rule of origin."""
    stems = {f"{country.lower()}.origin." for country in countries}
    parts = (name.split(".") for name in law.book.parameters if any(name.startswith(stem) for stem in stems))
    return sorted({part[2] for part in parts if len(part) > 3})


def _rule(attribution: Attribution, law: Law, entered: str, agreement: str, left: str, period: int) -> Rule | None:
    """Return the rule of the first bucket of a year in which there is one."""
    buckets = attribution.periods.filter(period=period)["bucket"]
    found = (rule(law, entered, agreement, law.day_of[bucket], left) for bucket in buckets)
    return next((one for one in found if one is not None), None)


def _claimed(
    attribution: Attribution, agreement: str, item: str, left: str, market: str | None, period: int
) -> Decimal:
    """Units of an item that leave a country and are claimed under an agreement."""
    country = pl.DataFrame(list(attribution.countries.items()), schema=["site", "country"], orient="row")
    rows = (
        attribution.plan["preferences"]
        .filter(agreement=agreement, item=item)
        .join(attribution.periods.filter(period=period), on="bucket")
        .join(country.rename({"site": "origin", "country": "left"}), on="origin")
        .join(country.rename({"site": "destination", "country": "entered"}), on="destination")
        .filter(pl.col("left") == left, pl.lit(market is None) | (pl.col("entered") == (market or "")))
    )
    return Decimal(repr(float(rows["quantity"].sum())))
