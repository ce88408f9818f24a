"""Absent: the checks of what neither a network nor a plan of it has, of which there is nothing to count."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import Tally
from boxbuild.plan.plan import Plan

_HALF: Final = "half a hundredth"
_PLAIN: Final = frozenset({"dta", "sez"})
"""Regimes of sites that are no export scheme."""


def contracts(plan: Plan) -> Tally | None:
    """Return the tally of a network without contracts."""
    return None if _any(plan, "contracts") else Tally("contracts", "figures and bounds of contracts")


def tiers(plan: Plan) -> Tally | None:
    """Return the tally of a network without ladders of prices."""
    return None if _any(plan, "tiers") else Tally("tiers", "steps of ladders")


def targets(plan: Plan) -> Tally | None:
    """Return the tally of a network without targets."""
    return None if _any(plan, "targets") else Tally("targets", "figures and bounds of targets")


def origin(plan: Plan) -> Tally | None:
    """Return the tally of a plan that attributes no inputs."""
    some = _any(plan, "targets") or plan["attributions"].height
    return None if some else Tally("law origin", "needs, groups and supplies of claims")


def incentives(plan: Plan, reading: Reading) -> Tally | None:
    """Return the tally of a network that claims no incentives."""
    some = reading.applications or plan["incentives"].height or _stated(plan, {"incentive"})
    return None if some else Tally("law incentives", "claims", _HALF)


def subsidies(plan: Plan, reading: Reading) -> Tally | None:
    """Return the tally of a network that claims no subsidies."""
    some = reading.subsidised or _stated(plan, {"subsidy"})
    return None if some else Tally("law subsidies", "options with a subsidy", _HALF)


def exemptions(plan: Plan) -> Tally | None:
    """Return the tally of a network in which no site works under an export scheme."""
    regimes = set(plan.network["sites"]["regime"].unique())
    some = plan.network["schemes"].height or plan["exempt"].height or not regimes <= _PLAIN
    if some or _stated(plan, {"exemption"}):
        return None
    return Tally("law exemptions", "quantities and amounts under export schemes")


def preference(plan: Plan, reading: Reading) -> Tally | None:
    """Return the tally of a plan that claims nothing under agreements, and does not go by the law book."""
    some = reading.law.by_book or plan["preferences"].height or plan["attributions"].height
    return None if some else Tally("law preference", "quantities, origin and amounts of preferences")


def law_reads(plan: Plan, reading: Reading) -> Tally | None:
    """Return the tally of a plan that does not go by the law book."""
    return None if reading.law.by_book or plan["law_reads"].height else Tally("law reads", "values of law", "none")


def _any(plan: Plan, table: str) -> bool:
    return bool(plan.network[table].height or plan[table].height)


def _stated(plan: Plan, accounts: Collection[str]) -> bool:
    """Return whether the ledger has lines of some accounts."""
    return bool(plan["ledger"]["account"].is_in(list(accounts)).any())
