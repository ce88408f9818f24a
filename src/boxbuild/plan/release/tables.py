"""Orders as tables of a plan."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from boxbuild.network.network import Network
from boxbuild.plan.release.alternates import order_alternates
from boxbuild.plan.release.orders import Orders
from boxbuild.plan.release.pieces import Pieces
from boxbuild.plan.release.problem import BUILD, BUY, DELIVER, PICK, SHIP, Floats
from boxbuild.plan.schemas import conform

DECIMALS: Final = 6
_NAMES: Final = pl.DataFrame(
    {"number": [BUILD, BUY, SHIP, DELIVER], "kind": ["build", "buy", "ship", "deliver"], "letter": list("BBSD")}
)
_ABOUT: Final = ("item", "site", "destination", "reference", "lane_item")


def order_tables(network: Network, pieces: Pieces, demand: pl.DataFrame, orders: Orders) -> dict[str, pl.DataFrame]:
    """Return the plan's tables ``orders`` and ``order_alternates``.

    Parameters
    ----------
    pieces, demand
        What the rows of the orders refer to.
    """
    sequence = np.lexsort((orders.row, orders.kind, orders.start))
    picked = orders.kind[sequence] == PICK
    real = sequence[~picked]
    kind, row = orders.kind[real], orders.row[real]
    asked = demand.select("item", site="market", destination=None, reference="demand", lane_item=None)
    about = pl.concat([pieces.rows.select(_ABOUT), asked.select(pl.col(_ABOUT).cast(pl.String))])
    lots = np.r_[pieces.rows["lot_multiple"].to_numpy(), np.zeros(demand.height)]
    line = np.where(kind == DELIVER, row + pieces.rows.height, row)
    quantity = _whole_lots(orders.quantity[real], lots[line])
    first = pl.lit(network.settings.start)
    found = about[line].with_columns(
        pl.Series("number", kind),
        pl.Series("quantity", quantity.round(DECIMALS)),
        pl.Series("start", orders.start[real]),
        pl.Series("end", orders.end[real]),
    )
    named = found.join(_NAMES, on="number", maintain_order="left").with_columns(
        order=pl.col("letter") + pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6),
        start=first + pl.duration(days="start"),
        end=first + pl.duration(days="end"),
    )
    built, taken = kind == BUILD, sequence[picked]
    return {
        "orders": conform("orders", named),
        "order_alternates": order_alternates(
            pieces, named["order"].filter(built), row[built], quantity[built], orders.row[taken], orders.quantity[taken]
        ),
    }


def _whole_lots(quantity: Floats, multiple: Floats) -> Floats:
    step = np.where(multiple > 0, multiple, 1.0)
    whole: Floats = np.where(multiple > 0, np.rint(quantity / step) * step, quantity)
    return whole
