"""The objective: what one unit of every column costs, in discounted home currency, one account at a time.

Each account is a function that returns ``column`` and ``value``; a column's cost is the sum over the accounts. The
accounts and the buckets in which they are paid are those of the ledger, so the solver's objective and the ledger's
total are one number.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.flows import Flows
from boxbuild.model.objective.buying import markup, material, supply_freight
from boxbuild.model.objective.carrying import insurance, lane_freight
from boxbuild.model.objective.committing import shortfall, target, tier
from boxbuild.model.objective.customs import charged, per_ship
from boxbuild.model.objective.exemption import exemption
from boxbuild.model.objective.granting import incentive, subsidy
from boxbuild.model.objective.making import conversion, holding, overtime
from boxbuild.model.objective.money import Columns, Money, items_frame
from boxbuild.model.objective.opening import options
from boxbuild.model.objective.preference import preference
from boxbuild.model.objective.serving import late, lost


def objective(flows: Flows, columns: Columns) -> NDArray[np.float64]:
    """Return the cost of every column. Shape ``(columns,)``, discounted home currency per unit."""
    cost = np.zeros(sum(frame.height for frame in columns.values()))
    for account in _accounts(flows, columns):
        np.add.at(cost, account["column"].to_numpy(), account["value"].cast(pl.Float64).to_numpy())
    return cost


def _accounts(flows: Flows, columns: Columns) -> Iterator[pl.DataFrame]:
    """Yield one account after the other, so that no two of them are held at a time."""
    money = Money.of(flows.network)
    values = items_frame(flows.network)
    yield material(columns, money)
    yield markup(columns, money)
    yield supply_freight(columns, money)
    yield lane_freight(columns, money, values)
    yield insurance(columns, money, values)
    yield charged(flows, columns)
    yield per_ship(flows, columns)
    yield exemption(columns)
    yield preference(columns)
    yield conversion(columns, money)
    yield overtime(flows, columns, money)
    yield holding(flows, columns, money, values)
    yield late(columns, money)
    yield lost(columns, money, values)
    yield shortfall(columns, money)
    yield tier(flows, columns, money)
    yield from options(flows, columns, money)
    yield incentive(columns, money)
    yield subsidy(flows, columns, money)
    yield target(flows, columns, money)
