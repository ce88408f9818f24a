"""Laws that hold for every plan of every network. Each test's docstring is the law."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.building import add_rows, small_network, with_rows, with_settings
from tests.laws import changing
from tests.laws.networks import networks
from tests.laws.plain import optimal_cost
from tests.laws.stock import changes_of_stock

from boxbuild.errors import InfeasibleError
from boxbuild.network.checks import check
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

Test = Callable[..., None]

TIMES = int(os.environ.get("BOXBUILD_LAWS", "1"))
"""How many times the usual number of networks to draw."""


def tried(examples: int) -> Callable[[Test], Test]:
    """Try a law on some drawn networks, the same ones in every run unless more are asked for."""
    return settings(deadline=None, max_examples=examples * TIMES, derandomize=TIMES == 1, database=None)


def plan_of(network: Network) -> Plan | None:
    try:
        return make_plan(network, gap=1e-9, release=False)
    except InfeasibleError:
        return None


def plan_if_any(network: Network) -> Plan:
    plan = plan_of(network)
    assume(plan is not None)
    assert plan is not None
    return plan


def cost_of(network: Network) -> float:
    """Return the cost of the best plan, which must exist."""
    return make_plan(network, gap=1e-9, release=False).summary.cost


def near(cost: float) -> object:
    return pytest.approx(cost, rel=1e-6, abs=1e-5)


def no_more_than(cost: float) -> float:
    return cost + 1e-6 * abs(cost) + 1e-5


def without(network: Network, *tables: str) -> Network:
    for table in tables:
        network = network.with_table(table, network.tables[table].clear())
    return network


# what a plan costs


@tried(30)
@given(networks())
def test_costs_what_the_plain_formulation_costs(network: Network) -> None:
    """The cost is that of the specification, written down as plainly as possible; both know when there is no plan."""
    _agree(network)


@tried(20)
@given(networks(integers=True))
def test_costs_what_the_plain_formulation_costs_with_every_choice_tried(network: Network) -> None:
    """So it is with options and ladders, where the plain formulation tries out every choice."""
    _agree(network)


def _agree(network: Network) -> None:
    expected, plan = optimal_cost(network), plan_of(network)
    if expected is None or plan is None:
        assert plan is None
        assert expected is None
    else:
        assert plan.summary.cost == near(expected)


@tried(7)
@given(networks(integers=True))
def test_drawn_networks_are_valid(network: Network) -> None:
    """What the laws are tried on is what a user may plan: `check` finds no error."""
    assert [str(issue) for issue in check(network) if issue.severity == "error"] == []


@tried(6)
@given(networks(integers=True))
def test_ledger_adds_up_to_the_cost(network: Network) -> None:
    """The lines of the ledger, discounted, add up to the cost, but for half a paisa a line.

    Amounts of less than half a paisa have no line, but at most a few for each row of the plan's tables.
    """
    plan = plan_if_any(network)
    total = float(plan["ledger"]["present"].sum() or 0)
    rows = sum(frame.height for frame in plan.tables.values())
    assert total == pytest.approx(plan.summary.cost, rel=1e-6, abs=0.005 * rows + 1e-5)


@tried(6)
@given(networks(integers=True))
def test_bound_is_below_the_cost_and_the_gap_says_how_far(network: Network) -> None:
    """bound <= cost, and gap = (cost - bound) / |cost| is within what was asked for."""
    summary = plan_if_any(network).summary
    assert summary.bound <= summary.cost
    assert summary.status == "optimal"
    assert summary.cost - summary.bound <= 1e-9 * abs(summary.cost) + 1e-6
    assert summary.gap == pytest.approx(0.0, abs=1e-8)


@tried(6)
@given(networks(integers=True), st.booleans())
def test_every_plan_passes_its_audit(network: Network, release: bool) -> None:
    """The audit, which knows nothing of the model, finds nothing wrong with a plan or with its orders."""
    assume(plan_of(network) is not None)
    assert make_plan(network, gap=1e-9, release=release).audit().failures == ()


@tried(6)
@given(networks(integers=True))
def test_nothing_comes_from_nothing(network: Network) -> None:
    """Stock at a bucket's end is what was there, plus what came, less what went; and it is never negative."""
    plan = plan_if_any(network)
    expected: dict[tuple[str, str], float] = defaultdict(float)
    kept = {(row["item"], row["site"], row["bucket"]): row["quantity"] for row in plan["stock"].to_dicts()}
    changes = changes_of_stock(plan)
    for b in range(network.calendar.count):
        for (item, site, bucket), change in changes.items():
            if bucket == b:
                expected[item, site] += change
        for (item, site), quantity in expected.items():
            assert kept.get((item, site, b), 0.0) == pytest.approx(quantity, rel=1e-6, abs=1e-3)
    assert all(quantity >= 0 for quantity in kept.values())
    assert {(item, site) for item, site, _ in kept} <= set(expected)


# what can only help


@tried(7)
@given(networks(integers=True))
def test_more_capacity_never_costs_more(network: Network) -> None:
    """More hours, regular or overtime, never cost more."""
    before = plan_if_any(network).summary.cost
    assert cost_of(changing.more(network, "resources", "per_week", "overtime_per_week")) <= no_more_than(before)


@tried(7)
@given(networks(integers=True))
def test_more_supply_never_costs_more(network: Network) -> None:
    """Suppliers and carriers that can do more never cost more."""
    before = plan_if_any(network).summary.cost
    better = changing.more(changing.more(network, "sources", "per_week"), "lanes", "per_week")
    assert cost_of(better) <= no_more_than(before)


@tried(7)
@given(networks(integers=True), st.data())
def test_more_stock_never_costs_more_where_holding_is_free(network: Network, data: st.DataObject) -> None:
    """Another unit in stock never costs more where holding costs nothing (elsewhere it may have to be kept)."""
    network = with_settings(network, holding_rate=Decimal(0))
    before = plan_if_any(network).summary.cost
    gift = {"item": data.draw(st.sampled_from(network["items"]["item"].to_list())), "age_days": 7, "quantity": 30}
    gift["site"] = data.draw(st.sampled_from(network["sites"]["site"].to_list()))
    assert cost_of(add_rows(network, "stock", gift)) <= no_more_than(before)


@tried(7)
@given(networks(integers=True), st.data())
def test_one_more_lane_never_costs_more(network: Network, data: st.DataObject) -> None:
    """One more way to carry goods never costs more."""
    before = plan_if_any(network).summary.cost
    origin, destination = data.draw(st.permutations(network["sites"]["site"].to_list()))[:2]
    lane = {"origin": origin, "destination": destination, "mode": "new", "per_unit": 1}
    assert cost_of(add_rows(network, "lanes", lane)) <= no_more_than(before)


@tried(7)
@given(networks(), st.data())
def test_one_more_option_never_costs_more(network: Network, data: st.DataObject) -> None:
    """What may be opened may be left alone."""
    before = plan_if_any(network).summary.cost
    item = data.draw(st.sampled_from(network["items"]["item"].to_list()))
    supplier = data.draw(st.sampled_from(network["sites"].filter(pl.col("kind") == "supplier")["site"].to_list()))
    offer = {"offer": "new", "item": item, "supplier": supplier, "price": 2, "option": "new"}
    better = add_rows(add_rows(network, "options", {"option": "new", "capex": 30}), "sources", offer)
    assert cost_of(better) <= no_more_than(before)


@tried(7)
@given(networks(integers=True), st.data())
def test_demand_costs_no_more_than_losing_it(network: Network, data: st.DataObject) -> None:
    """One demand more costs at most its lost cost more (without targets, which could want it delivered).

    And no less than nothing where holding is free: what would be delivered can lie.
    """
    network = without(network, "targets")
    if data.draw(st.booleans()):
        network = with_settings(network, holding_rate=Decimal(0))
    assume(network["demand"].height)
    before = plan_if_any(network).summary.cost
    row = data.draw(st.sampled_from(network.tables["demand"].to_dicts()))
    row |= {"demand": "new", "quantity": 15.0, "lost_cost": Decimal(90), "currency": None}
    after = cost_of(add_rows(network, "demand", row))
    assert after <= no_more_than(before + 15 * 90)
    if network.settings.holding_rate == 0:
        assert before <= no_more_than(after)


# what changes nothing, or everything alike


@tried(6)
@given(networks(integers=True), st.sampled_from([3, 100]))
def test_money_in_another_unit_scales_the_cost(network: Network, factor: int) -> None:
    """All money times a factor is the cost times the factor."""
    shares = pl.col("metric") == "local_purchase_share"  # their penalty is for money short: it would count twice
    network = network.with_table("targets", network.tables["targets"].filter(~shares))
    before = plan_if_any(network).summary.cost
    assert cost_of(changing.scaled_money(network, factor)) == near(before * factor)


@tried(6)
@given(networks(), st.sampled_from([0.5, 8.0]))
def test_goods_in_another_unit_scale_the_cost(network: Network, factor: float) -> None:
    """All demands, stocks, capacities and limits times a factor is the cost times the factor (without options)."""
    before = plan_if_any(network).summary.cost
    assert cost_of(changing.scaled_quantities(network, factor)) == near(before * factor)


@tried(6)
@given(networks(integers=True))
def test_names_change_nothing(network: Network) -> None:
    """Items, sites and offers by other names cost the same."""
    before = plan_if_any(network).summary.cost
    assert cost_of(changing.relabelled(network)) == near(before)


@tried(6)
@given(networks(integers=True), st.integers(0, 9))
def test_order_of_rows_changes_nothing(network: Network, seed: int) -> None:
    """The rows of the tables in another order cost the same."""
    before = plan_if_any(network).summary.cost
    assert cost_of(changing.shuffled(network, seed)) == near(before)


@tried(6)
@given(networks(integers=True))
def test_the_same_network_has_the_same_plan(network: Network) -> None:
    """The same network gives the same plan, byte for byte."""
    first, again = plan_if_any(network), plan_if_any(replace(network))
    assert {name: frame.write_csv() for name, frame in first.tables.items()} == {
        name: frame.write_csv() for name, frame in again.tables.items()
    }


# buckets


@tried(6)
@given(networks(integers=True))
def test_weeks_cut_into_days_never_cost_more_where_nothing_takes_time(network: Network) -> None:
    """A week cut into seven days never costs more, where a plan of weeks can be followed evenly day by day.

    That is a theorem where all lead times are 0, so that what happens within a week needs no order; holding and
    discounting cost nothing, so that it does not matter when in the week it happens; no row begins or ends and
    receipts are there at the start, so that all days of a week are alike; and every demand is due on the last
    day of a week, so that a delivery on the last day of a week is as late as one in the week.
    """
    network = with_settings(changing.without_dates(network), holding_rate=Decimal(0), discount_rate=Decimal(0))
    network = without_late_taking(network)
    weeks = plan_if_any(with_settings(network, buckets="2w")).summary.cost
    assert cost_of(with_settings(network, buckets="14d")) <= no_more_than(weeks)


def without_late_taking(network: Network) -> Network:
    """An option that is ready at once: in days it can be used on each day that it could in weeks."""
    return network.with_table("options", network.tables["options"].with_columns(ready_days=pl.lit(0, pl.Int64)))


def test_weeks_cut_into_days_may_cost_more_where_something_takes_time() -> None:
    """A coarse bucket lets material that arrives late in it be used early in it.

    The line builds one a day. Displays take three days to come. In a bucket of a week, seven are built of
    displays that come in that week; day by day, the line waits for three days and builds four.
    """
    network = without(small_network(), *("stock", "receipts", "lanes", "duties", "demand", "uses", "resources", "boms"))
    network = with_rows(network, "operations", {"site": "noida", "item": "phone-a"})
    network = with_rows(network, "boms", {"parent": "phone-a", "component": "display", "quantity": 1})
    network = with_rows(network, "resources", {"resource": "line", "site": "noida", "per_week": 7})
    network = with_rows(network, "uses", {"site": "noida", "item": "phone-a", "resource": "line", "quantity": 1})
    offer = {"offer": "display-cn", "item": "display", "supplier": "wuhan", "price": 0, "lead_days": 3}
    network = with_rows(network, "sources", offer)
    network = with_rows(network, "lanes", {"origin": "noida", "destination": "india", "mode": "road"})
    demand = {"demand": "d", "item": "phone-a", "market": "india", "due": "2023-06-11", "quantity": 7, "lost_cost": 1}
    network = with_settings(with_rows(network, "demand", demand), holding_rate=Decimal(0))
    assert cost_of(with_settings(network, buckets="1w")) == pytest.approx(0)
    assert cost_of(with_settings(network, buckets="7d")) == pytest.approx(3)


# when there is no plan


BUILT = {"contract": "built", "partner": "ems", "item": "phone-a", "min": 10}

DREAMS = [
    {"contract": "dream", "partner": "ems", "item": "phone-a", "min": 1_000_000},
    {"contract": "dream", "partner": "exide", "item": "phone-a", "min_share": 0.5},
]
"""More than the lines can build, and half of what the partner does not build at all."""


@pytest.mark.parametrize("dream", DREAMS)
def test_a_minimum_that_cannot_be_met_is_named(dream: dict[str, object]) -> None:
    """A hard minimum out of reach is an error that names it, or the one that it contradicts."""
    with pytest.raises(InfeasibleError, match=r"contract (dream|built): "):
        make_plan(add_rows(small_network(), "contracts", BUILT, dream), release=False)


@pytest.mark.parametrize("dream", DREAMS)
def test_a_minimum_with_a_price_is_missed_at_that_price(dream: dict[str, object]) -> None:
    """With a price for missing it, a minimum out of reach is a cost."""
    plan = make_plan(add_rows(small_network(), "contracts", BUILT, {**dream, "shortfall_cost": 5}), release=False)
    missed = plan["contracts"].filter(pl.col("contract") == "dream")["shortfall"].item()
    paid = plan["ledger"].filter(pl.col("account") == "shortfall")["amount"].sum()
    assert missed > 0
    assert float(paid) == pytest.approx(5 * missed, abs=0.01)


@tried(6)
@given(networks())
def test_there_is_always_a_plan_where_every_minimum_has_a_price(network: Network) -> None:
    """Without hard minima and targets everything can be left undone."""
    contracts = network.tables["contracts"].with_columns(pl.col("shortfall_cost").fill_null(Decimal(7)))
    targets = network.tables["targets"].with_columns(pl.col("penalty").fill_null(Decimal(7)))
    assert plan_of(network.with_table("contracts", contracts).with_table("targets", targets)) is not None
