"""Release cost: what dated orders cost, by the accounts that the plan is costed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boxbuild.plan.ledger import present_cost
from boxbuild.plan.order_flows import order_flows

if TYPE_CHECKING:
    from decimal import Decimal

    import polars as pl

    from boxbuild.law.law import Law
    from boxbuild.network.network import Network


def release_cost(
    network: Network,
    orders: pl.DataFrame,
    order_alternates: pl.DataFrame,
    options: pl.DataFrame,
    law: Law | None = None,
    shares: pl.DataFrame | None = None,
    preferences: pl.DataFrame | None = None,
) -> Decimal:
    """Return the discounted cost of dated orders, in home currency.

    It may be compared with the cost and the bound of the plan that they release: see
    :func:`boxbuild.plan.order_flows.order_flows` for how orders count by bucket. ``shares``
    (:func:`boxbuild.plan.order_flows.exempt.exempt_shares`) says which part of them is under an export scheme: that of
    the plan's flows, by offer and destination, and by lane and item. ``preferences``
    (:func:`boxbuild.plan.order_flows.preferences.preference_shares`) says the same of what is claimed under agreements.
    """
    flows = order_flows(network, orders, order_alternates, options, shares, preferences)
    return present_cost(network, flows.tables, flows.arrivals, law)
