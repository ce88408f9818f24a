"""Every way of being wrong in the ledger and in the head of the plan by hand fails, with its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from math import inf, nan

import polars as pl
import pytest
from tests.audit.by_hand import LEDGER, edited, hand_plan, headed, with_table, without

from boxbuild.audit import audit
from boxbuild.plan.plan import Plan

Corrupt = Callable[[Plan], Plan]

MATERIAL = {"account": "material"}


def more(plan: Plan, amount: str, present: str, **where: object) -> Plan:
    """Return a plan in which a line of the ledger is more by some."""
    frame = plan["ledger"]
    chosen = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
    assert frame.filter(chosen).height == 1
    new = [
        pl.when(chosen).then(pl.col(name) + Decimal(by)).otherwise(pl.col(name)).cast(frame.schema[name])
        for name, by in (("amount", amount), ("present", present))
    ]
    return with_table(plan, "ledger", frame.with_columns(new))


def twice(plan: Plan) -> Plan:
    line = plan["ledger"].filter(pl.col("account") == "material")
    return with_table(plan, "ledger", pl.concat([plan["ledger"], line]))


def halves(plan: Plan) -> Plan:
    """Return a plan in which the one flow behind a line is told in two lines."""
    frame = plan["ledger"].with_columns(pl.col("amount", "present") / 2)
    line = frame.filter(pl.col("account") == "material")
    rest = plan["ledger"].filter(pl.col("account") != "material")
    return with_table(plan, "ledger", pl.concat([rest, line, line], how="vertical_relaxed"))


CASES: dict[str, tuple[Corrupt, tuple[str, str, int | None]]] = {
    "a hundredth more": (
        lambda p: more(p, "0.01", "0", account="material"),
        ("ledger", "material|display-cn|plant", 0),
    ),
    "a hundredth less": (
        lambda p: more(p, "-0.01", "0", account="residual"),
        ("ledger", "residual|line2", 3),
    ),
    "discounted by a hundredth more": (
        lambda p: more(p, "0", "-0.01", account="lost", bucket=1),
        ("ledger", "lost|D2", 1),
    ),
    "line missing": (
        lambda p: without(p, "ledger", account="markup"),
        ("ledger", "markup|display-cn|plant", 0),
    ),
    "line twice": (twice, ("ledger", "material|display-cn|plant", 0)),
    "line in halves": (halves, ("ledger", "material|display-cn|plant", 0)),
    "line of another account": (
        lambda p: edited(p, "ledger", {"account": "markup"}, account="overtime"),
        ("ledger", "overtime|display-cn|plant", 0),
    ),
    "line in another bucket": (
        lambda p: edited(p, "ledger", {"account": "shortfall"}, bucket=2),
        ("ledger", "shortfall|C1", 2),
    ),
    "line of another key": (
        lambda p: edited(p, "ledger", {"account": "conversion"}, key="plant|phone|line2"),
        ("ledger", "conversion|plant|phone|line2", 0),
    ),
    "duty by the rate of exchange of the order": (
        lambda p: more(p, "-360", "-359.34", account="duty", key="display-cn|plant"),
        ("ledger", "duty|display-cn|plant", 1),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_lines(case: str) -> None:
    """A wrong line is named, by the ledger's check and by no other."""
    corrupt, place = CASES[case]
    result = audit(corrupt(hand_plan()))
    assert result.failed == ("ledger",)
    assert place in [failure.place for failure in result.failures]


@pytest.mark.parametrize("line", range(len(LEDGER)))
def test_each_line_is_missed(line: int) -> None:
    """Without any one of its lines the ledger fails, at that line and nowhere else."""
    account, bucket, key, _ = LEDGER[line]
    plan = hand_plan()
    frame = plan["ledger"].with_row_index().filter(pl.col("index") != line).drop("index")
    result = audit(with_table(plan, "ledger", frame))
    assert result.failed == ("ledger",)
    assert [failure.place for failure in result.failures] == [("ledger", f"{account}|{key}", bucket)]


def test_lines_of_nothing_are_let_pass() -> None:
    """A line of 0.00 changes no total; whether it is written is a matter of taste."""
    plan = hand_plan()
    line = plan["ledger"].head(1).with_columns(amount=pl.lit(Decimal(0)), key=pl.lit("x"), present=pl.lit(Decimal(0)))
    more_lines = pl.concat([plan["ledger"], line.cast(dict(plan["ledger"].schema))])
    assert audit(with_table(plan, "ledger", more_lines)).passed


COST = hand_plan().summary.cost

HEADS: dict[str, tuple[dict[str, object], str, str]] = {
    "cost": ({"cost": COST * 1.00001, "bound": COST * 1.00001 * 0.9999}, "summary", "cost"),
    "bound above cost": ({"bound": COST * 1.001, "gap": -0.001}, "summary", "bound"),
    "gap": ({"gap": 0.0}, "summary", "gap"),
    "status": ({"tolerance": 0.00001}, "summary", "status"),
    "cost not a number": ({"cost": nan}, "summary", "cost"),
    "bound infinite": ({"bound": -inf}, "summary", "bound"),
    "start": ({"start": date(2023, 6, 6)}, "summary", "start"),
    "buckets": ({"buckets": "1m"}, "summary", "buckets"),
    "home currency": ({"home_currency": "USD"}, "summary", "home_currency"),
    "another network": ({"input_hash": "0"}, "summary", "input_hash"),
    "release cost": ({"release_cost": COST * 1.00001}, "release cost", "release_cost"),
    "release cost not a number": ({"release_cost": nan}, "release cost", "release_cost"),
    "release cost not stated": ({"release_cost": None}, "release cost", "release_cost"),
}


@pytest.mark.parametrize("case", HEADS)
def test_heads(case: str) -> None:
    """A wrong figure of the summary is named."""
    values, check, figure = HEADS[case]
    result = audit(headed(hand_plan(), **values))
    assert result.failed == (check,)
    assert [failure.place for failure in result.failures] == [("summary", figure, None)]


def test_feasible_may_have_any_gap() -> None:
    """Only a plan that calls itself optimal promises a gap."""
    assert audit(headed(hand_plan(), tolerance=0.00001, status="feasible")).passed
