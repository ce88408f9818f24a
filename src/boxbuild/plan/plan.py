"""A plan: quantities per bucket and dated orders, with cost, proven bound and gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from boxbuild.plan import schemas

if TYPE_CHECKING:
    import polars as pl

    from boxbuild.network.network import Network


@dataclass(frozen=True)
class Summary:
    """The head of a plan, written as ``summary.json``.

    Parameters
    ----------
    status
        ``optimal`` (gap within the tolerance asked for), ``feasible`` (a limit was reached first).
    cost, bound
        Discounted cost and proven lower bound, home currency.
    gap
        ``(cost - bound) / |cost|``; 0 where both are 0.
    release_cost
        Cost of the lot-sized orders by the same accounts, or ``None`` where there are no orders.
    method
        How it was solved, with why.
    seconds
        Wall seconds by phase: ``model``, ``solve``, ``release``, ``ledger``.
    sizes
        ``rows``, ``columns``, ``nonzeros``, ``integers`` of the model.
    """

    network: str
    scenario: str
    status: str
    cost: float
    bound: float
    gap: float
    tolerance: float
    method: str
    start: date
    buckets: str
    home_currency: str
    release_cost: float | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    input_hash: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A plan of a network.

    Parameters
    ----------
    network
        The network (changes applied) that was planned.
    summary
        Status, cost, bound, gap and sizes.
    tables
        One frame per name in :data:`boxbuild.plan.schemas.SCHEMAS`; missing ones are empty.
    """

    network: Network
    summary: Summary
    tables: Mapping[str, pl.DataFrame]

    def __post_init__(self) -> None:
        """Bring every table to its schema."""
        full = {
            name: schemas.conform(name, self.tables[name]) if name in self.tables else schema.to_frame()
            for name, schema in schemas.SCHEMAS.items()
        }
        object.__setattr__(self, "tables", MappingProxyType(full))

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Return one table of the plan."""
        return self.tables[table]
