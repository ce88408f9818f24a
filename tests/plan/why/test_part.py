"""Who needs a part, who gets it, and what more of it is worth: as another plan with more stock says."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tests.building import add_rows, small_network

from boxbuild.errors import UsageError
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.why import why_part

Planned = Callable[[str], Plan]


def test_what_comes_is_what_goes_and_what_is_left(planned: Planned) -> None:
    plan = planned("receipt")
    found = why_part(plan, "display", "noida")
    left = plan["stock"].filter(item="display", site="noida").sort("bucket")["quantity"].to_list()
    came, went = (sum(flow.quantity for flow in flows) for flows in (found.gets, found.needs))
    last = plan.network.calendar.count - 1
    kept = plan["stock"].filter(item="display", site="noida", bucket=last)["quantity"].sum() if left else 0.0
    assert came == pytest.approx(went + kept)
    assert {flow.what for flow in found.needs} == {"phone-b"}


def test_who_gets_it_adds_up_to_what_is_used(planned: Planned) -> None:
    found = why_part(planned("receipt"), "display")
    used = sum(flow.quantity for flow in found.needs if flow.how in ("build", "use"))
    assert found.demands["quantity"].sum() == pytest.approx(used, rel=1e-6)


@pytest.mark.parametrize(("name", "item"), [("receipt", "display"), ("supplier", "chip"), ("tiny", "board")])
def test_a_thousand_more_saves_what_a_plan_with_them_in_stock_saves(planned: Planned, name: str, item: str) -> None:
    plan = planned(name)
    found = why_part(plan, item, solve=True)
    best = found.best
    assert best is not None
    assert best.scarce > 0
    row = {
        "reference": "MORE",
        "item": item,
        "site": best.site,
        "due": str(best.start),
        "quantity": "1000",
        "origin": "IN",
        "firm": "yes",
    }
    other = make_plan(add_rows(plan.network, "receipts", row), release=False)
    thousand = next(one for one in found.saved if one.units == 1000)
    assert thousand.saved == pytest.approx(plan.summary.cost - other.summary.cost, rel=1e-5)
    assert thousand.saved <= 1000 * best.worth * (1 + 1e-6)


def test_more_units_save_more_and_each_of_them_less(planned: Planned) -> None:
    """Saving is concave in the units."""
    found = why_part(planned("supplier"), "chip", solve=True)
    each = [one.saved / one.units for one in found.saved]
    assert len(found.saved) > 1
    assert each == sorted(each, reverse=True)
    nexts = [one.next for one in found.saved]
    assert nexts == sorted(nexts, reverse=True)


def test_a_part_that_is_short_nowhere_says_so() -> None:
    found = why_part(make_plan(small_network(), release=False), "battery")
    assert found.best is not None
    assert found.best.scarce == pytest.approx(0, abs=1e-3)
    assert not found.short
    assert "short nowhere" in " ".join(found.sentences)


def test_where_it_is_short_is_what_binds_a_demand(planned: Planned) -> None:
    found = why_part(planned("supplier"), "chip")
    assert found.short
    assert found.binding[0].thing == "offer chip-cn"


def test_the_answer_is_json(planned: Planned) -> None:
    found = why_part(planned("tiny"), "board", solve=True).as_dict()
    assert json.loads(json.dumps(found, allow_nan=False))["item"] == "board"


def test_unknown_parts_and_sites_are_mistakes(planned: Planned) -> None:
    with pytest.raises(UsageError, match="there is no part"):
        why_part(planned("tiny"), "bored")
    with pytest.raises(UsageError, match="there is no site"):
        why_part(planned("tiny"), "board", "work")
