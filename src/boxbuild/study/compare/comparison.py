"""A comparison: several plans side by side, the first of them the base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.plan.plan import Plan
from boxbuild.study.compare.aspect import Compared, side_by_side
from boxbuild.study.compare.aspects import ASPECTS
from boxbuild.study.compare.claim import Claim, claim
from boxbuild.study.compare.inputs import input_differences
from boxbuild.study.compare.orders import WINDOW_DAYS, orders_moved, orders_summary
from boxbuild.study.compare.tolerance import Tolerance


@dataclass(frozen=True)
class Comparison:
    """Several plans side by side.

    Parameters
    ----------
    names
        What the plans are called, in their order; the first is the base.
    plans
        The plans.
    tolerance
        When two figures count as equal.
    window_days
        Most days by which an order moves.
    """

    names: tuple[str, ...]
    plans: tuple[Plan, ...]
    tolerance: Tolerance = field(default_factory=Tolerance)
    window_days: int = WINDOW_DAYS

    @cached_property
    def aspects(self) -> Mapping[str, Compared]:
        """Every aspect that one of the plans has, by name."""
        found = {aspect.name: side_by_side(aspect, self.plans, self.tolerance) for aspect in ASPECTS}
        return {name: compared for name, compared in found.items() if compared.rows.height}

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """For every plan after the first, what is proven about the difference of the optima."""
        return tuple(claim(self.plans[0], other) for other in self.plans[1:])

    @cached_property
    def inputs(self) -> tuple[pl.DataFrame, ...]:
        """For every plan after the first, in which rows its network differs (:func:`input_differences`)."""
        return tuple(input_differences(self.plans[0].network, other.network) for other in self.plans[1:])

    @cached_property
    def orders(self) -> tuple[pl.DataFrame, ...]:
        """For every plan after the first, what became of the orders of the first (:func:`orders_moved`)."""
        return tuple(orders_moved(self.plans[0], other, self.window_days) for other in self.plans[1:])

    @cached_property
    def orders_summary(self) -> tuple[pl.DataFrame, ...]:
        """The same by kind and outcome."""
        return tuple(orders_summary(moved) for moved in self.orders)

    @property
    def same(self) -> bool:
        """Whether nothing differs: no input, no figure, no order."""
        return (
            all(frame.is_empty() for frame in self.inputs)
            and all(compared.differing.is_empty() for compared in self.aspects.values())
            and all((moved["outcome"] == "same").all() for moved in self.orders)
        )

    def as_dict(self, *, differences_only: bool = False, most: int | None = None) -> dict[str, Any]:
        """Return the comparison as JSON values.

        Parameters
        ----------
        differences_only
            Whether to leave out what is equal.
        most
            Most orders to list, those with the most money first; all of them where left out.
        """
        later = range(len(self.plans) - 1)
        return {
            "plans": [_head(name, plan) for name, plan in zip(self.names, self.plans, strict=True)],
            "tolerance": self.tolerance.says(),
            "same": self.same,
            "claims": {self.names[at + 1]: self.claims[at].as_dict() for at in later},
            "inputs": {self.names[at + 1]: _records(self.inputs[at]) for at in later},
            "aspects": {
                name: compared.records(self.names, differences_only=differences_only)
                for name, compared in self.aspects.items()
            },
            "orders": {self.names[at + 1]: self._orders(at, most) for at in later},
        }

    def _orders(self, at: int, most: int | None) -> dict[str, Any]:
        moved = self.orders[at].filter(pl.col("outcome") != "same")
        ranked = moved.sort("money", "quantity", descending=True, nulls_last=True)
        shown = ranked if most is None else ranked.head(most)
        return {
            "window_days": self.window_days,
            "summary": _records(self.orders_summary[at]),
            "moved": _records(shown),
            "left_out": moved.height - shown.height,
        }

    def __repr__(self) -> str:
        """Return the plans with their costs."""
        plans = zip(self.names, self.plans, strict=True)
        return f"Comparison({', '.join(f'{name}: {plan.summary.cost:,.2f}' for name, plan in plans)})"

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{escape(name)}</th>" for name in ("", *self.names))
        total = [f"{plan.summary.cost:,.2f}" for plan in self.plans]
        rows = [["cost", *total], ["gap", *(f"{plan.summary.gap:.4%}" for plan in self.plans)]]
        accounts = self.aspects["cost"].measure("present").iter_rows(named=True)
        rows += [[row["account"], *(f"{row[f'value_{at}']:,.2f}" for at in range(len(self.plans)))] for row in accounts]
        body = "".join(
            f"<tr><th>{escape(name)}</th>{''.join(f'<td>{text}</td>' for text in texts)}</tr>" for name, *texts in rows
        )
        differing = sum(compared.differing.height for compared in self.aspects.values())
        moved = sum(int((frame["outcome"] != "same").sum()) for frame in self.orders)
        edits = sum(frame.height for frame in self.inputs)
        says = f"{edits:,} inputs, {differing:,} figures and {moved:,} orders differ"
        return f"<p>{says}</p><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def compare(
    plans: Sequence[Plan],
    names: Sequence[str] | None = None,
    *,
    tolerance: Tolerance | None = None,
    window_days: int = WINDOW_DAYS,
) -> Comparison:
    """Return several plans side by side; the first is the base.

    Parameters
    ----------
    plans
        Two plans or more, in one home currency.
    names
        What to call them; their scenarios where left out.
    tolerance
        When two figures count as equal.
    window_days
        Most days by which an order moves.

    Raises
    ------
    UsageError
        There are fewer than two plans, a name is missing or stands twice, or the home currencies differ.
    """
    called = tuple(names) if names is not None else plan_names(plans)
    if len(plans) < 2:
        raise UsageError("two plans are needed at least", "give a plan and what it is compared with")
    if len(called) != len(plans) or len(set(called)) != len(called):
        raise UsageError(f"{len(plans)} plans need {len(plans)} different names, not {', '.join(called)}")
    currencies = sorted({plan.summary.home_currency for plan in plans})
    if len(currencies) > 1:
        raise UsageError(f"plans in {' and '.join(currencies)} cannot be compared", "plan them in one home currency")
    return Comparison(called, tuple(plans), tolerance or Tolerance(), window_days)


def plan_names(plans: Sequence[Plan], wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """Return a different name for each plan: what is wanted, or its scenario, numbered where it stands twice."""
    names = list(wanted) or [plan.summary.scenario or "base" for plan in plans]
    twice = {name for name, count in Counter(names).items() if count > 1}
    return tuple(f"{name} ({place})" if name in twice else name for place, name in enumerate(names, 1))


def _head(name: str, plan: Plan) -> dict[str, Any]:
    summary = plan.summary
    return {
        "name": name,
        "scenario": summary.scenario,
        "status": summary.status,
        "cost": summary.cost,
        "bound": summary.bound if abs(summary.bound) != float("inf") else None,
        "gap": summary.gap if summary.gap != float("inf") else None,
        "release_cost": summary.release_cost,
        "home_currency": summary.home_currency,
        "start": summary.start.isoformat(),
        "buckets": summary.buckets,
        "network_sha256": plan.network.digest,
    }


def _records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.with_columns(pl.selectors.date().cast(pl.String)).to_dicts()
