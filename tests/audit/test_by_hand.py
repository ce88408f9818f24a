"""A plan that was worked out by hand passes, and the audit's figures are those of the comments."""

from __future__ import annotations

import json
from decimal import Decimal

from tests.audit.by_hand import LEDGER, hand_network, hand_plan
from tests.building import edit_rows

from boxbuild.audit import audit
from boxbuild.audit.audit import CHECKS
from boxbuild.audit.flows import Buy, Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.tiers import quantities


def test_a_right_plan_passes() -> None:
    """Everything that was worked out by hand is what the audit computes."""
    result = audit(hand_plan())
    assert result.failures == ()
    assert result.passed


def test_every_check_counts_something() -> None:
    """A check that counted nothing proves nothing: the plan by hand has something for each that needs no law."""
    result = audit(hand_plan())
    idle = {check.name for check in result.checks if not check.count}
    assert {name for name in idle if not name.startswith("law ")} == set()
    assert tuple(check.name for check in result.checks) == ("tables", *CHECKS)


def test_counts() -> None:
    """The counts are the numbers of things that there are."""
    counts = {check.name: check.count for check in audit(hand_plan()).checks}
    assert counts["ledger"] == len(LEDGER)
    assert counts["balances"] == 6 * 4  # phone at three sites, three parts at one, in four weeks
    assert counts["demand"] == 3


def test_an_offer_that_begins_inside_a_bucket_counts_for_its_ladder() -> None:
    """Orders of its days are bought, although no row of it holds on the first day of their bucket."""
    reading = Reading(edit_rows(hand_network(), "sources", {"offer": "display-cn"}, from_="2023-06-07"), {})
    flows = Flows(buys=(Buy(reading.offers["display-cn"][0], "plant", 0, Decimal(100), ()),))
    assert quantities(flows, reading)[None, "display-cn"] == 100


def test_prints_itself() -> None:
    """The printed table has one line a check; the dictionary is JSON; the notebook gets a table."""
    result = audit(hand_plan())
    lines = str(result).splitlines()
    assert lines[0] == "audit of by hand: passed"
    assert len(lines) == 3 + len(result.checks)
    told = json.loads(json.dumps(result.as_dict()))
    assert told["passed"] is True
    assert [check["name"] for check in told["checks"]] == ["tables", *CHECKS]
    assert result._repr_html_().count("<tr>") == 1 + len(result.checks)
