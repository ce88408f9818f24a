"""Checks of a network: one function for each problem, one file for each thing that is checked."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Final

from boxbuild.network import catalogue
from boxbuild.network.checks import (
    blanks,
    boms,
    codes,
    contracts,
    demand,
    items,
    keys,
    locks,
    lots,
    options,
    rates,
    receipts,
    references,
    resources,
    routes,
    settings,
    supply,
    targets,
    tiers,
    windows,
)
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network

Check = Callable[[Network], list[Issue]]


def checks_of(*modules: ModuleType) -> tuple[Check, ...]:
    """Return the checks that modules define: every function whose name begins with ``check_for_``."""
    return tuple(thing for module in modules for name, thing in vars(module).items() if name.startswith("check_for_"))


FIRST: Final = checks_of(settings, blanks, keys, references, codes)
"""What can be checked without a calendar, and of tables that do not hold together."""

SECOND: Final = checks_of(
    rates, windows, boms, items, supply, lots, resources, receipts, demand, contracts, tiers, options, targets, locks
)

LAST: Final = checks_of(routes)
"""What follows goods through the whole network, and says nothing new about one that is broken."""

UNREADABLE: Final = frozenset({"unreadable-buckets", "missing-value"})
BREAKING: Final = frozenset({"dangling-reference", "bom-cycle"})


def check(network: Network) -> list[Issue]:
    """Return everything that is wrong or doubtful in a network.

    A network without an issue of severity ``error`` can be planned. The issues are sorted by table (settings
    first, then the order of the catalogue), row and column.
    """
    found = [issue for one in FIRST for issue in one(network)]
    if UNREADABLE.isdisjoint(issue.code for issue in found):
        found += [issue for one in SECOND for issue in one(network)]
        if BREAKING.isdisjoint(issue.code for issue in found):
            found += [issue for one in LAST for issue in one(network)]
    return sorted(found, key=_place)


def _place(issue: Issue) -> tuple[int, int, str, str]:
    table = -1 if issue.table == "settings" else catalogue.TABLES.index(issue.table)
    return table, -1 if issue.row is None else issue.row, issue.column, issue.code
