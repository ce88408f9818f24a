"""The objective: what one unit of every column costs, in discounted home currency, one account at a time.

Each account is a function that returns ``column`` and ``value``; a column's cost is the sum over the accounts. The
accounts and the buckets in which they are paid are those of the ledger, so the solver's objective and the ledger's
total are one number.
"""

from __future__ import annotations

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
    money = Money.of(flows.network)
    values = items_frame(flows.network)
    parts = [
        material(columns, money),
        markup(columns, money),
        supply_freight(columns, money),
        lane_freight(columns, money, values),
        insurance(columns, money, values),
        charged(flows, columns),
        per_ship(flows, columns),
        exemption(columns),
        preference(columns),
        conversion(columns, money),
        overtime(flows, columns, money),
        holding(flows, columns, money, values),
        late(columns, money),
        lost(columns, money, values),
        shortfall(columns, money),
        tier(flows, columns, money),
        *options(flows, columns, money),
        incentive(columns, money),
        subsidy(flows, columns, money),
        target(flows, columns, money),
    ]
    total = pl.concat([part.select("column", pl.col("value").cast(pl.Float64)) for part in parts])
    count = sum(frame.height for frame in columns.values())
    cost = np.bincount(total["column"].to_numpy(), weights=total["value"].to_numpy(), minlength=count)
    return cost.astype(np.float64)
