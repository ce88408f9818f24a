"""Spared: the duty that schemes spare on inputs, carried through the exempt stream to the exports that it is for.

A pool's average cost is that of all its units. What an import for export is free of belongs to the exports alone, so it
is taken out of the pools of the inputs and follows the plan's table ``exempt``: import, use, build, export. At the end
of the horizon nothing is left in a stream, so what was spared on inputs is what exports are credited with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

Node = tuple[str, str, str]
"""Scheme, plant and item."""

UNITS: Final = pl.Decimal(38, 8)
ZERO: Final = Decimal(0)


def imports(plan: Plan) -> dict[str, dict[Node, Decimal]]:
    """Return the units under schemes that came in by each key of the ledger."""
    found: dict[str, dict[Node, Decimal]] = defaultdict(dict)
    for (scheme, site, flow, item, key), units in _sums(plan).items():
        if flow in ("buy", "ship"):
            ledger_key = f"{key}|{site}" if flow == "buy" else f"{key}|{item}"
            found[ledger_key][scheme, site, item] = units
    return found


def spared(plan: Plan, saved: Mapping[Node, Decimal]) -> dict[str, Decimal]:
    """Return what each export is credited with.

    Parameters
    ----------
    plan
        The plan.
    saved
        What its imports saved by scheme, plant and item: home currency, negative.

    Returns
    -------
    dict
        Key of the shipment in the ledger to home currency, negative. The sums of both are equal.
    """
    sums = _sums(plan)
    used: dict[Node, dict[Node, Decimal]] = defaultdict(dict)
    out: dict[Node, Decimal] = defaultdict(Decimal)
    moved: dict[Node, dict[Node, Decimal]] = defaultdict(dict)
    for (scheme, site, flow, item, key), units in sums.items():
        node = (scheme, site, item)
        if flow == "use":
            parent = (scheme, site, key.split("|")[0])
            used[parent][node] = used[parent].get(node, ZERO) + units
            out[node] += units
        elif flow == "export":
            out[node] += units
        elif flow == "ship" and (source := (scheme, key.split("|")[0], item)) != node and _built(sums, source):
            moved[node][source] = moved[node].get(source, ZERO) + units
            out[source] += units

    @cache
    def total(node: Node) -> Decimal:
        taken = [*used[node].items(), *moved[node].items()]
        return saved.get(node, ZERO) + sum((units * each(source) for source, units in taken), ZERO)

    @cache
    def each(node: Node) -> Decimal:
        return total(node) / out[node] if out[node] else ZERO

    credits: dict[str, Decimal] = defaultdict(Decimal)
    for (scheme, site, flow, item, key), units in sums.items():
        if flow == "export":
            credits[f"{key}|{item}"] += units * each((scheme, site, item))
    return dict(credits)


def _built(sums: Mapping[tuple[str, ...], Decimal], node: Node) -> bool:
    scheme, site, item = node
    return any(key[:4] == (scheme, site, "build", item) for key in sums)


def _sums(plan: Plan) -> dict[tuple[str, ...], Decimal]:
    names = ["scheme", "site", "flow", "item", "key"]
    exact = pl.col("quantity").round(8).cast(UNITS).sum()
    rows = plan["exempt"].group_by(names).agg(exact).sort(names)
    return {tuple(row[:-1]): row[-1] for row in rows.iter_rows()}
