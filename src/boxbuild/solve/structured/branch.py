"""Decisions in the structured way: a relaxation that is branched, and plans for what it leans to.

Options, the steps of ladders and the years of schemes are yes or no. With all of them free between 0 and 1, the
structured way gives prices, and their bound holds for every decision. Its quantities say which options it leans to:
these are taken, the others are not, and what follows is a problem without options, whose quantities are repaired to a
plan; ladders and schemes are settled exactly, given the plan's flows.

Where bound and plan no longer move and the gap is too wide, the decision is branched on that is furthest from whole,
by what it is worth at the prices: an option is taken or not, any other is 0 or 1. The bound is the least of the
branches that are open (A. Land and A. Doig, "An automatic method of solving discrete programming problems",
Econometrica 28 (1960)); a branch goes on from the iterate of the one before.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.bound import dual_bound
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.progress import Listener, Progress, silent
from boxbuild.solve.session import Options
from boxbuild.solve.solution import Solution, relative_gap
from boxbuild.solve.structured.bounds import Bounder
from boxbuild.solve.structured.crew import Crew
from boxbuild.solve.structured.decisions import Decisions, Limits
from boxbuild.solve.structured.ending import Best, ended, watched
from boxbuild.solve.structured.method import ASTRAY, Iterate, Method
from boxbuild.solve.structured.metric import first_sizes, metric, volumes
from boxbuild.solve.structured.problem import Problem, problem
from boxbuild.solve.structured.repair import Repairer
from boxbuild.solve.structured.rounds import BALANCE, FEASIBLE, FIRST_PARTS, FIRST_ROUND, GROWTH, ROUNDS, first_iterate

Floats = NDArray[np.float64]

BRANCH_ROUND: Final = 300
"""Iterations of a round of a branch, which begins where the one before it ended."""

BRANCHES: Final = 200
"""Branches that are looked at, at the most."""

HALF: Final = 0.5
"""Part of the way that the prices of ladders and schemes go in a round."""

TRIES: Final = 10
"""Rounds of the root without a plan, after which the exact way is asked."""

MOVED, STILL = 0.1, 2
"""Part of the gap that bound or plan move by in a round, and rounds without it after which a branch is split."""


@dataclass(frozen=True)
class Proof:
    """What an iterate proves: a bound and its prices; quantities with their decisions; prices to go on with."""

    bound: float
    prices: Floats
    values: Floats
    hung: Floats


@dataclass(frozen=True)
class Branch:
    """Decisions that were made, and where the search for the others stands.

    Parameters
    ----------
    limits
        What was decided.
    bound
        Least cost of any plan within them, as far as it is proven.
    at
        Iterate to begin from.
    hung
        Prices of the rows, of which those of ladders and schemes are used.
    balance
        Weight of the prices' steps.
    """

    limits: Limits
    bound: float
    at: Iterate
    hung: Floats
    balance: float


@dataclass
class Search:
    """The best plan so far, and the branches that may hold a better one.

    Parameters
    ----------
    open
        Branches that wait, and the one that is looked at.
    closed
        Least bound of the branches that are not worth more time.
    cost, columns, quantities
        The best plan: what it costs, its columns, and the quantities that it was repaired from.
    prices
        Prices of the rows that proved the bound of the root.
    looked, iterations
        Branches that were looked at, and iterations of the method.
    astray
        Whether the steps led to infinity: their sizes are wrong for this model.
    """

    open: list[Branch] = field(default_factory=list)
    closed: float = np.inf
    cost: float = np.inf
    columns: Floats | None = None
    quantities: Floats | None = None
    prices: Floats | None = None
    looked: int = 0
    iterations: int = 0
    astray: bool = False

    @property
    def bound(self) -> float:
        """No plan costs less."""
        return min([self.cost, self.closed, *(branch.bound for branch in self.open)])

    @property
    def gap(self) -> float | None:
        """Gap between cost and bound, where a plan is known."""
        return relative_gap(self.cost, self.bound) if self.columns is not None else None


class Branching:
    """Solves a model with integers.

    Parameters
    ----------
    model, options, listen
        What to solve, when to stop, and who is told.
    """

    def __init__(self, model: Model, options: Options, listen: Listener) -> None:
        self.began = time.perf_counter()
        self.model, self.options, self.listen = model, options, listen
        relaxed = replace(model, integer=np.zeros_like(model.integer))
        self.laid = problem(relaxed)
        self.decisions = Decisions(model, self.laid)
        self.bounder = Bounder(relaxed, self.laid)
        self.unlimited = self.bounder.unlimited()
        unhung = self.decisions.priced(self.laid, np.zeros(model.row_lower.size))
        self.sizes = first_sizes(unhung, self.unlimited.mean(axis=1) * self.laid.link)
        self.metric = metric(unhung, self.sizes)
        self.repairer = Repairer(model, self.laid, volumes(self.laid))
        self.crew = Crew(self.laid.bands.chains.arc.size * self.laid.buckets)
        self.search = Search()

    @property
    def seconds(self) -> float:
        """Wall seconds so far."""
        return time.perf_counter() - self.began

    @property
    def done(self) -> bool:
        """Whether the gap is reached, time is up or the steps went astray."""
        search, options = self.search, self.options
        closed = search.gap is not None and search.gap <= options.gap
        return closed or search.astray or (options.seconds is not None and self.seconds >= options.seconds)

    def run(self, start: Solution | None) -> None:
        """Look at the root, and then at the branches with the least bound, until the gap is reached."""
        search = self.search
        search.open = [Branch(self.decisions.open, -np.inf, *self._first(start), BALANCE)]
        while search.open and search.looked < BRANCHES and not self.done:
            best = min(range(len(search.open)), key=lambda i: search.open[i].bound)
            search.open[best : best + 1] = self._look(best)
            search.looked += 1

    def _first(self, start: Solution | None) -> tuple[Iterate, Floats]:
        """Where to begin, and the prices of the rows there."""
        at = first_iterate(self.laid, self.unlimited, start)
        if start is not None and start.prices is not None:
            return at, np.nan_to_num(start.prices)
        none = np.zeros(self.model.row_lower.size)
        settled = self.decisions.settled(self.model, np.zeros(self.model.cost.size), none)
        return at, none if settled is None else settled[1]

    def _look(self, number: int) -> list[Branch]:
        """Work on an open branch until it stalls, and return what it is split into; nothing where it is closed."""
        search, root = self.search, self.search.looked == 0
        branch = search.open[number]
        model = self.decisions.within(branch.limits)
        laid = _limited(self.laid, model)
        at, hung, balance = branch.at, branch.hung, branch.balance
        length, quantities = float(FIRST_ROUND if root else BRANCH_ROUND), search.quantities
        still = 0
        for round_ in range(1, ROUNDS + 1):
            before = search.cost, branch.bound
            measured = FIRST_PARTS if root and round_ == 1 else 1
            at, balance = self._steps(laid, hung, at, balance, int(length), measured)
            if search.astray:
                break
            proof = self._proof(model, at, hung)
            hung = proof.hung
            if proof.bound > branch.bound:
                branch = replace(branch, bound=proof.bound)
                search.open[number] = branch
                search.prices = proof.prices if root else search.prices
            if not self._promising(branch.bound):
                break
            quantities = self._plan(branch.limits, laid, at, hung, balance, quantities, int(length))
            cost = search.cost if search.columns is not None else None
            note = f"branch {search.looked}" if search.looked else "relaxation"
            self.listen(Progress("solve", self.seconds, cost, search.bound, search.gap, note))
            still = still + 1 if self._still(before, branch.bound) else 0
            if self.done or not self._promising(branch.bound) or self._lost(root, round_):
                break
            if still >= STILL and (parts := self.decisions.split(proof.values, proof.prices, branch.limits)):
                return [Branch(limits, branch.bound, at, hung, balance) for limits in parts]
            length *= GROWTH if root else 1.0
        if search.astray:
            return self._astray(branch, root)
        if self.done:
            return [branch]
        search.closed = min(search.closed, branch.bound)
        return []

    def _astray(self, branch: Branch, root: bool) -> list[Branch]:  # noqa: FBT001
        """Leave a branch whose steps lead to infinity, as they do where it has no plan, with the bound that it has."""
        if root:
            return [branch]
        self.search.astray = False
        self.search.closed = min(self.search.closed, branch.bound)
        return []

    def _lost(self, root: bool, round_: int) -> bool:  # noqa: FBT001
        """Whether no plan was found in as many rounds as are worth a try."""
        return root and self.search.columns is None and round_ >= TRIES

    def _proof(self, model: Model, at: Iterate, hung: Floats) -> Proof:
        """Return what an iterate proves of a model within limits."""
        laid = self.laid
        prices, values = laid.of_rows(at.prices, at.single_prices), laid.of_columns(at.quantities)
        prices[self.decisions.hung_rows] = hung[self.decisions.hung_rows]
        settled = self.decisions.settled(model, values, prices)
        if settled is None:
            return Proof(np.inf, prices, values, hung)
        values, best = settled
        _, proof = self.bounder(*laid.on_chains(best))
        bound = dual_bound(model, proof, np.minimum(self.decisions.limits, model.upper))
        return Proof(bound, proof, values, hung + HALF * (best - hung))

    def _promising(self, bound: float) -> bool:
        """Whether a plan that is better by more than the gap asked for may have a bound."""
        if self.search.columns is None:
            return bound < np.inf
        return relative_gap(self.search.cost, bound) > self.options.gap

    def _still(self, before: tuple[float, float], bound: float) -> bool:
        """Whether neither plan nor bound moved by much of the gap between them."""
        search = self.search
        if search.columns is None or not np.isfinite(before[0]):
            return False
        gap = search.cost - bound
        return before[0] - search.cost < MOVED * gap and bound - before[1] < MOVED * gap

    def _plan(
        self,
        limits: Limits,
        laid: Problem,
        at: Iterate,
        hung: Floats,
        balance: float,
        quantities: Floats | None,
        length: int,
    ) -> Floats:
        """Look for a plan with the options that the quantities lean to; return the quantities it came from."""
        search = self.search
        if quantities is not None:
            at = replace(at, quantities=0.5 * (quantities + at.quantities))
        lean = self._heavy_steps(laid, hung, at, balance, length // 2)
        leaning = self.decisions.leaning(laid.of_columns(lean.quantities), limits)
        decided = _limited(self.laid, leaning)
        found = self._heavy_steps(decided, hung, lean, balance, length // 2).quantities
        columns = self.repairer.within(leaning, decided)(found)
        if columns is not None:
            cost = float(self.model.cost @ columns)
            if cost < search.cost:
                search.cost, search.columns, search.quantities = cost, columns, found
        return found

    def _steps(
        self, laid: Problem, hung: Floats, at: Iterate, balance: float, length: int, measured: int
    ) -> tuple[Iterate, float]:
        """Return where balanced steps lead from an iterate, and the balance that they end with.

        They are measured so often on the way, by what is seen, if there is anything.
        """
        method = self._method(laid, hung, at, balance)
        for _ in range(measured):
            if method.x.any():
                method.measure(self.sizes)
            method.iterate(length // measured)
        self.metric = method.metric
        return self._point(method, at), method.balance

    def _heavy_steps(self, laid: Problem, hung: Floats, at: Iterate, balance: float, length: int) -> Iterate:
        """Return where steps lead that move prices far, measured as the last balanced ones were."""
        method = self._method(laid, hung, at, min(balance * FEASIBLE, 1e3))
        method.damping = 0.0
        method.iterate(length)
        return self._point(method, at)

    def _method(self, laid: Problem, hung: Floats, at: Iterate, balance: float) -> Method:
        unit = self.decisions.unit[:, None]
        start = replace(at, quantities=at.quantities / np.where(unit > 0, unit, 1.0))
        return Method(self.decisions.priced(laid, hung), self.metric, start, balance, self.crew)

    def _point(self, method: Method, at: Iterate) -> Iterate:
        """Return where a method is, or where it began if it went astray."""
        self.search.iterations += method.iterations
        point = method.point()
        if not np.abs(point.quantities).max(initial=0.0) < ASTRAY:
            self.search.astray = True
            return at
        return replace(point, quantities=point.quantities * self.decisions.unit[:, None])


def solve_branched(
    model: Model, options: Options, listen: Listener = silent, start: Solution | None = None
) -> Solution:
    """Solve a model with integers.

    Parameters
    ----------
    model, options, listen
        What to solve, when to stop, and who is told.
    start
        A solution of a model with the same columns and rows, to begin from.

    Raises
    ------
    InfeasibleError, LimitError
        See :func:`boxbuild.solve.exact.solve_exact`, which is asked where no plan is found.
    """
    if not model.columns["keep"].height:
        return solve_exact(model, options, listen)
    branching = Branching(model, options, listen)
    note = watched(lambda: branching.run(start), options, branching.began)
    search = branching.search
    how = (
        f"structured: {model.matrix.nnz:,} non-zeros; first-order steps with proven bounds and plans, "
        f"{search.iterations:,} iterations; {int(model.integer.sum())} of the decisions are yes or no, "
        f"{search.looked} branches"
    )
    stopped = f"stopped after {search.looked} branches"
    best = Best(search.bound, search.prices, search.cost, search.columns)
    return ended(model, options, listen, best, how=how, note=note, stopped=stopped, began=branching.began)


def _limited(laid: Problem, model: Model) -> Problem:
    """Return a problem with the limits of another model, which are no wider."""
    mine = laid.bounded[laid.places.arc] >= 0
    at = (laid.bounded[laid.places.arc[mine]], laid.places.arc_bucket[mine])
    lower, upper = laid.lower.copy(), laid.upper.copy()
    lower[at], upper[at] = model.lower[mine], model.upper[mine]
    low = laid.single_low.copy()
    single = laid.places.chain < 0
    low[-1 - laid.places.chain[single]] = model.row_lower[single]
    return replace(laid, lower=lower, upper=upper, single_low=low)
