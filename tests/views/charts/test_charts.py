"""Charts add up: what is drawn is what the tables and the ledger say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from boxbuild.plan.landed import Landed
from boxbuild.plan.plan import Plan
from boxbuild.plan.service import service
from boxbuild.views.charts.builds import builds
from boxbuild.views.charts.buying import markets, purchases
from boxbuild.views.charts.capacity import capacity
from boxbuild.views.charts.cash import GROUPS, cash
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.charts.cost import cost
from boxbuild.views.charts.exceptions import exceptions
from boxbuild.views.charts.landed_cost import LABELS, landed_cost
from boxbuild.views.charts.network_map import network_map
from boxbuild.views.charts.obligations import obligations
from boxbuild.views.charts.promises import Promise
from boxbuild.views.charts.sankey import MOST, sankey
from boxbuild.views.charts.stock import stock


def have(chart: Chart | None) -> Chart:
    assert chart is not None
    return chart


def picture(chart: Chart, label: str) -> Choice:
    return next(one for one in chart.pictures() if one.label == label)


def summed(data: Mapping[str, Any]) -> float:
    return float(sum(value or 0.0 for one in data["series"] for value in one["values"]))


def facts(chart: Chart) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in chart.data["facts"]}


def test_what_comes_into_a_node_leaves_it(plan: Plan) -> None:
    for one in have(sankey(plan)).pictures():
        into: dict[str, float] = defaultdict(float)
        out: dict[str, float] = defaultdict(float)
        for link in one.data["links"]:
            out[link["source"]] += link["value"]
            into[link["target"]] += link["value"]
        inner = {node["name"] for node in one.data["nodes"]} & set(into) & set(out)
        assert inner
        for name in inner:
            assert into[name] == pytest.approx(out[name], rel=1e-6), (one.label, name)


def test_the_money_of_the_flows_is_the_landed_cost_of_what_is_delivered(plan: Plan) -> None:
    money = picture(have(sankey(plan)), "money, by part").data
    first = {node["name"] for node in money["nodes"] if node["layer"] == 0}
    drawn = sum(link["value"] for link in money["links"] if link["source"] in first)
    assert drawn == pytest.approx(float(Landed(plan).statement()["delivered"]), rel=1e-6)


def test_the_units_of_the_flows_are_the_units_delivered_by_market(plan: Plan) -> None:
    units = picture(have(sankey(plan)), "units of goods").data
    arrived: dict[str, float] = defaultdict(float)
    for link in units["links"]:
        arrived[link["target"]] += link["value"]
    markets_of = plan["deliveries"].group_by("market").agg(pl.col("quantity").sum())
    for market, quantity in markets_of.iter_rows():
        if f"market:{market}" in arrived:
            assert arrived[f"market:{market}"] == pytest.approx(quantity, rel=1e-6)


def test_the_flows_have_few_nodes(plan: Plan) -> None:
    assert all(len(one.data["nodes"]) <= sum(MOST) + len(MOST) for one in have(sankey(plan)).pictures())


def test_the_months_add_up_to_the_ledger_to_the_paisa(plan: Plan) -> None:
    chart = have(cash(plan))
    groups = [one for one in chart.data["series"] if one["name"] != "together"]
    drawn = sum((Decimal(repr(value)) for one in groups for value in one["values"]), Decimal(0))
    assert drawn == plan["ledger"]["amount"].sum()
    together = next(one for one in chart.data["series"] if one["name"] == "together")
    assert sum((Decimal(repr(value)) for value in together["values"]), Decimal(0)) == drawn
    (running,) = picture(chart, "adding up").data["series"]
    assert Decimal(repr(running["values"][-1])) == drawn


def test_every_account_is_in_one_group_of_the_cash() -> None:
    from boxbuild.plan.ledger import ACCOUNTS

    assert sorted(account for group in GROUPS.values() for account in group) == sorted(ACCOUNTS)


def test_the_steps_add_up_to_the_landed_cost(plan: Plan) -> None:
    costs = {
        f"{item} at {market}": cost
        for item, market, cost in Landed(plan).units().select("item", "market", "unit_cost").iter_rows()
    }
    pictures = have(landed_cost(plan)).pictures()
    assert pictures
    for one in pictures:
        *steps, total = (Decimal(repr(step["value"])) for step in one.data["steps"])
        assert sum(steps, Decimal(0)) == total
        assert abs(total - Decimal(repr(costs[one.label]))) <= Decimal("0.0051")


def test_landed_costs_know_every_account_of_an_inflow(plan: Plan) -> None:
    ways = [inflow for found in Landed(plan).pools.inflows.values() for inflow in found]
    assert {account for inflow in ways for account in inflow.money} <= set(LABELS)


def test_builds_add_up_by_product_by_site_and_item(plan: Plan) -> None:
    chart = have(builds(plan))
    wanted = plan.network["demand"]["item"].unique().to_list()
    goods = plan.network["items"].filter((pl.col("kind") == "finished") | pl.col("item").is_in(wanted))["item"]
    rows = plan["builds"].filter(pl.col("item").is_in(goods.to_list()))
    built = float(rows["good"].sum())
    assert built > 0
    days = plan.network.calendar.lengths
    weeks = [1.0] * len(days) if (days == days[0]).all() else (days / 7).tolist()
    assert chart.unit == ("units" if weeks[0] == weeks[-1] else "units a week")

    def total(values: list[float]) -> float:
        return sum(value * length for value, length in zip(values, weeks, strict=True))

    for label in ("all, by product", "all, by site"):
        assert sum(total(one["values"]) for one in picture(chart, label).data["series"]) == pytest.approx(
            built, rel=1e-5
        )
    for item, quantity in rows.group_by("item").agg(pl.col("good").sum()).iter_rows():
        drawn = sum(total(one["values"]) for one in picture(chart, item).data["series"])
        assert drawn == pytest.approx(quantity, rel=1e-5)
    assert total(chart.data["limit"]) == pytest.approx(float(service(plan)["wanted"].sum()), rel=1e-5)


def test_a_cell_of_capacity_is_used_over_all_there_is(plan: Plan) -> None:
    chart = have(capacity(plan))
    rows = {
        (name, bucket): (used, regular + extra)
        for name, bucket, used, regular, extra in plan["capacity"]
        .select("resource", "bucket", "used", "regular", "overtime_limit")
        .iter_rows()
    }
    assert len(chart.data["values"]) == len(rows)
    for across, down, share in chart.data["values"]:
        used, limit = rows[chart.data["down"][down], across]
        assert share is None if limit == 0 else share == pytest.approx(used / limit, abs=6e-4)


def test_stock_is_what_was_there_and_came_less_what_was_needed(plan: Plan) -> None:
    opening = dict(plan.network["stock"].group_by("item").agg(pl.col("quantity").sum()).iter_rows())
    for one in have(stock(plan)).pictures():
        series = {each["name"]: each["values"] for each in one.data["series"]}
        away = series.get("on its way between sites", [0.0] * len(series["needs"]))
        level, scale = opening.get(one.label, 0.0), max(1.0, *series["needs"], *series["arrivals"])
        for held, moving, came, gone in zip(
            series["stock at the end"], away, series["arrivals"], series["needs"], strict=True
        ):
            assert held + moving == pytest.approx(level + came - gone, abs=3e-5 * scale), one.label
            level = held + moving


def test_purchases_add_up_to_the_ledger(plan: Plan) -> None:
    ledger = plan["ledger"].filter(pl.col("account").is_in(["material", "markup"]))
    for one in purchases(plan)[0].pictures():
        assert summed(one.data) == pytest.approx(float(ledger["amount"].sum()), rel=1e-5)


def test_markets_add_up_to_the_deliveries(plan: Plan) -> None:
    assert summed(markets(plan)[0].data) == pytest.approx(float(plan["deliveries"]["quantity"].sum()), rel=1e-5)


def test_the_flows_of_the_map_are_purchases_and_shipments(phone_plan: Plan) -> None:
    chart = have(network_map(phone_plan))
    shipped = phone_plan["shipments"].group_by("origin", "destination", "mode").agg(pl.col("quantity").sum())
    expected = {(one, two, mode): units for one, two, mode, units in shipped.iter_rows()}
    drawn = [flow for flow in chart.data["flows"] if flow["mode"] != "supply"]
    assert drawn
    assert set(phone_plan["deliveries"]["market"].unique()) <= {flow["destination"] for flow in drawn}
    for flow in drawn:
        key = (flow["origin"], flow["destination"], flow["mode"])
        assert flow["units"] == pytest.approx(expected[key], rel=1e-4)


def test_nothing_to_report_is_said(tiny_plan: Plan) -> None:
    first, _, full, promised = exceptions(tiny_plan)
    assert facts(first)["full"]["value"] == "no line is full"
    assert facts(first)["short"]["status"] == "good"
    assert full.data["rows"] == []
    assert "No line is full" in full.says
    assert "no contracts, targets" in promised.says


def test_what_is_late_is_counted_and_named(tiny_plan: Plan) -> None:
    first, late, *_ = exceptions(tiny_plan)
    assert facts(first)["late"]["value"] == "1 demand"
    assert [row[0] for row in late.data["rows"]] == ["speaker-w1"]
    assert late.data["rows"][0][6] == 30
    assert late.data["rows"][0][7] == "warn: late"


@pytest.mark.parametrize(
    ("promise", "state"),
    [
        (Promise("contract", "c", "units at least", 100, 90), "bad: missed"),
        (Promise("contract", "c", "units at least", 100, 101), "warn: close"),
        (Promise("contract", "c", "units at least", 100, 100), "warn: at its limit"),
        (Promise("contract", "c", "units at least", 100, 103), "good: kept"),
        (Promise("contract", "c", "units at most", 100, 99, most=True), "warn: close"),
        (Promise("contract", "c", "units at most", 100, 110, most=True), "bad: missed"),
        (Promise("law", "l", "sales", 100, 95), "warn: nearly reached"),
        (Promise("law", "l", "sales", 100, 50), "bad: missed"),
    ],
)
def test_a_promise_is_kept_close_or_missed(promise: Promise, state: str) -> None:
    assert promise.state == state


def test_exports_under_schemes_are_worth_what_the_audit_counts(phone_plan: Plan) -> None:
    from boxbuild.audit import options
    from boxbuild.audit.exempt.obligations import _streams
    from boxbuild.audit.exempt.part import Territory
    from boxbuild.audit.flows import Flows
    from boxbuild.audit.reading import Reading

    reading = Reading(phone_plan.network, {})
    reading.ready.update(options.ready_days(phone_plan, reading))
    counted: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for scheme, site, fob, cif in _streams(Flows.of(phone_plan, reading), Territory(reading), reading):
        counted[scheme, site][0] += fob
        counted[scheme, site][1] += cif
    rows = obligations(phone_plan)
    assert rows.height
    for scheme, site, fob, cif in rows.select("scheme", "site", "fob", "cif").iter_rows():
        assert (fob, cif) == pytest.approx(tuple(map(float, counted[scheme, site])), rel=1e-9)


def test_the_accounts_add_up_to_the_cost_of_the_plan(plan: Plan) -> None:
    for one, column in zip(have(cost(plan)).pictures(), ("present", "amount"), strict=True):
        *steps, total = (Decimal(repr(step["value"])) for step in one.data["steps"])
        assert sum(steps, Decimal(0)) == total == plan["ledger"][column].sum()


def test_money_by_origin_and_by_part_are_the_same_money(plan: Plan) -> None:
    chart = have(sankey(plan))
    for target in ("plant:", "market:"):
        sums = []
        for label in ("money, by part", "money, by origin"):
            links = picture(chart, label).data["links"]
            sums.append(
                {
                    node: sum(one["value"] for one in links if one["target"] == node)
                    for node in {one["target"] for one in links if one["target"].startswith(target)}
                }
            )
        assert sums[0] == pytest.approx(sums[1], rel=1e-6)
