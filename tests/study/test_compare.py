"""Plans side by side: laws, and a pair that is worked out with paper and pencil.

A fifth more phones in week 1 of ``tiny`` are 13 phones, 26 hours, 13 boards. Boards from far are used up, so they come
from near: 13 × 150 = 1,950. Their conversion is 13 × 50 = 650, freight in week 1 is 13 × 4 = 52, insurance 13 × 1. The
line has 26 hours too few: 10 hours are the rest of the overtime of week 1, at 30; 16 hours are 8 phones built in week 0
in overtime, at 30, and kept a week, 8 × 7 = 56. Overtime is 26 × 30 = 780 more. All: 1,950 + 650 + 52 + 13 + 780 + 56 =
3,501.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.study.conftest import planned

from boxbuild.errors import UsageError
from boxbuild.network.network import Network
from boxbuild.plan.plan import Plan
from boxbuild.study.compare import SIGNS, Tolerance, compare, input_differences, orders_moved, plan_names
from boxbuild.study.compare.aspects import ASPECTS
from boxbuild.study.compare.orders import match
from boxbuild.views.charts.compare import GROUPS


def test_a_plan_is_as_itself(base: Plan) -> None:
    found = compare([base, base], ["one", "two"])
    assert found.same
    assert not any(compared.differing.height for compared in found.aspects.values())
    assert found.inputs[0].is_empty()
    assert set(found.orders[0]["outcome"]) == {"same"}
    assert found.claims[0].difference == 0
    assert found.claims[0].proven == "equal"


def test_a_fifth_more_phones_costs_what_paper_says(base: Plan, more: Plan) -> None:
    found = compare([base, more], ["base", "more"])
    changes = dict(found.aspects["cost"].measure("present", differences_only=True)["account", "change_1"].iter_rows())
    paper = {"material": 1950, "overtime": 780, "conversion": 650, "holding": 56, "freight": 52, "insurance": 13}
    assert changes == pytest.approx(paper)
    assert found.claims[0].difference == pytest.approx(3501)
    assert found.claims[0].proven == "dearer"
    service = found.aspects["service"].measure("on_time").filter(pl.col("item") == "phone").row(0, named=True)
    assert (service["value_0"], service["value_1"], service["change_1"]) == pytest.approx((115, 128, 13))


def test_accounts_add_up_to_the_difference_in_cost(base: Plan, more: Plan, wider: Plan) -> None:
    found = compare([base, more, wider], ["base", "more", "wider"])
    present = found.aspects["cost"].measure("present")
    for place, plan in enumerate((base, more, wider)):
        assert present[f"value_{place}"].sum() == pytest.approx(plan.summary.cost, abs=0.005)
    for place, claim in enumerate(found.claims, 1):
        assert present[f"change_{place}"].sum() == pytest.approx(claim.difference, abs=0.01)


def test_what_rounding_takes_stands_in_an_account_of_its_own(base: Plan) -> None:
    summary = replace(base.summary, cost=base.summary.cost + 0.37)
    found = compare([base, replace(base, summary=summary)], ["base", "other"])
    changed = found.aspects["cost"].measure("present", differences_only=True)
    assert changed["account", "change_1"].rows() == [("rounding", pytest.approx(0.37))]


def test_changes_turn_round_with_the_plans(base: Plan, more: Plan) -> None:
    there, back = compare([base, more], ["a", "b"]), compare([more, base], ["b", "a"])
    for name, compared in there.aspects.items():
        keys = [*compared.aspect.keys, "measure"]
        both = compared.rows.join(back.aspects[name].rows, on=keys, nulls_equal=True, suffix="_back")
        assert both.height == compared.rows.height == back.aspects[name].rows.height
        assert ((both["change_1"] + both["change_1_back"]).abs().fill_null(0.0) < 1e-9).all()
    assert there.claims[0].least == -back.claims[0].most


def test_the_claim_is_as_wide_as_the_gaps(base: Plan, more: Plan) -> None:
    loose = [replace(plan, summary=replace(plan.summary, bound=plan.summary.cost - 5000)) for plan in (base, more)]
    claim = compare(loose, ["a", "b"]).claims[0]
    assert claim.least == pytest.approx(3501 - 5000)
    assert claim.most == pytest.approx(3501 + 5000)
    assert claim.proven == "open"
    unproven = replace(more, summary=replace(more.summary, bound=float("-inf")))
    assert compare([base, unproven], ["a", "b"]).claims[0].as_dict()["least"] is None


def test_orders_are_conserved(base: Plan, more: Plan, wider: Plan) -> None:
    key = ["kind", "item", "site", "destination", "reference"]
    for other in (more, wider):
        moved = orders_moved(base, other)
        signs = pl.col("outcome").replace_strict(SIGNS, return_dtype=pl.Int64)
        said = moved.group_by(key).agg(change=(pl.col("quantity") * signs).sum())
        for plan, sign in ((base, -1.0), (other, 1.0)):
            own = plan["orders"].group_by(key).agg(change=sign * pl.col("quantity").sum())
            said = pl.concat([said, own.with_columns(change=-pl.col("change"))])
        left = said.group_by(key).agg(pl.col("change").sum())
        assert (left["change"].abs() < 1e-6).all()
        # both plans again, from what became of their orders
        for plan, day in ((base, "before"), (other, "after")):
            amount = pl.when(pl.col("outcome").is_in(["more", "less"])).then(0.0).otherwise(pl.col("quantity"))
            total = moved.filter(pl.col(day).is_not_null()).select(amount.sum()).item()
            extra = moved.filter(pl.col("outcome") == ("less" if day == "before" else "more"))["quantity"].sum()
            assert total + extra == pytest.approx(plan["orders"]["quantity"].sum())


def test_an_order_is_known_by_what_it_is_and_not_by_its_number(base: Plan) -> None:
    shifted = base["orders"].with_columns(
        order=pl.lit("X") + pl.col("order"),
        start=pl.when(pl.col("kind") == "build").then(pl.col("start") + timedelta(days=2)).otherwise(pl.col("start")),
    )
    moved = orders_moved(base, replace(base, tables={**base.tables, "orders": shifted}))
    builds = moved.filter(pl.col("kind") == "build")
    assert set(builds["outcome"]) == {"later"}
    assert set(builds["days"]) == {2}
    assert set(moved.filter(pl.col("kind") != "build")["outcome"]) == {"same"}
    far = orders_moved(base, replace(base, tables={**base.tables, "orders": shifted}), window_days=1)
    assert set(far.filter(pl.col("kind") == "build")["outcome"]) == {"added", "gone"}


DAYS = st.dictionaries(st.integers(0, 90), st.integers(-50, 50).filter(bool), max_size=12)


@given(DAYS, st.integers(0, 40))
def test_matches_use_every_unit_once_and_stay_within_the_window(drawn: dict[int, int], window: int) -> None:
    start = date(2024, 1, 1)
    left = [(start + timedelta(days=day), float(units)) for day, units in sorted(drawn.items())]
    pairs, unmatched = match(left, window)
    assert all(abs((after - before).days) <= window for before, after, _ in pairs)
    total = dict.fromkeys((day for day, _ in left), 0.0)
    for before, after, units in pairs:
        assert units > 0
        total[before] -= units
        total[after] += units
    for day, units in unmatched:
        total[day] += units
    assert total == pytest.approx(dict(left))
    if window >= 90:
        assert not (any(units > 0 for _, units in unmatched) and any(units < 0 for _, units in unmatched))


def test_settings_and_cells_that_differ_are_told(tiny: Network) -> None:
    other = planned(tiny, "sources.far.price=1.5", "settings.holding_rate=0.5").network
    rows = input_differences(tiny, other)
    assert rows.select("table", "row", "change", "column", "before", "after").rows() == [
        ("settings", "holding_rate", "changed", "holding_rate", "0.365", "0.5"),
        ("sources", "far", "changed", "price", "1.25", "1.5"),
    ]
    assert input_differences(tiny, tiny).is_empty()
    turned = input_differences(other, tiny)
    assert turned["before"].to_list() == rows["after"].to_list()


def test_a_row_cut_in_time_differs_on_the_days_on_which_its_figures_do(tiny: Network) -> None:
    line = tiny.tables["resources"]
    first, last = date(2024, 1, 8), date(2024, 1, 14)
    pieces = [
        line.with_columns(until=pl.lit(first - timedelta(days=1))),
        line.with_columns(pl.lit(first).alias("from"), pl.lit(last).alias("until"), per_week=pl.lit(50.0)),
        line.with_columns(pl.lit(last + timedelta(days=1)).alias("from")),
    ]
    rows = input_differences(tiny, tiny.with_table("resources", pl.concat(pieces)))
    assert rows.select("row", "change", "column", "before", "after", "from", "until").rows() == [
        ("line", "changed", "per_week", "100", "50", first, last)
    ]


def test_rows_that_come_and_go_are_told(tiny: Network) -> None:
    demand = tiny.tables["demand"]
    renamed = demand.with_columns(pl.col("demand").replace({"phone-w0": "phone-first"}))
    rows = input_differences(tiny, tiny.with_table("demand", renamed))
    assert sorted(rows.select("row", "change").rows()) == [("phone-first", "added"), ("phone-w0", "gone")]


def test_small_differences_count_as_none_where_that_is_asked_for(base: Plan, more: Plan) -> None:
    exact, coarse = (
        compare([base, more], ["a", "b"], tolerance=Tolerance(relative=part)).aspects["cost"].differing["account"]
        for part in (0.0, 0.1)
    )
    assert "freight" in exact.to_list()
    assert "freight" not in coarse.to_list()
    assert "overtime" in coarse.to_list()


def test_of_three_plans_the_first_is_the_base(base: Plan, more: Plan, wider: Plan) -> None:
    found = compare([base, more, wider], ["base", "more", "wider"])
    alone = compare([base, wider], ["base", "wider"])
    for name, compared in alone.aspects.items():
        keys = [*compared.aspect.keys, "measure"]
        both = compared.rows.join(found.aspects[name].rows, on=keys, nulls_equal=True, suffix="_three")
        assert both["change_1"].equals(both["change_2"].rename("change_1"))
    records = found.as_dict(differences_only=True)["aspects"]["cost"]
    assert all(set(record["values"]) == {"base", "more", "wider"} for record in records)


def test_plans_that_cannot_be_compared_are_refused(base: Plan, more: Plan) -> None:
    with pytest.raises(UsageError, match="two plans"):
        compare([base])
    with pytest.raises(UsageError, match="different names"):
        compare([base, more], ["a", "a"])
    dollars = replace(more, summary=replace(more.summary, home_currency="USD"))
    with pytest.raises(UsageError, match="INR and USD"):
        compare([base, dollars])
    assert plan_names([base, base]) == ("base (1)", "base (2)")


def test_a_notebook_shows_it_with_names_escaped(base: Plan, more: Plan) -> None:
    shown = compare([base, more], ["<b>", "more"])._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "30,342.00" in shown


def test_every_aspect_stands_on_the_page() -> None:
    drawn = {name for _, _, names in GROUPS for name in names}
    assert drawn == {aspect.name for aspect in ASPECTS}


def test_targets_in_units_are_not_shares(tiny: Network) -> None:
    target = {"target": "phones", "metric": "units_built", "at_least": 100.0}
    targets = pl.DataFrame([target], schema_overrides=tiny.tables["targets"].schema)
    schema = {name: dtype for name, dtype in tiny.tables["targets"].schema.items() if name in target}
    plan = planned(tiny.with_table("targets", targets.cast(schema)))
    found = compare([plan, plan], ["a", "b"])
    assert found.aspects["counts"].rows["value_0"].to_list() == pytest.approx([175])
    assert "targets" not in found.aspects
