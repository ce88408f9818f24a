"""A network's plan as orders: the tiny example, a group of alternates, windows and weekly limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from boxbuild.files.project import read
from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings
from boxbuild.plan.lateness import with_late_days
from boxbuild.plan.quantities import quantities
from boxbuild.plan.release.adapter import problem_of, release_orders
from boxbuild.plan.release.days import Days
from boxbuild.plan.release.limits import weekly_limits
from boxbuild.plan.release.pieces import SCHEMA, merged, whole_items
from boxbuild.plan.release.problem import BUILD, BUY
from boxbuild.solve.solve import solve

TINY = Path(__file__).parents[3] / "examples" / "tiny"
START = date(2024, 1, 1)


def planned(network: Network) -> dict[str, pl.DataFrame]:
    model = assemble(network)
    return quantities(model, solve(model, 1e-6))


def phones_of_two_panels() -> Network:
    """Ten phones, each with one panel of either maker; four of the cheaper are in stock, the dear one is bought."""
    site = {"site": "plant", "item": "phone"}
    tables = {
        "sites": pl.DataFrame({"site": ["plant", "maker"], "partner": ["ems", "maker"], "kind": ["plant", "supplier"]}),
        "items": pl.DataFrame(
            {
                "item": ["phone", "panel-a", "panel-b"],
                "kind": ["finished", "component", "component"],
                "value": ["100", "10", "11"],
            }
        ),
        "boms": pl.DataFrame(
            {
                "parent": ["phone", "phone"],
                "component": ["panel-a", "panel-b"],
                "quantity": [1.0, 1.0],
                "scrap": [0.0, 0.1],
                "alternate_group": ["panel", "panel"],
            }
        ),
        "operations": pl.DataFrame({**site, "lead_days": 2.0, "lot_multiple": 5.0}),
        "sources": pl.DataFrame(
            {"offer": "b", "item": "panel-b", "supplier": "maker", "price": "11", "lead_days": 7.0, "lot_multiple": 1.0}
        ),
        "demand": pl.DataFrame(
            {
                "demand": "d",
                "item": "phone",
                "market": "plant",
                "due": date(2024, 1, 21),
                "quantity": 10.0,
                "price": "200",
            }
        ),
        "stock": pl.DataFrame({"item": "panel-a", "site": "plant", "quantity": 4.0}),
    }
    return Network(Settings(START, buckets="4w"), tables)


def test_the_tiny_example_is_delivered_in_whole_lots() -> None:
    network = read(TINY)
    tables = planned(network)
    released = release_orders(network, tables)
    given = released.tables["orders"].filter(pl.col("kind") == "deliver")["quantity"].sum()
    assert given == pytest.approx(tables["deliveries"]["quantity"].sum())


def test_alternates_are_taken_as_the_plan_mixes_them_and_cover_every_build() -> None:
    """Units taken, over what one phone needs of each panel, are the phones started; stock is used up."""
    network = phones_of_two_panels()
    released = release_orders(network, planned(network))
    orders, taken = released.tables["orders"], released.tables["order_alternates"]
    assert orders.filter(pl.col("kind") == "deliver")["quantity"].to_list() == [10.0]
    units = dict(taken.group_by("component").agg(pl.col("quantity").sum()).iter_rows())
    assert units["panel-a"] == pytest.approx(4.0)
    assert units["panel-b"] == pytest.approx(6 * 1.1, abs=1e-5)
    built = orders.filter(pl.col("kind") == "build").select("order", "quantity")
    per_unit = pl.col("component").replace_strict({"panel-a": 1.0, "panel-b": 1.1})
    covered = taken.group_by("order").agg(covered=(pl.col("quantity") / per_unit).sum())
    both = built.join(covered, on="order", how="left")
    assert both["covered"].to_list() == pytest.approx(both["quantity"].to_list(), abs=1e-5)


@pytest.mark.parametrize(("grace", "on_time"), [(0, False), (3, False), (4, True)])
def test_a_demand_is_on_time_until_its_grace_days_are_over(grace: int, on_time: bool) -> None:
    """What is bought on the first day is a phone on 10 January: due on the 6th, it is late but for four days' grace."""
    network = phones_of_two_panels()
    demand = network.tables["demand"].with_columns(
        due=date(2024, 1, 6), max_late_days=pl.lit(21), grace_days=pl.lit(grace)
    )
    network = replace(network.with_table("demand", demand), settings=Settings(START, buckets="28d"))
    tables = planned(network)
    problem, _, _ = problem_of(network, tables)
    assert problem.demands.due_day.tolist() == [5 + grace]
    assert (problem.demands.due_day + problem.demands.max_late_days).tolist() == [26 + grace]
    orders = release_orders(network, tables).tables["orders"].filter(kind="deliver")
    flows = with_late_days(network, orders.select(demand="reference", day="start", quantity="quantity"))
    assert flows["quantity"].sum() == 10
    assert (flows["late_days"].max() == 0) is on_time


def test_windows_on_the_same_terms_are_one_piece() -> None:
    """Else each window would round up to lots of its own."""
    terms = {"kind": BUY, "item": "panel", "destination": "plant", "reference": "offer", "lead_days": 7}
    spans = [(0, 6), (7, 13), (14, 20), (28, 34), (99, 34)]
    rows = [{**terms, "first_day": first, "last_day": last, "unit_cost": 1.0 + first} for first, last in spans]
    least = pl.Series("lot_min", [0.0, 0.0, 5.0, 5.0, 5.0])
    found = merged(pl.DataFrame(rows, schema=SCHEMA).with_columns(least))
    assert found.select("first_day", "last_day", "unit_cost").rows() == [(0, 13, 1.0), (14, 20, 15.0), (28, 34, 29.0)]


def test_a_recipe_that_changes_with_the_days_is_a_row_of_its_own() -> None:
    """A second row of the same bill of materials begins on day 14; what ends and goes on as it was stays one row."""
    network = phones_of_two_panels()
    boms = network.tables["boms"].with_columns(alternate_group=pl.lit(None, dtype=pl.String))
    again = boms.filter(component="panel-a").with_columns(pl.lit(date(2024, 1, 15)).alias("from"))
    for quantity, spans in ((1.0, [(0, 27)]), (2.0, [(0, 13), (14, 27)])):
        ended = pl.col("until").fill_null(pl.when(pl.col("component") == "panel-a").then(date(2024, 1, 14)))
        rows = pl.concat([boms.with_columns(ended), again.with_columns(quantity=pl.lit(quantity))])
        changed = network.with_table("boms", rows)
        problem, found, _ = problem_of(changed, planned(changed))
        build = found.rows.with_row_index().filter(kind=BUILD)
        assert build.select("first_day", "last_day").rows() == spans
        entry = problem.activities.input_start[build["index"].to_numpy()[-1] + 1] - 2
        assert sorted(problem.activities.input_quantity[entry : entry + 2]) == sorted([quantity, 1.1])


def test_a_network_that_builds_nothing_is_released() -> None:
    """Panels are bought where they are asked for."""
    network = phones_of_two_panels()
    for name in ("boms", "operations", "stock"):
        network = network.with_table(name, network.tables[name].clear())
    wanted = network.tables["demand"].with_columns(item=pl.lit("panel-b"))
    offer = network.tables["sources"].with_columns(destination=pl.lit("plant"))
    network = network.with_table("demand", wanted).with_table("sources", offer)
    orders = release_orders(network, planned(network)).tables["orders"]
    assert orders.select("kind", "quantity").rows() == [("buy", 10.0), ("deliver", 10.0)]


def test_only_what_comes_in_whole_lots_is_shipped_whole() -> None:
    assert whole_items(phones_of_two_panels()).to_list() == ["phone", "panel-a", "panel-b"]


def test_a_week_has_its_hours_and_the_overtime_that_the_plan_uses() -> None:
    """A resource that ends on the tenth day has three sevenths of its second week."""
    resources = pl.DataFrame(
        {
            "resource": ["line"],
            "site": ["plant"],
            "per_week": [70.0],
            "overtime_per_week": [14.0],
            "until": [date(2024, 1, 10)],
        }
    )
    network = phones_of_two_panels().with_table(
        "resources", Network(Settings(START), {"resources": resources}).tables["resources"]
    )
    used = pl.DataFrame({"resource": ["line"], "bucket": [0], "overtime": [5.0]})
    limits = weekly_limits(network, used, Days(START, 28, {}))
    assert limits.resources.to_list() == ["line"]
    assert limits.weeks[0].tolist() == pytest.approx([75.0, 30.0, 0.0, 0.0])
