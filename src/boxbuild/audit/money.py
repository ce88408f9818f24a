"""The ledger: every line recomputed, none missing, none too many; and the cost that the head states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from boxbuild.audit.accounts import Commitments, Line, lines
from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import Tally, plain
from boxbuild.plan.plan import Plan

HALF_CENT: Final = Decimal("0.005")
DUST: Final = Decimal("0.000000001")
RELATIVE: Final = Decimal("0.000001")
NOISE: Final = Decimal("0.00000000000001")
"""Part of an amount that its factor, a product of a few rates in double precision, may be off by."""

ZERO = Decimal(0)
Key = tuple[str, int, str]


@dataclass(slots=True)
class Sum:
    """Amounts of one account, bucket and key."""

    count: int = 0
    amount: Decimal = ZERO
    present: Decimal = ZERO

    def add(self, amount: Decimal, present: Decimal) -> None:
        """Count one more amount."""
        self.count += 1
        self.amount += amount
        self.present += present


@dataclass(frozen=True, slots=True)
class Total:
    """The discounted cost of a plan, the sum of the sizes of its amounts, and of how many flows they are."""

    cost: Decimal
    gross: Decimal
    count: int


def expected_lines(flows: Flows, commitments: Commitments, reading: Reading) -> dict[Key, Sum]:
    """Return the money amounts of flows by account, bucket and key."""
    found: dict[Key, Sum] = defaultdict(Sum)
    for line in lines(flows, commitments, reading):
        found[line.account, line.bucket, line.key].add(line.amount, _present(line, reading))
    return found


def total(expected: dict[Key, Sum]) -> Total:
    """Return the discounted total of money amounts."""
    return Total(
        sum((line.present for line in expected.values()), ZERO),
        sum((abs(line.present) for line in expected.values()), ZERO),
        sum(line.count for line in expected.values()),
    )


def _present(line: Line, reading: Reading) -> Decimal:
    return line.amount * reading.days.factor(line.bucket)


def ledger(plan: Plan, expected: dict[Key, Sum]) -> Tally:
    """Check every line of the ledger: it is the exact amount, rounded to the hundredth.

    Amounts of one account, bucket and key may stand on one line, or on one line for each flow behind them.
    """
    tally = Tally("ledger", "accounts × keys × buckets", "half a hundredth a line")
    stated = stated_lines(plan)
    for key, should in expected.items():
        said = stated.pop(key, None)
        place = ("ledger", f"{key[0]}|{key[2]}", key[1])
        if said is None:
            _absent(tally, place, should)
        elif said.count > should.count:
            sentence = f"{said.count} lines for {should.count} flows"
            tally.fail(place, should.count, said.count, sentence)
        else:
            tally.count += 1
            _same(tally, place, "amount", should.amount, said.amount, said.count)
            _same(tally, place, "present", should.present, said.present, said.count)
    for key, said in stated.items():
        place = ("ledger", f"{key[0]}|{key[2]}", key[1])
        tally.holds(
            place,
            when=not said.amount and not said.present,
            expected="no line",
            found=said.amount,
            sentence=f"the ledger has {plain(said.amount)}, and nothing in the plan costs that",
        )
    return tally


def stated_lines(plan: Plan) -> dict[Key, Sum]:
    """Return the amounts that the ledger states by account, bucket and key."""
    stated: dict[Key, Sum] = defaultdict(Sum)
    columns = ("account", "bucket", "key", "amount", "present")
    for account, bucket, key, amount, present in plan["ledger"].select(columns).iter_rows():
        stated[account, bucket, key].add(amount, present)
    return stated


def of_account(tally: Tally, account: str, rule: str, made: Mapping[Key, Sum], stated: Mapping[Key, Sum]) -> None:
    """Compare what the ledger states in an account with what a rule makes, line by line."""
    nothing = Sum()
    for key in sorted({key for key in (*made, *stated) if key[0] == account}):
        should, said = made.get(key, nothing).amount, stated.get(key, nothing)
        tally.count += 1
        if abs(should - said.amount) > HALF_CENT * max(1, said.count) + DUST + NOISE * abs(should):
            sentence = f"{rule}: the law makes {plain(should)}, and the ledger has {plain(said.amount)}"
            tally.fail(("ledger", f"{account}|{key[2]}", key[1]), should, said.amount, sentence)


def _absent(tally: Tally, place: tuple[str, str, int], should: Sum) -> None:
    rounds_to_nothing = max(abs(should.amount), abs(should.present)) <= HALF_CENT + DUST
    tally.holds(
        place,
        when=rounds_to_nothing,
        expected=should.amount,
        found="no line",
        sentence=f"the ledger has no line for {plain(should.amount)}",
    )


def _same(tally: Tally, place: tuple[str, str, int], column: str, should: Decimal, said: Decimal, count: int) -> None:
    off = abs(should - said)
    tally.deviation = max(tally.deviation, off)
    if off > HALF_CENT * count + DUST + NOISE * abs(should):
        sentence = f"{column} is {plain(said)}, and quantities and tables make {plain(should)}"
        tally.fail(place, should, said, sentence)


def summary(plan: Plan, computed: Total) -> Tally:
    """Check the head of a plan: cost, bound, gap and status.

    cost = total of the exact present amounts, to 1e-6 of their sizes; bound <= cost;
    gap = (cost - bound) / abs(cost); a plan that calls itself optimal has a gap within its tolerance. The settings
    that the head repeats, and the hash of the tables if it has one, are the network's.
    """
    tally = Tally("summary", "figures and settings of the head", "1e-6 of the amounts")
    _same_network(tally, plan)
    head = plan.summary
    figures = {name: Decimal(getattr(head, name)) for name in ("cost", "bound", "gap")}
    for name, value in figures.items():
        if not value.is_finite():
            tally.fail(("summary", name, None), "a number", value, f"{name} is not a number")
    if not all(value.is_finite() for value in figures.values()):
        return tally
    cost, bound, gap = figures.values()
    allowed = RELATIVE * computed.gross + Decimal("0.01")
    _figure(tally, "cost", computed.cost, cost, allowed, "the amounts of the plan make")
    tally.holds(
        ("summary", "bound", None),
        when=bound <= cost + allowed,
        expected=f"at most {plain(cost)}",
        found=bound,
        sentence=f"the bound {plain(bound)} is above the cost {plain(cost)}",
    )
    should = (cost - bound) / abs(cost) if cost else ZERO
    _figure(tally, "gap", should, gap, RELATIVE, "cost and bound make")
    tally.holds(
        ("summary", "status", None),
        when=head.status != "optimal" or gap <= Decimal(head.tolerance) + RELATIVE,
        expected="feasible",
        found=head.status,
        sentence=f"the gap {gap:.3g} is above the tolerance {head.tolerance:g}",
    )
    return tally


def _same_network(tally: Tally, plan: Plan) -> None:
    head, settings = plan.summary, plan.network.settings
    pairs = {
        "start": (settings.start, head.start),
        "buckets": (settings.buckets, head.buckets),
        "home_currency": (settings.home_currency, head.home_currency),
    }
    if head.input_hash:
        pairs["input_hash"] = (plan.network.digest, head.input_hash)
    for name, (should, said) in pairs.items():
        sentence = f"{name} is {said}, and that of the network {should}"
        tally.holds(("summary", name, None), when=should == said, expected=should, found=said, sentence=sentence)


def _figure(tally: Tally, name: str, should: Decimal, said: Decimal, allowed: Decimal, made: str) -> None:
    tally.count += 1
    off = abs(should - said)
    tally.deviation = max(tally.deviation, off)
    if off > allowed:
        sentence = f"{name} is {plain(said)}, and {made} {plain(should)}"
        tally.fail(("summary", name, None), should, said, sentence)
