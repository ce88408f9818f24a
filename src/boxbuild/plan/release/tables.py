"""Orders as tables of a plan."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from boxbuild.network.network import Network
from boxbuild.plan.release.orders import Orders
from boxbuild.plan.release.pieces import Key, Piece
from boxbuild.plan.release.problem import BUILD, BUY, DELIVER, PICK, SHIP
from boxbuild.plan.schemas import SCHEMAS

DECIMALS = 6
_NAMES: Mapping[int, str] = {BUILD: "build", BUY: "buy", SHIP: "ship", DELIVER: "deliver"}


def order_tables(network: Network, pieces: list[Piece], demands: list[str], orders: Orders) -> dict[str, pl.DataFrame]:
    """Return the plan's tables ``orders`` and ``order_alternates``.

    Parameters
    ----------
    pieces, demands
        What the rows of the orders refer to.
    """
    suppliers = dict(network["sources"].select("offer", "supplier").iter_rows())
    wanted = {
        name: (item, market) for name, item, market in network["demand"].select("demand", "item", "market").iter_rows()
    }
    rows: list[dict[str, Any]] = []
    needs: list[tuple[str, Piece, float]] = []
    start = network.settings.start
    order = np.lexsort((orders.row, orders.kind, orders.start))
    for place in order[orders.kind[order] != PICK]:
        kind, row = int(orders.kind[place]), int(orders.row[place])
        quantity = float(orders.quantity[place])
        name = f"{_NAMES[kind][0].upper()}{len(rows) + 1:06d}"
        if kind == DELIVER:
            item, site = wanted[demands[row]]
            about = {"item": item, "site": site, "reference": demands[row]}
        else:
            quantity = _whole_lots(quantity, pieces[row].lot_multiple)
            about = _about(pieces[row], suppliers)
        if kind == BUILD:
            needs.append((name, pieces[row], quantity))
        rows.append(
            {
                "order": name,
                "kind": _NAMES[kind],
                **about,
                "quantity": round(quantity, DECIMALS),
                "start": start + timedelta(days=int(orders.start[place])),
                "end": start + timedelta(days=int(orders.end[place])),
            }
        )
    picks = order[orders.kind[order] == PICK]
    taken = [(pieces[int(orders.row[place])], float(orders.quantity[place])) for place in picks]
    return {
        "orders": pl.DataFrame(rows, schema=SCHEMAS["orders"]),
        "order_alternates": _alternates(needs, taken),
    }


def _whole_lots(quantity: float, multiple: float) -> float:
    return round(quantity / multiple) * multiple if multiple > 0 else quantity


def _about(piece: Piece, suppliers: Mapping[str, str]) -> dict[str, Any]:
    if piece.kind == BUILD:
        site, item, option = piece.key
        return {"item": item, "site": site, "reference": option}
    if piece.kind == BUY:
        offer, destination = piece.key
        site = suppliers[offer or ""]
        return {"item": piece.output[0], "site": site, "destination": destination, "reference": offer}
    origin, destination, mode, lane_item, item = piece.key
    return {"item": item, "site": origin, "destination": destination, "reference": mode, "lane_item": lane_item}


def _alternates(needs: list[tuple[str, Piece, float]], taken: list[tuple[Piece, float]]) -> pl.DataFrame:
    """Give what was taken from groups to the build orders, first come first served.

    A pick lies on or before the day of its build: taking it on that day leaves more, not less, in stock.
    """
    waiting: dict[Key, deque[list[Any]]] = defaultdict(deque)  # group: its picks as [component, units, gain]
    for pick, quantity in taken:
        waiting[pick.output].append([pick.key[-1], quantity, pick.gain])
    rows: dict[tuple[str, str, str], float] = defaultdict(float)
    for order, build, started in needs:
        for group in build.inputs:
            rest = started if group in waiting else 0.0
            while rest > 0.0 and waiting[group]:
                component, units, gain = waiting[group][0]
                share = min(rest, units * gain)
                last = len(waiting[group]) == 1 and rest - share < 1e-5
                rows[order, str(group[3]), component] += (rest if last else share) / gain
                rest = 0.0 if last else rest - share
                waiting[group][0][1] = units - share / gain
                if waiting[group][0][1] * gain <= 1e-9 and not last:
                    waiting[group].popleft()
    found = [(*name, round(quantity, DECIMALS)) for name, quantity in rows.items() if round(quantity, DECIMALS) > 0]
    return pl.DataFrame(found, schema=SCHEMAS["order_alternates"], orient="row")
