"""The example that is solved by hand: docs/examples/tiny.md finds these numbers with paper and pencil."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boxbuild

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

TINY = Path(__file__).parents[2] / "examples" / "tiny"

ACCOUNTS = {
    "material": 16250,
    "markup": 160,
    "duty": 800,
    "conversion": 7550,
    "overtime": 300,
    "freight": 930,
    "insurance": 151,
    "holding": 70,
    "late": 630,
}
TOTAL = 26841


@pytest.fixture(scope="module")
def plan() -> Plan:
    return boxbuild.plan(boxbuild.read(TINY))


def quantities(plan: Plan, table: str, *key: str) -> dict[tuple[object, ...], float]:
    """Return the quantities of a plan's table by key and bucket."""
    frame = plan[table].group_by(*key, "bucket").agg(pl.col("quantity").sum())
    return {tuple(row[:-1]): pytest.approx(row[-1], abs=1e-5) for row in frame.iter_rows()}


def test_nothing_is_wrong_with_it() -> None:
    assert [str(issue) for issue in boxbuild.check(boxbuild.read(TINY))] == []


def test_builds(plan: Plan) -> None:
    assert quantities(plan, "builds", "item") == {
        ("phone", 0): 40,
        ("phone", 1): 55,
        ("phone", 2): 20,
        ("speaker", 0): 20,
        ("speaker", 2): 40,
    }


def test_buys(plan: Plan) -> None:
    assert quantities(plan, "buys", "offer") == {
        ("far", 0): 40,
        ("far", 1): 40,
        ("near", 0): 20,
        ("near", 1): 15,
        ("near", 2): 20,
    }


def test_shipments(plan: Plan) -> None:
    assert quantities(plan, "shipments", "item") == {
        ("phone", 0): 30,
        ("phone", 1): 65,
        ("phone", 2): 20,
        ("speaker", 0): 20,
        ("speaker", 2): 40,
    }


def test_the_early_phones_wait_at_the_works(plan: Plan) -> None:
    assert quantities(plan, "stock", "item", "site") == {("phone", "works", 0): 10}


def test_deliveries(plan: Plan) -> None:
    assert quantities(plan, "deliveries", "demand", "late_days") == {
        ("phone-w0", 0, 0): 30,
        ("phone-w1", 0, 1): 65,
        ("phone-w2", 0, 2): 20,
        ("speaker-w0", 0, 0): 20,
        ("speaker-w1", 7, 2): 30,
        ("speaker-w2", 0, 2): 10,
    }
    assert plan["shortages"].is_empty()


def test_hours(plan: Plan) -> None:
    hours = plan["capacity"].sort("bucket")
    assert hours["used"].to_list() == pytest.approx([100, 110, 80])
    assert hours["overtime"].to_list() == pytest.approx([0, 10, 0], abs=1e-5)


def test_every_account(plan: Plan) -> None:
    ledger = plan["ledger"].group_by("account").agg(pl.col("amount").sum(), pl.col("present").sum())
    amounts = {account: amount for account, amount, _ in ledger.iter_rows() if amount}
    assert amounts == {account: Decimal(amount) for account, amount in ACCOUNTS.items()}
    assert ledger["amount"].to_list() == ledger["present"].to_list()  # nothing is discounted


def test_total(plan: Plan) -> None:
    assert sum(ACCOUNTS.values()) == TOTAL
    assert plan.summary.cost == pytest.approx(TOTAL, abs=0.01)
    assert plan.summary.bound == pytest.approx(TOTAL, rel=1e-4)
    assert plan["ledger"]["amount"].sum() == Decimal(TOTAL)


def test_what_is_paid_in_each_week(plan: Plan) -> None:
    """Duty is due when the boards arrive, the late penalty when the speakers do."""
    paid = plan["ledger"].group_by("account", "bucket").agg(pl.col("amount").sum())
    amounts = {(account, bucket): amount for account, bucket, amount in paid.iter_rows() if amount}
    assert {key: value for key, value in amounts.items() if key[0] in ("material", "duty", "late", "freight")} == {
        ("material", 0): Decimal(7000),
        ("material", 1): Decimal(6250),
        ("material", 2): Decimal(3000),
        ("duty", 1): Decimal(400),
        ("duty", 2): Decimal(400),
        ("late", 2): Decimal(630),
        ("freight", 0): Decimal(310),
        ("freight", 1): Decimal(260),
        ("freight", 2): Decimal(360),
    }


def test_audit(plan: Plan) -> None:
    assert plan.audit().passed
