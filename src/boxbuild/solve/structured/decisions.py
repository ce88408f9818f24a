"""Decisions: the columns that are yes or no, what they lean to, and what follows from them without any flow.

Most of what decisions are about is no flow: an option and the hours that it adds, a ladder and its steps, a scheme and
what is counted. Given the prices of the rows that they share with flows, the rest of them is a small linear program of
its own, and its prices are the best there are. The structured way leaves it to HiGHS: thresholds and sums of a
hundred thousand units beside a decision of 1 are what first-order steps are worst at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import highspy
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, hstack

from boxbuild.model.model import Model
from boxbuild.solve.bound import column_limits
from boxbuild.solve.session import Options, run
from boxbuild.solve.structured.bands import Bands, Terms
from boxbuild.solve.structured.metric import volumes
from boxbuild.solve.structured.problem import Problem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]

NEAR, WIDE, FAR = 0.1, 1.0, 10.0
"""Part by which the volumes of ladders and schemes, and the use of a limit in a bucket, may change at their prices,
and how much dearer it is to change them by more."""

WHOLE: Final = 1e-3
"""How far from whole a decision is not worth branching on."""


@dataclass(frozen=True)
class Limits:
    """What was decided: bounds of the integer columns, and which options are taken, whenever.

    Parameters
    ----------
    low, high
        Shape ``(integers,)``.
    forced
        Shape ``(options,)``.
    """

    low: Floats
    high: Floats
    forced: Flags


class Decisions:
    """The integer columns of a model, and all other columns that are no flows.

    Parameters
    ----------
    model
        A model with integers.
    laid
        The same, laid out.
    """

    def __init__(self, model: Model, laid: Problem) -> None:
        self.model = model
        self.relaxed = replace(model, integer=np.zeros_like(model.integer))
        self.integers = np.flatnonzero(model.integer)
        self.limits = column_limits(model)
        take = model.columns["take"]
        names = take["option"].unique(maintain_order=True)
        self.take = take["column"].to_numpy()
        number = pl.DataFrame({"option": names, "number": range(names.len())}, schema_overrides={"number": pl.Int64()})
        self.takes = take.join(number, on="option", how="left", maintain_order="left")["number"].to_numpy()
        once = model.families["once"].keys["name"]
        self.once = model.first_row("once") + np.array(
            [once.to_list().index(f"option {name}") for name in names.to_list()], dtype=np.int64
        )
        groups = take.join(model.flows.network["options"].select("option", "exclusive_group"), on="option", how="left")
        self.group = groups.unique("option", maintain_order=True)["exclusive_group"].to_list()
        self._aside(laid)

    def _aside(self, laid: Problem) -> None:
        """Find the columns that are no flows and hang on decisions, and the rows that they have alone or share."""
        terms, matrix = laid.bands.chains, self.model.matrix
        flow = np.zeros(laid.arcs, dtype=bool)
        flow[terms.arc[laid.link[terms.chain]]] = True
        other = ~flow[laid.places.arc]
        count = matrix.shape[0]
        entries = np.bincount(matrix.indices, minlength=count)
        aside = np.bincount(matrix.indices, weights=np.repeat(other, np.diff(matrix.indptr)), minlength=count)
        alone = (entries > 0) & (aside == entries)
        rows = matrix.tocsr()
        self.columns = np.unique(np.concatenate([rows[alone].indices, self.integers]))
        touched = np.zeros(count, dtype=bool)
        touched[matrix[:, self.columns].indices] = True
        self.rows = np.flatnonzero(touched)
        self.shared = np.flatnonzero(~alone[self.rows])
        self.part = matrix[:, self.columns].tocsr()[self.rows].tocsc()
        self.by_row = self.part.tocsr()
        self.near = np.where(laid.places.chain[self.rows[self.shared]] < 0, NEAR, WIDE)
        in_chains = np.bincount(
            np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr)),
            weights=laid.places.chain[matrix.indices] >= 0,
        )
        self.hung = np.setdiff1d(self.columns[in_chains[self.columns] == 0], self.take)
        self.hung_rows = np.unique(matrix[:, self.hung].indices)
        self.unit = np.ones(laid.arcs)
        taken = laid.places.arc[self.take]
        self.unit[taken] = 1.0 / (laid.buckets * volumes(laid)[taken])
        self.unit[laid.places.arc[self.hung]] = 0.0
        shared = rows[self.rows[self.shared]]
        mine = ~np.isin(shared.indices, self.columns)
        self.flows = csr_matrix((shared.data * mine, shared.indices, shared.indptr), shape=shared.shape)

    @property
    def open(self) -> Limits:
        """Nothing is decided."""
        at = self.integers
        return Limits(self.model.lower[at], self.model.upper[at], np.zeros(self.once.size, dtype=bool))

    def within(self, limits: Limits) -> Model:
        """Return the model without integers, within limits."""
        lower, upper, row_lower = self.model.lower.copy(), self.model.upper.copy(), self.model.row_lower.copy()
        lower[self.integers], upper[self.integers] = limits.low, limits.high
        row_lower[self.once[limits.forced]] = 1.0
        return replace(self.relaxed, lower=lower, upper=upper, row_lower=row_lower)

    def settled(self, model: Model, values: Floats, prices: Floats) -> tuple[Floats, Floats] | None:
        """Return prices of which those of the rows of decisions are the best there are near some quantities.

        What the flows use of the rows that they share with decisions may change by a part at the prices that are
        given, and by more at prices that are far from them.

        Parameters
        ----------
        model
            The model within limits.
        values, prices
            Quantities of the columns and prices of the rows. Shapes ``(columns,)`` and ``(rows,)``.

        Returns
        -------
        tuple of ndarray, or None
            Quantities, with those of ladders and schemes, and prices; ``None`` where nothing is within the limits.
        """
        used = self.flows @ values
        price = prices[self.rows[self.shared]]
        near = self.near * np.maximum(np.abs(used), 1.0)
        dear = FAR * (np.abs(price) + float(np.abs(prices).mean()))
        count = self.shared.size
        unit = csc_matrix((np.ones(count), (self.shared, np.arange(count))), shape=(self.rows.size, count))
        limits = np.minimum(self.limits, model.upper)[self.columns]
        endless, none = np.full(count, np.inf), np.zeros(count)
        small = replace(
            model,
            matrix=csc_matrix(hstack([self.part, unit, unit, -unit])),
            cost=np.concatenate([model.cost[self.columns], price, price + dear, dear - price]),
            lower=np.concatenate([model.lower[self.columns], used - near, none, none]),
            upper=np.concatenate([limits, used + near, endless, endless]),
            integer=np.zeros(self.columns.size + 3 * count, dtype=bool),
            row_lower=model.row_lower[self.rows],
            row_upper=model.row_upper[self.rows],
        )
        found = run(small, Options(algorithm="simplex"))
        if found.status == highspy.HighsModelStatus.kInfeasible:
            return None
        if found.prices is None or found.values is None:
            return values, prices
        at, best = values.copy(), prices.copy()
        best[self.rows] = found.prices
        own = np.isin(self.columns, self.hung)
        at[self.hung] = found.values[: self.columns.size][own]
        return at, best

    def priced(self, laid: Problem, prices: Floats) -> Problem:
        """Return a problem in which ladders and schemes are what they add to the costs of flows at some prices.

        Their columns are 0 and their rows are free, and options are measured in small parts: the volume of an option
        in a bucket is one over the buckets. Shape of ``prices``: ``(rows,)``.
        """
        own = np.zeros_like(prices)
        own[self.hung_rows] = prices[self.hung_rows]
        cost = laid.on_arcs(self.model.cost - self.model.matrix.T @ own) * self.unit[:, None]
        single = -1 - laid.places.chain[self.hung_rows]
        free = np.zeros(laid.singles, dtype=bool)
        free[single[single >= 0]] = True
        unit = self.unit[laid.bounded >= 0][:, None]
        return replace(
            laid,
            bands=Bands(self._measured(laid.bands.chains), self._measured(laid.bands.singles, free)),
            cost=cost,
            single_low=np.where(free, -np.inf, laid.single_low),
            single_high=np.where(free, np.inf, laid.single_high),
            lower=np.where(unit > 0, laid.lower / np.where(unit > 0, unit, 1.0), 0.0),
            upper=np.where(unit > 0, laid.upper / np.where(unit > 0, unit, 1.0), 0.0),
        )

    def _measured(self, terms: Terms, free: Flags | None = None) -> Terms:
        """Return terms for columns in their units; those of rows that are free are 0."""
        factor = self.unit[terms.arc]
        if free is not None:
            factor = np.where(free[terms.chain], 0.0, factor)
        changing = np.flatnonzero(terms.at >= 0)
        values = terms.values.copy()
        for q in changing[factor[changing] != 1.0].tolist():
            values[terms.at[q] : terms.at[q] + terms.stop[q] - terms.start[q]] *= factor[q]
        return terms._replace(value=terms.value * factor, values=values)

    def leaning(self, values: Floats, limits: Limits) -> Model:
        """Return the model with the options decided that quantities lean to; ladders and schemes stay integer.

        An option is taken where at least half of it is, in the bucket that has most of it.
        """
        amount = np.clip(values[self.take], 0.0, 1.0)
        share = np.bincount(self.takes, weights=amount, minlength=self.once.size)
        high = dict(zip(self.integers.tolist(), limits.high.tolist(), strict=True))
        low = dict(zip(self.integers.tolist(), limits.low.tolist(), strict=True))
        chosen: dict[str, int] = {}
        lower, upper = self.model.lower.copy(), self.model.upper.copy()
        lower[self.take] = upper[self.take] = 0.0
        for option in np.argsort(-share, kind="stable").tolist():
            mine = np.flatnonzero(self.takes == option)
            can = np.array([high[int(column)] > 0 for column in self.take[mine]])
            must = limits.forced[option] or any(low[int(column)] > 0 for column in self.take[mine])
            group = self.group[option]
            if not can.any() or (share[option] < 0.5 and not must) or (group in chosen and not must):
                continue
            if group is not None:
                chosen[group] = option
            at = mine[np.argmax(np.where(can, amount[mine], -1.0))]
            lower[self.take[at]] = upper[self.take[at]] = 1.0
        integer = self.model.integer.copy()
        integer[self.take] = False
        return self._tightened(replace(self.model, lower=lower, upper=upper, integer=integer))

    def _tightened(self, model: Model) -> Model:
        """Tighten what only depends on decisions that were made: the overtime that options allow."""
        alone = np.ones(self.rows.size, dtype=bool)
        alone[self.shared] = False
        fixed = (model.lower == model.upper)[self.columns]
        have = self.by_row @ np.where(fixed, model.lower[self.columns], 0.0)
        row = np.repeat(np.arange(self.rows.size), np.diff(self.by_row.indptr))
        free = ~fixed[self.by_row.indices]
        last = alone & (np.bincount(row[free], minlength=self.rows.size) == 1)
        at = np.flatnonzero(free & last[row] & (self.by_row.data > 0))
        most = (model.row_upper[self.rows] - have)[row[at]] / self.by_row.data[at]
        upper = model.upper.copy()
        np.minimum.at(upper, self.columns[self.by_row.indices[at]], most)
        return replace(model, upper=np.maximum(upper, model.lower))

    def split(self, values: Floats, prices: Floats, limits: Limits) -> list[Limits]:
        """Return two sets of limits that together allow what the given ones do, or none where all is whole.

        The decision that is split has the largest distance from whole, times what it costs and what its rows are
        worth.
        """
        at = self.integers
        matrix = self.model.matrix[:, at]
        stake = np.abs(self.model.cost[at]) + abs(matrix).T @ np.abs(prices)
        x = np.clip(values[at], limits.low, limits.high)
        position = np.full(self.model.cost.size, -1, dtype=np.int64)
        position[at] = np.arange(at.size)
        mine = position[self.take]
        share = np.bincount(self.takes, weights=x[mine], minlength=self.once.size)
        whole = np.minimum(share, 1.0 - share)
        worth = np.bincount(self.takes, weights=stake[mine] * x[mine], minlength=share.size) / np.maximum(share, WHOLE)
        option_effect = np.where(limits.forced | (whole < WHOLE), 0.0, whole * worth)
        distance = np.minimum(x, 1.0 - x)
        effect = np.where((limits.low < limits.high) & (distance >= WHOLE), distance * stake, 0.0)
        if option_effect.size and option_effect.max() > 0 and option_effect.max() >= effect.max():
            option = int(option_effect.argmax())
            high, forced = limits.high.copy(), limits.forced.copy()
            high[mine[self.takes == option]] = 0.0
            forced[option] = True
            return [replace(limits, high=high), replace(limits, forced=forced)]
        if not effect.size or effect.max() <= 0:
            return []
        column = int(effect.argmax())
        high, low = limits.high.copy(), limits.low.copy()
        high[column], low[column] = 0.0, 1.0
        return [replace(limits, high=high), replace(limits, low=low)]
