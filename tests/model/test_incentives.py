"""Incentives in the model: what the rows pay on given flows is the law, and the years are chosen rightly."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import edit_rows, with_rows, with_settings
from tests.model.law_family import law_family

from boxbuild.law.applications import claims
from boxbuild.law.incentives import settle
from boxbuild.law.law import Law
from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.plan.kept import kept
from boxbuild.plan.make import make_plan
from boxbuild.plan.schemas import SCHEMAS
from boxbuild.solve.solve import solve

CRORE = 10_000_000
APPLICATION = {"partner": "home", "year": "2023-24"}


def applied(network: Network, **crores: int | None) -> Network:
    """Return a network in which home's claim for 2023-24 has other amounts."""
    amounts = {name: None if value is None else str(value * CRORE) for name, value in crores.items()}
    return edit_rows(network, "applications", APPLICATION, **amounts)


def flows_of(built: list[int], taken: int) -> dict[str, pl.DataFrame]:
    """Return the builds of noida on its option's line, by bucket, and the bucket in which it is taken, as tables."""
    rows = [(bucket, float(units)) for bucket, units in enumerate(built)]
    started = pl.DataFrame(rows, schema=["bucket", "quantity"], orient="row")
    line = {"site": "noida", "item": "phone", "option": "line"}
    return {
        **{name: SCHEMAS[name].to_frame() for name in ("alternates", "shipments", "deliveries")},
        "builds": started.with_columns(**{name: pl.lit(value) for name, value in line.items()}),
        "buys": started.with_columns(offer=pl.lit("cell-in"), destination=pl.lit("noida")),
        "options": pl.DataFrame({"option": ["line"], "bucket": [taken]}),
    }


CRORES = st.integers(0, 40).map(lambda hundreds: hundreds * 100)


@settings(deadline=None, max_examples=25, derandomize=True)
@given(
    built=st.lists(st.sampled_from([0, 1, 62_500, 100_000, 250_000]), min_size=4, max_size=4),
    taken=st.sampled_from([0, 0, 2]),
    base=CRORES,
    other=CRORES,
    invested=st.sampled_from([0, 144, 150]),
    cap=st.none() | CRORES,
)
def test_fixed_flows_are_paid_what_the_law_pays(
    built: list[int], taken: int, base: int, other: int, invested: int, cap: int | None
) -> None:
    """With every flow held, the best that the model can count is the exact evaluation of the same flows."""
    network = applied(law_family(), base_sales=base, other_sales=other, invested=invested, cap=cap)
    built = [units if bucket >= taken else 0 for bucket, units in enumerate(built)]
    tables = flows_of(built, taken)
    model = kept(assemble(network), tables)
    solution = solve(model, gap=0)
    counted = model.columns["counted"]["column"].to_numpy()
    modelled = -model.cost[counted] @ solution.values[counted]
    days = model.flows.calendar.starts
    paid = 0.0
    for claim in claims(Law.of(network)):
        if claim.partner == "home":
            sales = sum((Decimal(units * 16_000) for at, units in enumerate(built) if at in claim.buckets), Decimal(0))
            in_time = network.calendar.first_days[taken] <= claim.window.last
            award = settle(claim, sales, Decimal(60_000_000 if in_time else 0))
            paid += float(award.amount) * 1.1 ** (-days[claim.bucket] / 365)
    assert modelled == pytest.approx(paid, rel=1e-6, abs=1.0)


def two_plants(dearer: int, **crores: int | None) -> Network:
    """Return a network in which home builds a phone for so many rupees more than world; a million are wanted."""
    network = with_settings(law_family(), buckets="1w", discount_rate=Decimal(0), holding_rate=Decimal(0))
    network = with_rows(network, "options")
    operation = {"item": "phone", "yield": 1, "invoice_price": 12000}
    network = with_rows(
        network,
        "operations",
        {"site": "noida", "cost": 100 + dearer, **operation},
        {"site": "chennai", "cost": 100, **operation},
    )
    row = {"demand": "d", "item": "phone", "market": "delhi", "due": "2024-03-20", "quantity": 1_000_000}
    network = with_rows(network, "demand", row | {"price": 15000})
    network = network.with_table("applications", network.tables["applications"].head(1))
    return applied(network, **crores)


def plain_cost(dearer: int, base: int, other: int, invested: int, cap: int | None) -> float:
    """Return the least cost, in rupees: home builds x phones, and the best x is where a line of the law bends.

    A phone costs 600 to make. Where that pays, home builds more than are wanted to reach its threshold.
    """
    price, share_and_rate = 12_000, 0.5 * 0.05

    def cost(phones: float) -> float:
        sales = phones * price / CRORE
        incremental = other - base + sales
        reached = incremental >= 2000 - 1e-9 and invested >= 150
        counted = max(0.0, min(incremental, sales, cap if cap is not None else np.inf)) if reached else 0.0
        return 600 * max(1e6, phones) + dearer * phones - share_and_rate * counted * CRORE

    bends = [
        0,
        1e6,
        *((limit + base - other) * CRORE / price for limit in (2000, 0, cap or 0)),
        (cap or 0) * CRORE / price,
    ]
    return min(cost(phones) for phones in bends if phones >= 0)


@settings(deadline=None, max_examples=25, derandomize=True)
@given(
    dearer=st.sampled_from([0, 1, 150, 250, 299, 301, 600]),
    base=st.sampled_from([0, 300, 1000, 2500]),
    other=st.sampled_from([0, 900, 1500, 2000, 3000]),
    invested=st.sampled_from([149, 150, 150]),
    cap=st.sampled_from([None, None, 300, 700, 5000]),
)
def test_years_are_chosen_rightly(dearer: int, base: int, other: int, invested: int, cap: int | None) -> None:
    """The plan costs what trying out every bend of the law costs."""
    network = two_plants(dearer, base_sales=base, other_sales=other, invested=invested, cap=cap)
    plan = make_plan(network, gap=1e-9, release=False)
    assert plan.summary.cost == pytest.approx(plain_cost(dearer, base, other, invested, cap), abs=1.0)
    assert plan.audit().passed


def test_an_option_is_taken_for_the_threshold_of_investment() -> None:
    """Six crores are missing: a line that nobody needs is worth an incentive of 30 crores, and no more than that."""
    network = two_plants(0, base_sales=0, other_sales=3000, invested=144, cap=None)
    line = {"option": "line", "capex": 60_000_000, "partner": "home"}
    taken = make_plan(with_rows(network, "options", line), gap=1e-9, release=False)
    assert taken["options"]["option"].to_list() == ["line"]
    assert taken["incentives"]["reached"].to_list() == [True]
    assert taken.summary.cost == pytest.approx(600e6 + 60e6 - 300e6, abs=1.0)
    dear = make_plan(with_rows(network, "options", line | {"capex": 300_000_001}), gap=1e-9, release=False)
    assert dear["options"].is_empty()
    other = make_plan(with_rows(network, "options", line | {"partner": "world"}), gap=1e-9, release=False)
    assert other["options"].is_empty()


def test_no_column_where_nothing_can_be_paid() -> None:
    """Without a share, without the book, and for goods that are not eligible there is nothing to decide."""
    share = edit_rows(law_family(), "contracts", {"contract": "ours"}, incentive_share="0")
    hs = edit_rows(law_family(), "items", {"item": "phone"}, hs="85287200")
    for network in (share, hs, with_settings(law_family(), law="tables")):
        model = assemble(network)
        assert not model.columns["qualify"].height
        assert not model.families["incentives"].keys.height
