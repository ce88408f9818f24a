"""A plan that was worked out by hand passes, and the audit's figures are those of the comments."""

from __future__ import annotations

import json

from tests.audit.by_hand import LEDGER, hand_plan

from boxbuild.audit import audit
from boxbuild.audit.audit import CHECKS


def test_a_right_plan_passes() -> None:
    """Everything that was worked out by hand is what the audit computes."""
    result = audit(hand_plan())
    assert result.failures == ()
    assert result.passed


def test_every_check_counts_something() -> None:
    """A check that counted nothing proves nothing: the plan by hand has something for each."""
    result = audit(hand_plan())
    assert {check.name: check.count for check in result.checks if not check.count} == {}
    assert tuple(check.name for check in result.checks) == ("tables", *CHECKS)


def test_counts() -> None:
    """The counts are the numbers of things that there are."""
    counts = {check.name: check.count for check in audit(hand_plan()).checks}
    assert counts["ledger"] == len(LEDGER)
    assert counts["balances"] == 6 * 4  # phone at three sites, three parts at one, in four weeks
    assert counts["demand"] == 3


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
