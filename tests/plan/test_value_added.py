"""The table `value_added` is computed from quantities as they are, not from what other tables round."""

from __future__ import annotations

from tests.building import edit_rows
from tests.model.origin_family import origin_family

from boxbuild.plan.make import make_plan


def test_a_high_price_does_not_show_the_rounding_of_good_units() -> None:
    """Some 0.0079 phones at ten million: a hundred-millionth of a phone is ten paise."""
    network = edit_rows(
        origin_family(targets="target,metric,at_least\n"), "demand", {"demand": "d1"}, quantity="0.0079"
    )
    network = edit_rows(network, "operations", {"item": "phone"}, invoice_price="10000000")
    plan = make_plan(network, gap=1e-9, release=False)
    assert plan["builds"].filter(item="phone").height
    assert plan.audit().passed, plan.audit()
