"""What moved and why: on changes of the tiny example whose reasons are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.study.conftest import planned

from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.plan.plan import Plan
from boxbuild.plan.warm import remembered
from boxbuild.solve.solution import Solution
from boxbuild.study.change_why import ChangeWhy, change_why
from boxbuild.study.change_why.limits import limits
from boxbuild.study.change_why.moves import KEY, moved
from boxbuild.views.compare_change import change_page


def told(found: ChangeWhy, kind: str, item: str, reference: str | None = None) -> dict[str, list[str]]:
    """Reasons of the one move of a kind, by what they rest on."""
    (reasons,) = (
        reasons
        for move, reasons in found.moves
        if move.kind == kind and move.item == item and (reference is None or move.reference == reference)
    )
    by_ground: dict[str, list[str]] = {}
    for reason in reasons:
        by_ground.setdefault(reason.ground, []).append(reason.says)
    return by_ground


def test_nothing_moves_between_a_plan_and_itself(base: Plan) -> None:
    found = change_why(base, base, ["one", "two"])
    assert found.moves == ()
    assert "Nothing moved." in change_page(found)


def test_more_demand_is_followed_down_the_bill_of_materials(base: Plan, more: Plan) -> None:
    found = change_why(base, more)
    delivered = told(found, "deliver", "phone")
    assert delivered["input"] == ["an input of it differs: demand phone-w1, quantity 65 → 78"]
    assert delivered["need"] == ["13 more are wanted there in the horizon"]
    assert told(found, "build", "phone")["need"] == ["13 more are delivered to shop"]
    assert told(found, "buy", "board", "near")["need"] == ["phone takes 13 more board"]
    assert found.open_moves == 0


def test_an_offer_that_gives_more_stands_against_the_other(base: Plan, tiny: Network) -> None:
    found = change_why(base, planned(tiny, "sources.far.per_week=50"))
    far, near = told(found, "buy", "board", "far"), told(found, "buy", "board", "near")
    assert far["input"] == ["an input of it differs: sources far, per_week 40 → 50"]
    assert far["instead"] == ["it stands against 20 less bought from near-yard for works (near)"]
    assert near["instead"] == ["it stands against 20 more bought from far-yard for works (far)"]
    assert "input" not in near


def test_another_price_is_a_rate(tiny: Network) -> None:
    """Far at USD 1.70 costs 136 + 2.72 + 13.60 = 152.32, more than near: of it comes only what near cannot give."""
    short = "sources.near.per_week=40"
    found = change_why(planned(tiny, short), planned(tiny, short, "sources.far.price=1.7"))
    far = told(found, "buy", "board", "far")
    assert far["rate"] == [
        "a unit pays 13.60 of duty instead of 10.00",
        "a unit pays 2.72 of markup instead of 2.00",
        "a unit pays 136.00 of material instead of 100.00",
    ]
    assert far["input"] == ["an input of it differs: sources far, price 1.25 → 1.7"]
    assert "rate" not in told(found, "buy", "board", "near")


def test_moves_add_up_to_what_the_plans_say(base: Plan, more: Plan, wider: Plan) -> None:
    for other in (more, wider):
        rows = moved(base, other)
        for kind, table in (("build", "builds"), ("buy", "buys"), ("ship", "shipments"), ("deliver", "deliveries")):
            change = other[table]["quantity"].sum() - base[table]["quantity"].sum()
            said = rows.filter(pl.col("kind") == kind).select((pl.col("after") - pl.col("before")).sum()).item()
            assert said == pytest.approx(change, abs=1e-6)
        assert rows.select(KEY).is_unique().all()
        assert (rows["money"].diff().drop_nulls() <= 0).all()


def test_a_line_with_more_hours_is_less_scarce(base: Plan, wider: Plan) -> None:
    before, after = limits(base, months=False), limits(wider, months=False)
    assert before is not None
    assert after is not None
    hours = pl.col("thing") == "line"
    assert before.filter(hours)["worth"].max() == pytest.approx(30)  # an hour of overtime less
    assert after.filter(hours)["worth"].max() < 30
    found = change_why(base, wider)
    delivered = told(found, "deliver", "speaker")
    assert delivered["need"]


def test_what_limits_are_worth_is_what_the_rows_of_the_model_are_worth(tiny: Network, base: Plan) -> None:
    """Prices are found without the model: numbered rows of the model give the same."""
    model = assemble(tiny)
    numbers = np.arange(1, model.row_lower.size + 1, dtype=np.float64)
    solution = Solution(np.zeros(model.cost.size), 0.0, 0.0, "optimal", "test", prices=-numbers)
    named = limits(replace(base, prices=remembered(model, solution)), months=False)
    assert named is not None
    for family in ("capacity", "supply"):
        first, keys = model.first_row(family), model.families[family].keys
        wanted = {
            (keys[keys.columns[0]][at], tiny.calendar.first_days[keys["bucket"][at]]): first + at + 1.0
            for at in range(keys.height)
        }
        own = named.filter(pl.col("family") == family)
        assert {(thing, day): worth for _, thing, day, worth in own.iter_rows()} == wanted


def test_without_prices_nothing_is_said_of_limits(base: Plan, wider: Plan) -> None:
    found = change_why(replace(base, prices=None), wider)
    assert not found.priced
    grounds = {reason.ground for _, reasons in found.moves for reason in reasons}
    assert not grounds & {"limit", "other way"}
    assert any("keeps no prices" in line for line in change_page(found))


def test_the_answer_is_json_and_says_what_is_left_out(base: Plan, more: Plan) -> None:
    found = change_why(base, more, ["base", "more"], most=1)
    answer = found.as_dict()
    assert len(answer["moves"]) == 1
    assert answer["left_out"]["moves"] == moved(base, more).height - 1
    assert answer["inputs"][0]["row"] == "phone-w1"
    assert answer["claim"]["proven"] == "dearer"
