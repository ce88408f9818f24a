"""Nobody gains by investing for the subsidy alone: what is credited at the end is the capex net of its subsidy."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from tests.building import add_rows, small_network, with_settings

from boxbuild.law.law import Law
from boxbuild.law.subsidies import unused
from boxbuild.plan.make import make_plan

OPTION = {
    "option": "line",
    "capex": Decimal(100_000_000),
    "opex_per_week": Decimal(0),
    "ready_days": 14,
    "life_weeks": 52,
    "subsidy": "in.specs",
    "eligible": 1.0,
    "source": "synthetic",
}


def test_what_is_left_of_an_option() -> None:
    law = Law.of(with_settings(add_rows(small_network(), "options", OPTION), law="book"))
    row = {"life_weeks": 52, "ready_days": 14}
    assert unused(law, row, 0) == 1 - Decimal(56 - 14) / (7 * 52)
    assert unused(law, {**row, "life_weeks": 4}, 0) == 0
    assert unused(law, {**row, "life_weeks": None}, 0) == 0


@pytest.mark.parametrize("scheme", ["in.specs", None])
def test_an_option_that_opens_nothing_is_never_taken(scheme: str | None) -> None:
    network = add_rows(small_network(), "options", {**OPTION, "subsidy": scheme})
    rates = [{"country": place, "hs": code, "rate": 0.1} for place in ("IN", "DE") for code in ("85", "84")]
    network = add_rows(with_settings(network, law="book", holding_rate=Decimal(0)), "duties", *rates)
    plan = make_plan(network, release=False)
    assert plan["options"].filter(pl.col("option") == "line").is_empty()
