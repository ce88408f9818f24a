"""Landed cost: what one unit delivered to a market cost, rolled back through the flows of the plan.

Every pool (an item at a site) has one average cost over the horizon: what all that came to it cost, and its holding,
over the units that left it or are left in it. Stock and receipts come in at standard value, for the plan did not pay
for them; what is left at the end goes out at average cost. So the cost of everything delivered, plus what is left, less
the standard value of what was there, plus the accounts that belong to no unit, is the total of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.law.formula import Formula, Name
from boxbuild.law.trace import Given, Trace
from boxbuild.network.issues import did_you_mean
from boxbuild.plan.circles import Equation, solved
from boxbuild.plan.ledger import ACCOUNTS
from boxbuild.plan.pools import ZERO, Inflow, Pool, Pools

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

DIGITS: Final = 40
SUM: Final = "sum of the parts"
"""Formula of steps that are nothing but their parts."""

SMALL: Final = Decimal("0.0001")
"""What is a smaller share of the unit's cost is not taken apart further."""

SWEEPS: Final = 200
"""Most passes over the pools; more than one is needed only where goods go round, more than these where most do."""

STILL: Final = Decimal("1e-15")
"""A change of an average that is none."""

Evidence = Callable[[str, str, str], tuple[Trace, ...]]
"""Kind of inflow, key and account to the assessments behind the amount."""

_AVERAGE: Final[Formula] = Name("cost") / Name("units_out") * Name("units")
_KINDS: Final = {
    "opening": "stock at the start",
    "receipt": "receipt",
    "buy": "bought",
    "ship": "shipped",
    "build": "built",
}


@dataclass(frozen=True)
class Landed:
    """The costs of a plan by unit.

    Parameters
    ----------
    plan
        The plan.
    evidence
        Finds the assessments behind duty and credits; none by default.
    """

    plan: Plan
    evidence: Evidence = lambda _kind, _key, _account: ()

    @cached_property
    def _met(self) -> dict[tuple[str, str, str], tuple[Trace, ...]]:
        return {}

    @cached_property
    def pools(self) -> Pools:
        """What came to each item at each place, and where it went."""
        with localcontext() as context:
            context.prec = DIGITS
            return Pools.of(self.plan)

    @cached_property
    def out(self) -> Mapping[Pool, Decimal]:
        """Units that left each pool, or are left in it."""
        return {pool: units for pool, units in self.pools.out().items() if units > 0}

    @cached_property
    def average(self) -> Mapping[Pool, Decimal]:
        """Average cost of one unit of each pool, home currency, present value."""
        with localcontext() as context:
            context.prec = DIGITS
            order = _order(self.pools.inflows)
            found: dict[Pool, Decimal] = dict.fromkeys(self.out, ZERO)
            for _ in range(SWEEPS):
                moving = set()
                for pool in order:
                    if pool in found:
                        cost = self._cost(pool, found) / self.out[pool]
                        if abs(cost - found[pool]) >= STILL:
                            moving.add(pool)
                        found[pool] = cost
                if not moving:
                    break
            else:
                found |= solved({pool: self._equation(pool, found, moving) for pool in order if pool in moving})
            return found

    def _equation(self, pool: Pool, average: Mapping[Pool, Decimal], unknown: set[Pool]) -> Equation:
        """Units out times the average, less what comes of other unknown pools, is what else the pool costs."""
        known = {source: amount for source, amount in average.items() if source not in unknown}
        terms = {pool: self.out[pool]}
        for inflow in self.pools.inflows.get(pool, ()):
            for source, units in inflow.taken.items():
                if source in unknown:
                    terms[source] = terms.get(source, ZERO) - units
        return terms, self._cost(pool, known)

    def _cost(self, pool: Pool, average: Mapping[Pool, Decimal]) -> Decimal:
        total = self.pools.holding.get(pool, ZERO)
        for inflow in self.pools.inflows.get(pool, ()):
            total += sum(inflow.money.values(), ZERO)
            total += sum((units * average.get(source, ZERO) for source, units in inflow.taken.items()), ZERO)
        return total

    def units(self) -> pl.DataFrame:
        """Return ``item``, ``market``, ``delivered`` units, ``unit_cost`` and ``cost``, home currency, present."""
        rows = [
            (item, market, float(units), float(self.average[item, market]), float(units * self.average[item, market]))
            for (item, market), units in sorted(self.pools.delivered.items())
            if units > 0
        ]
        names = {"item": pl.String, "market": pl.String, "delivered": pl.Float64}
        return pl.DataFrame(rows, schema={**names, "unit_cost": pl.Float64, "cost": pl.Float64}, orient="row")

    def statement(self) -> Mapping[str, Decimal]:
        """Return the sums that make the ledger's total: units delivered, stock, and each account without units.

        Returns
        -------
        mapping
            ``delivered``; ``left at the end`` (at average cost); ``there at the start`` (at standard value, negative:
            not paid by the plan); then the accounts that belong to no unit. Home currency, present value.
        """
        with localcontext() as context:
            context.prec = DIGITS
            average, pools = self.average, self.pools
            delivered = sum((units * average.get(pool, ZERO) for pool, units in pools.delivered.items()), ZERO)
            left = sum((units * average.get(pool, ZERO) for pool, units in pools.closing.items()), ZERO)
            # what came to a pool that nothing left
            stuck = {*pools.inflows, *pools.holding} - set(average)
            left += sum((self._cost(pool, average) for pool in sorted(stuck)), ZERO)
            ways = [inflow for found in pools.inflows.values() for inflow in found]
            before = sum((inflow.money.get("standard", ZERO) for inflow in ways), ZERO)
            rest = {account: pools.rest[account] for account in ACCOUNTS if pools.rest.get(account)}
            return {"delivered": delivered, "left at the end": left, "there at the start": -before, **rest}

    def tree(self, item: str, market: str) -> Trace:
        """Return the cost of one unit of an item delivered at a market, as a tree.

        Every step is what it adds to one delivered unit, so the parts of a step add up to it.

        Raises
        ------
        UsageError
            There is no such item or market, or the plan delivers none there.
        """
        self._ask(item, market)
        with localcontext() as context:
            context.prec = DIGITS
            self._met.clear()
            top = self._pool((item, market), Decimal(1), ())
            units = self.pools.delivered[item, market]
            given = (Given("units delivered", units, "units", f"deliveries: {item} at {market}"), *top.given)
            note = (
                "average over the horizon, home currency, present value; lost and late demand and the accounts that "
                "belong to no unit are not in it"
            )
            return Trace(
                f"landed cost of one unit of {item} delivered at {market}",
                top.value,
                top.unit,
                "landed.delivered",
                top.formula,
                given,
                top.reads,
                top.parts,
                note,
            )

    def _ask(self, item: str, market: str) -> None:
        network = self.plan.network
        for word, table, column in ((item, "items", "item"), (market, "sites", "site")):
            known = network[table][column].to_list()
            if word not in known:
                raise UsageError(f"there is no {column} {word!r}", did_you_mean(word, known))
        there = sorted(where for (what, where), units in self.pools.delivered.items() if what == item and units > 0)
        if market not in there:
            hint = f"it is delivered at {', '.join(there)}" if there else "the plan delivers it nowhere"
            raise UsageError(f"the plan delivers no {item} at {market}", hint)

    @property
    def _money(self) -> str:
        return self.plan.summary.home_currency

    def _pool(self, pool: Pool, units: Decimal, path: tuple[Pool, ...]) -> Trace:
        """One pool: ``units`` of it stand behind one delivered unit."""
        item, site = pool
        out = self.out[pool]
        value = units * self.average[pool]
        name = f"{item} at {site}"
        given = (
            Given("cost", _short(self.average[pool] * out), self._money, "what came in, and its holding"),
            Given("units_out", out, "units", f"what left {name} or is left at the end"),
            Given("units", _short(units, 20), "", "behind one delivered unit"),
        )
        head = Trace(name, _short(value), self._money, "landed.pool", str(_AVERAGE), given)
        if path and pool in path:
            return _with(head, (), "these goods go round: taken at their average cost")
        small = path and abs(value) < SMALL * self.average[path[0]]
        if small:
            return _with(head, (), f"less than {SMALL:%} of the unit's cost: not taken apart" if value else "")
        parts = [self._inflow(inflow, units / out, (*path, pool)) for inflow in self.pools.inflows.get(pool, ())]
        held = self.pools.holding.get(pool, ZERO)
        if held:
            parts.append(self._leaf("holding", held, units / out, f"holding of {name}", f"{item}|{site}"))
        return _with(head, tuple(sorted(parts, key=lambda part: -part.value)))

    def _inflow(self, inflow: Inflow, share: Decimal, path: tuple[Pool, ...]) -> Trace:
        """One way into a pool; ``share`` of it stands behind one delivered unit."""
        parts = []
        for account, amount in inflow.money.items():
            leaf = self._leaf(account, amount, share, account, inflow.key)
            parts.append(leaf if account == "spared" else self._proven(leaf, inflow, account))
        for source, units in inflow.taken.items():
            if source in self.out:
                parts.append(self._pool(source, units * share, path))
        value = sum((part.value for part in parts), ZERO)
        given = (
            Given("units", inflow.units, "units", "came in this way, over the horizon"),
            Given("behind one delivered unit", _short(inflow.units * share, 20), ""),
        )
        ordered = tuple(sorted(parts, key=lambda part: -part.value))
        return Trace(self._name(inflow), value, self._money, f"landed.{inflow.kind}", SUM, given, (), ordered)

    def _leaf(self, account: str, amount: Decimal, share: Decimal, name: str, key: str) -> Trace:
        place = f"ledger: {account} of {key}"
        if account == "standard":
            name, place = "standard value", "items: value; not paid by the plan"
        if account == "spared":
            name, place = "duty spared on its inputs", "ledger: exemption of its inputs, by the table exempt"
        part = Given("share", _short(share, 20), "", "of it that stands behind one delivered unit")
        given = (Given("amount", _short(amount), self._money, place), part)
        formula = str(Name("amount") * Name("share"))
        return Trace(name, _short(amount * share), self._money, f"account.{account}", formula, given)

    def _proven(self, leaf: Trace, inflow: Inflow, account: str) -> Trace:
        """A leaf with the evaluations behind it, the first time that it is met."""
        name = (inflow.kind, inflow.key, account)
        if name in self._met:
            return _with(leaf, (), "assessed where it is met first") if self._met[name] else leaf
        self._met[name] = self.evidence(*name)
        return _with(leaf, self._met[name])

    def _name(self, inflow: Inflow) -> str:
        word, parts = _KINDS[inflow.kind], inflow.key.split("|")
        if inflow.kind == "buy":
            supplier = self._suppliers.get(parts[0], "")
            return f"{word} under {parts[0]}" + (f" from {supplier}" if supplier else "")
        if inflow.kind == "ship":
            return f"{word} {parts[0]} → {parts[1]} by {parts[2]}"
        if inflow.kind == "build":
            return f"{word} at {parts[0]}"
        return f"{word} {parts[0]}" if inflow.kind == "receipt" else word

    @cached_property
    def _suppliers(self) -> dict[str, str]:
        return dict(self.plan.network["sources"].select("offer", "supplier").unique("offer").iter_rows())


def _with(head: Trace, parts: tuple[Trace, ...], note: str = "") -> Trace:
    return Trace(
        head.name, head.value, head.unit, head.rule, head.formula, head.given, head.reads, parts, note or head.note
    )


def _order(inflows: Mapping[Pool, tuple[Inflow, ...]]) -> list[Pool]:
    """Pools, each after those that it takes from, where goods do not go round."""
    order: list[Pool] = []
    seen: set[Pool] = set()
    for start in sorted(inflows):
        stack: list[tuple[Pool, bool]] = [(start, False)]
        while stack:
            pool, done = stack.pop()
            if done:
                order.append(pool)
            elif pool not in seen:
                seen.add(pool)
                stack.append((pool, True))
                stack += [(source, False) for way in inflows.get(pool, ()) for source in sorted(way.taken)]
    return order


def _short(value: Decimal, digits: int = 6) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits)).normalize() + ZERO
