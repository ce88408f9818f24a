"""Small release problems: drawn at random, or written by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from boxbuild.plan.release.problem import (
    BUILD,
    BUY,
    SHIP,
    Activities,
    Demands,
    Guide,
    Receipts,
    ReleaseProblem,
)

ALWAYS = 10_000


def activity(kind: int, output: int, **given: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": kind,
        "output": output,
        "gain": 1.0,
        "lead_days": 0,
        "lot_min": 0.0,
        "lot_multiple": 0.0,
        "first_day": 0,
        "last_day": ALWAYS,
        "unit_cost": 1.0,
        "inputs": {},
        "uses": {},
    }
    return row | given


def activities(rows: list[dict[str, Any]]) -> Activities:
    def column(name: str, kind: type) -> Any:
        return np.array([row[name] for row in rows], dtype=kind)

    def flat(name: str) -> tuple[Any, Any, Any]:
        start = np.cumsum([0] + [len(row[name]) for row in rows]).astype(np.int64)
        pairs = [pair for row in rows for pair in row[name].items()]
        return start, np.array([p[0] for p in pairs], np.int64), np.array([p[1] for p in pairs], float)

    whole, real = np.int64, float
    return Activities(
        *(column(name, whole) for name in ("kind", "output")),
        column("gain", real),
        column("lead_days", whole),
        *(column(name, real) for name in ("lot_min", "lot_multiple")),
        *(column(name, whole) for name in ("first_day", "last_day")),
        column("unit_cost", real),
        *flat("inputs"),
        *flat("uses"),
    )


def demands(rows: list[dict[str, Any]]) -> Demands:
    default = {"min_shipment": 0.0, "max_late_days": 14, "priority": 1, "late_per_day": 0.1, "lost_cost": 10.0}
    full = [default | {"first_day": row["due_day"]} | row for row in rows]
    whole = {"node", "first_day", "due_day", "max_late_days", "priority"}
    return Demands(
        *(np.array([row[name] for row in full], dtype=np.int64 if name in whole else float) for name in Demands._fields)
    )


def receipts(rows: list[tuple[int, int, float]]) -> Receipts:
    return Receipts(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] for row in rows], float),
    )


def guide(edges: list[int], starts: Any, delivered: list[tuple[int, int, float]]) -> Guide:
    return Guide(np.array(edges, np.int64), np.asarray(starts, dtype=float), *receipts(delivered))


def random_problem(seed: int) -> ReleaseProblem:
    """Two sites and a market, four items deep, with windows, yields, lots, cycles of lanes and a careless guide."""
    rng = np.random.default_rng(seed)
    items, sites = 4, 3
    horizon = int(rng.choice([21, 35, 60]))
    weeks = -(-horizon // 7)

    def lots() -> dict[str, Any]:
        multiple = float(rng.choice([0, 1, 5, 20]))
        return {
            "lead_days": int(rng.choice([0, 1, 2, 7, 10])),
            "lot_min": float(rng.choice([0, 5, 30])) if multiple != 5 else 10.0,
            "lot_multiple": multiple,
            "unit_cost": float(rng.integers(1, 9)),
        }

    def window() -> list[dict[str, int]]:
        cut = int(rng.integers(1, horizon))
        split = [{"first_day": 0, "last_day": cut - 1}, {"first_day": cut, "last_day": ALWAYS}]
        return split if rng.random() < 0.3 else [{}]

    rows: list[dict[str, Any]] = []
    for site in range(sites - 1):
        for item in range(items - 1):
            below = rng.choice(np.arange(item + 1, items), size=min(2, items - item - 1), replace=False)
            inputs = {int(part) * sites + site: float(rng.choice([1, 2, 0.5, 1.1])) for part in below}
            uses = {int(rng.integers(0, 3)): float(rng.choice([0.1, 1.0]))} if rng.random() < 0.7 else {}
            gain = float(rng.choice([1.0, 0.9]))
            given = lots() | {"inputs": inputs, "uses": uses, "gain": gain}
            rows += [activity(BUILD, item * sites + site, **given, **days) for days in window()]
        uses = {3: 1.0} if rng.random() < 0.5 else {}
        given = lots() | {"uses": uses}
        rows += [activity(BUY, (items - 1) * sites + site, **given, **days) for days in window()]
    for item in range(items):
        for origin in range(sites):
            for place in range(sites):
                if origin != place and rng.random() < 0.4:
                    node = item * sites + place
                    rows.append(activity(SHIP, node, **lots(), inputs={item * sites + origin: 1.0}))
    asked = [
        {
            "node": int(rng.choice([2, 2, 2, 0, sites + 2])),
            "first_day": (due := int(rng.integers(0, horizon + 5))) - int(rng.choice([0, 0, min(due, 3)])),
            "due_day": due,
            "quantity": float(rng.integers(1, 80)),
            "min_shipment": float(rng.choice([0, 5, 20])),
            "max_late_days": int(rng.choice([0, 10, 100])),
            "priority": int(rng.integers(1, 4)),
            "late_per_day": float(rng.choice([0, 0.2])),
            "lost_cost": float(rng.choice([0, 10])),
        }
        for _ in range(int(rng.integers(1, 9)))
    ]
    edges = [0, 1, 2, 3, 4, 5, 6, 7, 14, horizon]
    starts = rng.random((len(rows), len(edges) - 1)) * 30 * (rng.random((len(rows), len(edges) - 1)) < 0.6)
    delivered = [
        (demand, int(np.clip(np.searchsorted(edges, row["due_day"], "right") - 1, 0, 8)), row["quantity"])
        for demand, row in enumerate(asked)
    ]
    given_receipts = [
        (int(rng.integers(0, items * sites)), int(rng.integers(-2, horizon + 9)), float(rng.integers(1, 60)))
        for _ in range(5)
    ]
    return ReleaseProblem(
        horizon_days=horizon,
        stock=np.round(rng.random(items * sites) * 50 * (rng.random(items * sites) < 0.7), 1),
        receipts=receipts(given_receipts),
        activities=activities(rows),
        capacity=np.round(rng.random((4, weeks)) * 60, 1),
        demands=demands(asked),
        guide=guide(edges, starts, delivered),
    )
