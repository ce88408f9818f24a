"""A plan whose exempt quantities or amounts are not what they say fails by name: `law exemptions`."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from tests.audit.by_hand import edited, with_table
from tests.building import edit_rows, with_rows
from tests.model.exempt_network import exempt_network

from boxbuild.law import schemes
from boxbuild.law.formula import Name
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.schemas import conform

CHECK = "law exemptions"


def planned(network: Network) -> Plan:
    plan = make_plan(network, gap=1e-9, release=False)
    assert plan.audit().passed, plan.audit()
    return plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(exempt_network("aa", law="tables"))


def failures(plan: Plan) -> list[str]:
    return [str(failure) for failure in plan.audit().failures if failure.check == CHECK]


def more(plan: Plan, flow: str, quantity: float) -> Plan:
    """Return the plan with more of a flow under the scheme."""
    rows = plan["exempt"]
    changed = pl.when(pl.col("flow") == flow).then(pl.col("quantity") + quantity).otherwise("quantity")
    return with_table(plan, "exempt", rows.with_columns(quantity=changed))


@pytest.mark.parametrize(
    ("flow", "quantity", "words"),
    [
        ("buy", 1, "not exported by the end"),
        ("buy", -1, "more left the scheme than came in"),
        ("buy", 51, "of a flow of"),
        ("use", 1, "for 50 units built for export"),
        ("build", 51, "of a flow of"),
        ("build", 1, "some that paid no duty was sold or used at home"),
        ("build", 1, "not exported by the end"),
        ("export", 1, "of a flow of 50"),
        ("export", -1, "not exported by the end"),
    ],
)
def test_quantities(plan: Plan, flow: str, quantity: float, words: str) -> None:
    assert any(words in text for text in failures(more(plan, flow, quantity)))


def test_part_of_a_unit_is_not_rounding(plan: Plan) -> None:
    assert failures(more(plan, "export", -0.001))
    assert not failures(more(plan, "export", -1e-9))


@pytest.mark.parametrize("cents", ["0.01", "-0.01"])
def test_a_line_that_is_wrong_by_a_paisa_fails_by_its_rule(plan: Plan, cents: str) -> None:
    lines = plan["ledger"]
    wrong = pl.when(pl.col("account") == "exemption").then(pl.col("amount") + Decimal(cents)).otherwise("amount")
    found = failures(with_table(plan, "ledger", conform("ledger", lines.with_columns(amount=wrong))))
    assert found
    assert all("schemes.exemption" in text for text in found)


def test_a_line_that_is_missing(plan: Plan) -> None:
    assert failures(with_table(plan, "ledger", plan["ledger"].filter(pl.col("account") != "exemption")))


def test_the_scheme_must_be_open(plan: Plan) -> None:
    """The same plan of a network in which the scheme has ended."""
    ended = with_rows(plan.network, "schemes", {"site": "noida", "scheme": "aa", "until": "2023-12-31"})
    assert any("does not work under aa" in text for text in failures(Plan(ended, plan.summary, plan.tables)))


def test_its_option_must_be_taken() -> None:
    plan = planned(exempt_network("bonded", "yard"))
    assert plan["options"].height == 1
    untaken = with_table(plan, "options", plan["options"].clear())
    assert any("does not work under bonded" in text for text in failures(untaken))


@pytest.mark.parametrize(("scheme", "value"), [("aa", "114"), ("eou", "99")])
def test_exports_must_earn_what_is_asked(scheme: str, value: str) -> None:
    """The plan of dearer phones, said of cheaper ones."""
    plan = planned(exempt_network(scheme))
    cheap = edit_rows(plan.network, "items", {"item": "phone"}, value=value)
    found = failures(Plan(cheap, plan.summary, plan.tables))
    assert any("value addition" in text for text in found)


def test_another_scheme_is_unreadable(plan: Plan) -> None:
    strange = edited(plan, "exempt", {"flow": "buy"}, scheme="moowr")
    assert {failure.check for failure in strange.audit().failures} == {"tables"}


def test_a_rule_that_is_wrong_on_one_side_fails(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exact side spares the surcharge only: the ledger, made before, does not agree."""
    from dataclasses import replace

    wrong = {**schemes.SCHEMES, "aa": replace(schemes.SCHEMES["aa"], exemption=Name("surcharge"))}
    monkeypatch.setattr(schemes, "SCHEMES", wrong)
    assert any("schemes.exemption" in text for text in failures(plan))
