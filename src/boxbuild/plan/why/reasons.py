"""One reason for each of the worst demands: what binds most, kept with the plan while its model is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.plan.limiting import missed
from boxbuild.plan.schemas import SCHEMAS
from boxbuild.plan.why.answer import Why, why_demands, worst
from boxbuild.plan.why.sentences import forbidden
from boxbuild.plan.why.words import amount

if TYPE_CHECKING:
    from boxbuild.model.model import Model
    from boxbuild.plan.plan import Plan

MOST: Final = 50
"""Demands with a reason: those with most units late or short, and those with most money in them."""


def reasons(plan: Plan, model: Model) -> pl.DataFrame:
    """Return the table ``reasons`` of a plan, by the prices of its model's rows.

    Parameters
    ----------
    plan
        A plan whose prices are known; without them there are no reasons.
    model
        The model that it solves.
    """
    if plan.prices is None or plan.prices.is_empty():
        return SCHEMAS["reasons"].to_frame()
    asked = dict.fromkeys([*missed(plan).head(MOST)["demand"], *worst(plan, MOST)])
    rows = [_row(answer) for answer in why_demands(plan, asked, model)]
    return pl.DataFrame(rows, schema=SCHEMAS["reasons"], orient="row")


def _row(answer: Why) -> tuple[str, str, str, float, str | None, str]:
    """A demand, the kind and name of what stands in the way, what a unit of it is worth, and the same in words."""
    if answer.cost is None:
        kind, thing = ("lead time", answer.item) if answer.legs else ("no way", answer.market)
        return answer.demand, kind, thing, 0.0, None, forbidden(answer)
    if answer.binding:
        first = answer.binding[0]
        return answer.demand, first.kind, first.thing, first.price, first.unit, first.sentence
    dearer = f"by {answer.currency} {amount(answer.premium)} a unit or more" if answer.premium > 0 else "a little"
    instead = "never delivering" if answer.short > 0 else "being late"
    reason = f"nothing binds: {instead} is cheaper than being on time, {dearer}"
    return answer.demand, "cost", answer.item, 0.0, None, reason
