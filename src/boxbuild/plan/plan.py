"""A plan: quantities per bucket and dated orders, with cost, proven bound and gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

from boxbuild.plan import schemas

if TYPE_CHECKING:
    import polars as pl

    from boxbuild.audit.result import Audit
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
        Wall seconds by phase: ``model``, ``solve``, ``ledger``, ``law``, ``release``, ``value`` (value added),
        ``why`` (reasons).
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
    prices
        What the rows of the model were worth, for a plan that begins from this one
        (:func:`boxbuild.plan.warm.remembered`); ``None`` where that is not known.
    """

    network: Network
    summary: Summary
    tables: Mapping[str, pl.DataFrame]
    prices: pl.DataFrame | None = None

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

    def audit(self) -> Audit:
        """Recompute this plan from its tables and its network alone, never from the model."""
        # the audit stands above: it knows plans, plans do not know it; this is the one door upward
        from boxbuild.audit.audit import audit

        return audit(self)

    def __repr__(self) -> str:
        """Return the head of the plan and the number of rows of each table."""
        rows = ", ".join(f"{frame.height} {name}" for name, frame in self.tables.items() if frame.height)
        return f"Plan({self.summary.network!r}, {', '.join(self._head().values())}: {rows})"

    def _repr_html_(self) -> str:
        head = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in self._head().items())
        rows = "".join(
            f"<tr><td>{name}</td><td>{frame.height:,}</td></tr>" for name, frame in self.tables.items() if frame.height
        )
        title = escape(self.network.settings.title or self.network.name)
        return (
            f"<p><b>{title}</b></p><table>{head}</table>"
            f"<table><thead><tr><th>table</th><th>rows</th></tr></thead><tbody>{rows}</tbody></table>"
        )

    def _head(self) -> dict[str, str]:
        summary = self.summary
        money = f"{summary.home_currency} "
        head = {
            "scenario": summary.scenario or "base",
            "status": summary.status,
            "cost": f"{money}{summary.cost:,.2f}",
            "bound": f"{money}{summary.bound:,.2f}",
            "gap": f"{summary.gap:.4%}",
        }
        if summary.release_cost is not None:
            head["orders"] = f"{money}{summary.release_cost:,.2f}"
        return head
