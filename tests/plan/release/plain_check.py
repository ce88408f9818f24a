"""Orders checked the plain way, one at a time, from nothing but the problem."""

from __future__ import annotations

from collections import defaultdict

from boxbuild.plan.release.orders import Orders
from boxbuild.plan.release.problem import DELIVER, Activities, Demands, ReleaseProblem

EPS = 1e-5


def faults(problem: ReleaseProblem, orders: Orders) -> list[str]:
    """Return a sentence for everything that these orders may not do."""
    found = []
    rows, demands = problem.activities, problem.demands
    change: dict[tuple[int, int], float] = defaultdict(float)
    used: dict[tuple[int, int], float] = defaultdict(float)
    parts: dict[int, list[float]] = defaultdict(list)
    for node, day, quantity in zip(*problem.receipts, strict=True):
        change[node, max(day, 0)] += quantity
    for kind, row, quantity, start, end in zip(
        orders.kind, orders.row, orders.quantity, orders.start, orders.end, strict=True
    ):
        name = f"order of {quantity} of row {row}, days {start} to {end}"
        if not 0 <= start <= end < problem.horizon_days:
            found.append(f"{name}: outside the horizon")
        if kind == DELIVER:
            change[demands.node[row], end] -= quantity
            parts[row].append(quantity)
            if not demands.first_day[row] <= end <= demands.due_day[row] + demands.max_late_days[row]:
                found.append(f"{name}: delivered too early or too late")
            continue
        found += [f"{name}: {fault}" for fault in row_faults(rows, row, kind, quantity, start, end)]
        change[rows.output[row], end] += quantity * rows.gain[row]
        for entry in range(rows.input_start[row], rows.input_start[row + 1]):
            change[rows.input_node[entry], start] -= quantity * rows.input_quantity[entry]
        for entry in range(rows.use_start[row], rows.use_start[row + 1]):
            used[rows.use_resource[entry], start // 7] += quantity * rows.use_quantity[entry]
    found += [fault for node in range(problem.stock.size) for fault in stock_faults(problem, node, change)]
    for (resource, week), quantity in used.items():
        if quantity > problem.capacity[resource, week] + EPS:
            found.append(f"resource {resource} is used {quantity} in week {week}")
    found += [fault for demand, shipped in parts.items() for fault in demand_faults(demands, demand, shipped)]
    return found


def row_faults(rows: Activities, row: int, kind: int, quantity: float, start: int, end: int) -> list[str]:
    """Return what one order breaks of its own row."""
    multiple = rows.lot_multiple[row]
    broken = {
        "of another kind": kind != rows.kind[row],
        "another lead time": end != start + rows.lead_days[row],
        "outside its window": not rows.first_day[row] <= start <= rows.last_day[row],
        "below the least lot": quantity < rows.lot_min[row] - EPS or quantity <= 0,
        "not whole lots": multiple > 0 and abs(quantity / multiple - round(quantity / multiple)) > 1e-6,
    }
    return [fault for fault, is_so in broken.items() if is_so]


def demand_faults(demands: Demands, demand: int, parts: list[float]) -> list[str]:
    """Return what the deliveries of one demand break."""
    asked = demands.quantity[demand]
    least = min(demands.min_shipment[demand], asked)
    broken = {
        f"demand {demand} gets {sum(parts)} of {asked}": sum(parts) > asked + EPS,
        f"demand {demand} gets too small a part of {parts}": min(parts) < least - EPS,
    }
    return [fault for fault, is_so in broken.items() if is_so]


def stock_faults(problem: ReleaseProblem, node: int, change: dict[tuple[int, int], float]) -> list[str]:
    """Return the first day on which a node has less than nothing."""
    stock = problem.stock[node]
    for day in range(problem.horizon_days):
        stock += change[node, day]
        if stock < -EPS:
            return [f"node {node} has {stock} on day {day}"]
    return []
