"""The check ``law exemptions``: what a plan says is under export schemes, from its table and its flows alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from boxbuild.audit.exempt.obligations import obligations
from boxbuild.audit.exempt.part import Territory, parts
from boxbuild.audit.exempt.pools import paid, pools, streams
from boxbuild.audit.exempt.within import allowed, needs, within
from boxbuild.audit.flows import Flows
from boxbuild.audit.money import Key, Sum, of_account, stated_lines
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import QUANTITY_RULE, Tally
from boxbuild.plan.plan import Plan

ACCOUNT: Final = "exemption"


def exemptions(plan: Plan, flows: Flows, expected: Mapping[Key, Sum], reading: Reading) -> Tally:
    """Check what is under export schemes.

    Every quantity is a part of its flow, under a scheme that the plant works under on that day; builds for export take
    no more than they need; no stream gives what it does not have, and all of it is exported by the end; what is sold
    and used at home has paid duty; exports earn what the scheme asks; the money is what the exact side makes.
    """
    tally = Tally("law exemptions", "quantities and amounts under export schemes", QUANTITY_RULE)
    territory = Territory(reading)
    rows = parts(plan)
    if reading.law.off:
        for row in rows:
            tally.fail(row.place, "nothing", row.quantity, "the plan obeys no law, and has something under a scheme")
        return tally
    allowed(tally, rows, territory, reading)
    within(tally, plan, rows, flows)
    needs(tally, plan, rows, reading)
    held, gross = streams(rows, territory, reading)
    pools(tally, held, gross)
    paid(tally, plan, flows, held, territory, reading)
    obligations(tally, flows, territory, reading)
    of_account(tally, ACCOUNT, "schemes.exemption", expected, stated_lines(plan))
    return tally
