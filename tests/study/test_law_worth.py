"""What obeying the law, or knowing it earlier, is worth: on the example that plans across two cuts of duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from boxbuild import files
from boxbuild.audit import audit
from boxbuild.errors import UsageError
from boxbuild.network.network import Network
from boxbuild.study.law_worth import LawWorth, law_worth
from boxbuild.views.worth import worth_page

EXAMPLE = Path(__file__).parents[2] / "examples" / "duty-cuts-2024"
JULY = date(2024, 7, 23)


@pytest.fixture(scope="module")
def network() -> Network:
    return files.read(EXAMPLE)


@pytest.fixture(scope="module")
def july(network: Network) -> LawWorth:
    return law_worth(network, known_on=date(2024, 6, 30))


def test_flows_are_kept_until_the_change_was_published(july: LawWorth) -> None:
    assert july.kept_until == JULY
    for table in ("builds", "buys", "shipments", "deliveries"):
        before = pl.col("start") < JULY
        made, kept = (plan[table].filter(before).drop("start") for plan in (july.without, july.assessed))
        assert made.height > 0
        assert kept.equals(made)


def test_to_know_costs_nothing_and_all_three_plans_pass_their_audit(july: LawWorth) -> None:
    assert july.worth > 0
    assert july.least <= july.worth <= july.most
    for plan in (july.without, july.assessed, july.informed):
        assert audit(plan).passed


def test_the_difference_is_the_sum_over_the_accounts(july: LawWorth) -> None:
    assert july.accounts()["difference"].sum() == pytest.approx(july.worth, abs=1.0)


def test_who_knows_buys_boards_abroad_to_arrive_after_the_cut(july: LawWorth) -> None:
    def ordered_before(plan: LawWorth) -> tuple[float, float]:
        bought = [
            each["buys"].filter((pl.col("offer") == "board-cn") & (pl.col("start") < JULY))["quantity"].sum()
            for each in (plan.without, plan.informed)
        ]
        return bought[0], bought[1]

    ignorant, knowing = ordered_before(july)
    assert knowing > ignorant


def test_with_everything_known_there_is_nothing_to_learn(network: Network) -> None:
    with pytest.raises(UsageError, match="nothing is published"):
        law_worth(network, known_on=date(2024, 9, 29))


def test_a_project_without_law_has_no_worth_of_it(network: Network) -> None:
    with pytest.raises(UsageError, match="obeys no law"):
        law_worth(replace(network, settings=replace(network.settings, law="off")))


def test_the_law_ignored_then_charged_costs_more(network: Network) -> None:
    found = law_worth(network)
    accounts = found.accounts()
    assert found.kept_until is None
    assert found.without["ledger"].filter(pl.col("account") == "duty").is_empty()
    assert found.without["builds"].equals(found.assessed["builds"])
    assert found.worth > 0
    page = "\n".join(worth_page(found))
    assert f"Worth {found.worth:,.0f}" in page
    assert all(account in page for account in accounts["account"])
