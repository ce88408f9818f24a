"""Laws of pegs, on orders carried out at random: what comes is what goes, upstream is downstream turned round."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from tests.building import small_network
from tests.plan.pegging.desk import START, carried_out, need, places, recipe, yields

from boxbuild import files
from boxbuild.plan.make import make_plan
from boxbuild.plan.pegging import Pegging, pegging
from boxbuild.plan.plan import Plan

SEEDS = range(6)
TINY = Path(__file__).parents[3] / "examples" / "tiny"


@cache
def case(seed: int) -> tuple[Plan, Pegging]:
    plan = carried_out(seed, 160)
    return plan, pegging(plan)


@cache
def tiny(*, dated: bool) -> tuple[Plan, Pegging]:
    plan = make_plan(files.read(TINY), release=dated)
    return plan, pegging(plan)


@pytest.mark.parametrize("seed", SEEDS)
def test_pegs_of_a_use_are_what_it_takes(seed: int) -> None:
    """By the bill of materials of its day and its site, counted by a clerk."""
    plan, pegs = case(seed)
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for item, site in places(plan):
        for use, quantity in (
            pegs.edges(item, site).filter(pl.col("use_kind") != "left").select("use", "quantity").iter_rows()
        ):
            found[use, item, site] += quantity
    assert found == pytest.approx(need(plan), rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_pegs_of_a_supply_and_what_is_left_are_the_supply(seed: int) -> None:
    plan, pegs = case(seed)
    found: dict[str, float] = defaultdict(float)
    for item, site in places(plan):
        edges = pegs.edges(item, site).filter(pl.col("supply_kind") != "uncovered")
        for supply, quantity in edges.select("supply", "quantity").iter_rows():
            found[supply] += quantity
    expected = {"raw@north/IN/9d": 300, "raw@north/CN/3d": 400, "spare@south": 500, "spare@hub": 100}
    expected |= {"PO-1": 200, "PO-2": 150}
    for row in plan["orders"].filter(pl.col("kind") != "deliver").iter_rows(named=True):
        good = yields(row["site"], row["item"], (row["start"] - START).days) if row["kind"] == "build" else 1.0
        expected[row["order"]] = row["quantity"] * good
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_taken_before_it_is_there(seed: int) -> None:
    """What was carried out can be pegged, goods that go back and forth within a day among it; the first goes first."""
    plan, pegs = case(seed)
    for item, site in places(plan):
        edges = pegs.edges(item, site)
        assert edges.filter(~pl.col("covered"))["quantity"].sum() == pytest.approx(0, abs=1e-7)
        assert edges["there"].drop_nulls().is_sorted()
        assert edges["taken"].drop_nulls().is_sorted()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_build_takes_its_bill_of_materials(seed: int) -> None:
    """Along the whole tree of a demand: for each unit started, the lines of the day and one whole of the alternates."""
    _, pegs = case(seed)
    for demand in ("d1", "d2", "d3"):
        for peg in pegs.demand(demand).walk():
            if peg.kind != "build":
                continue
            day = (peg.start - START).days if peg.start else 0
            started = peg.quantity / yields(peg.site, peg.item, day)
            lines, group = recipe(peg.site, peg.item, day)
            taken: dict[str, float] = defaultdict(float)
            for child in peg.children:
                taken[child.item] += child.quantity
            over = {item: taken[item] - started * lines.get(item, 0.0) for item in {*taken, *lines}}
            covered = sum(over[item] / each for item, each in group.items() if item in over)
            assert covered == pytest.approx(started if group else 0.0, rel=1e-9, abs=1e-9)
            assert all(abs(rest) < 1e-7 for item, rest in over.items() if item not in group)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tree_and_the_table_agree(seed: int) -> None:
    """Each order once in the table; in the tree wherever it is met."""
    _, pegs = case(seed)
    for demand in ("d1", "d2", "d3"):
        peg = pegs.demand(demand)
        met: dict[str, float] = defaultdict(float)
        for one in peg.walk():
            if one.kind not in ("demand", "short", "uncovered"):
                met[one.key] += one.quantity
        table = dict(pegs.orders(peg).select("key", "quantity").iter_rows())
        assert table == pytest.approx(met, rel=1e-9, abs=1e-12)


def turned_round(plan: Plan, pegs: Pegging, items: list[str]) -> None:
    """Check that what a demand has of a part is what the part gives to the demand, and that nothing gets lost."""
    demands = plan.network["demand"]["demand"].to_list()
    up: dict[tuple[str, str], float] = {}
    for demand in demands:
        made = pegs.orders(pegs.demand(demand)).filter(~pl.col("kind").is_in(["ship", "deliver"]))
        for item, quantity in made.group_by("item").agg(pl.col("quantity").sum()).iter_rows():
            if item in items:
                up[demand, item] = quantity
    down: dict[tuple[str, str], float] = {}
    for item in items:
        root = pegs.part(item)
        fed, left = pegs.demands(root), pegs.left(root)
        down |= {(demand, item): quantity for demand, quantity in fed.select("demand", "quantity").iter_rows()}
        all_of_it = fed["quantity"].sum() + left["quantity"].sum() + pegs.uncovered(root)
        assert all_of_it == pytest.approx(root.quantity, rel=1e-9)
        assert pegs.uncovered(root) <= 1e-5 * max(1.0, root.quantity)
        assert (fed["units"] <= fed["delivered"] * (1 + 1e-9)).all()
    assert down == pytest.approx(up, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_downstream_is_upstream_turned_round(seed: int) -> None:
    turned_round(*case(seed), ["raw", "spare", "module", "device"])


@pytest.mark.parametrize("dated", [True, False])
def test_the_tiny_plan_turned_round(dated: bool) -> None:
    turned_round(*tiny(dated=dated), ["board", "phone", "speaker"])


@pytest.mark.parametrize("dated", [True, False])
def test_a_plan_of_plants_hubs_and_markets_turned_round(dated: bool) -> None:
    """By bucket, what arrives in two buckets is two flows."""
    plan = make_plan(small_network(), release=dated)
    pegs = pegging(plan)
    assert pegs.dated is dated
    turned_round(plan, pegs, plan.network["items"]["item"].to_list())


@pytest.mark.slow
def test_the_phone_plan_turned_round() -> None:
    """Alternates, options, two sources a part, weeks and months."""
    network = files.read(TINY.parent / "phone-export-india")
    network = replace(network, settings=replace(network.settings, buckets="2w+4m"))
    plan = make_plan(network, gap=0.05, release=False)
    turned_round(plan, pegging(plan), ["display-amoled", "soc-budget", "mem-budget-a", "pcba-budget", "tv-board"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_part_at_a_site_is_counted_once(seed: int) -> None:
    """What comes back to a site is the same units: those delivered and left are no more than ever came in."""
    _, pegs = case(seed)
    for site in ("north", "south", "hub"):
        root = pegs.part("raw", site)
        down, left = pegs.demands(root), pegs.left(root)
        edges = pegs.edges("raw", site)
        came = edges.filter(pl.col("supply_kind") != "uncovered")["quantity"].sum()
        assert root.quantity == pytest.approx(came)
        assert down["quantity"].sum() + left["quantity"].sum() <= came * (1 + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_hours_of_a_resource_end_in_demands_or_in_stock(seed: int) -> None:
    """Devices hold the hours of their modules and their own."""
    plan, pegs = case(seed)
    builds = plan["orders"].filter((pl.col("kind") == "build") & (pl.col("site") == "north"))
    hours = (builds["quantity"] * builds["item"].replace_strict({"module": 0.5, "device": 2.0})).sum()
    root = pegs.resource("line")
    assert root.quantity == pytest.approx(hours)
    assert pegs.demands(root)["quantity"].sum() + pegs.left(root)["quantity"].sum() == pytest.approx(hours)


def test_rows_in_another_order_take_the_same_from_each_day() -> None:
    """Ties within a day go by the order of the rows; between days nothing changes."""
    plan, pegs = case(1)
    other = pegging(replace(plan, tables={**plan.tables, "orders": plan["orders"].reverse()}))
    for item, site in places(plan):
        days = [
            one.edges(item, site).group_by("there", "taken").agg(pl.col("quantity").sum()).sort("there", "taken")
            for one in (pegs, other)
        ]
        assert days[0].select("there", "taken").equals(days[1].select("there", "taken"))
        assert days[0]["quantity"].to_list() == pytest.approx(days[1]["quantity"].to_list(), abs=1e-9)
