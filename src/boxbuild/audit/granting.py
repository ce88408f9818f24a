"""Granting: incentives and subsidies, evaluated exactly on the flows of a plan by the law's own definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import decimal
from boxbuild.audit.tally import Tally, plain
from boxbuild.law.incentives import Award, Claim, settle
from boxbuild.law.subsidies import assess
from boxbuild.plan.plan import Plan

ZERO: Final = Decimal(0)
HALF_CENT: Final = Decimal("0.005")
DUST: Final = Decimal("1e-12")
RULE: Final = "half a hundredth"

AMOUNTS: Final = ("sales", "incremental", "investment", "counted", "amount")
TERMS: Final = ("min_sales", "min_investment")


def awarded(flows: Flows, reading: Reading) -> Iterator[tuple[Claim, Award, int]]:
    """Yield every claim of the horizon with what it comes to on these flows, and the bucket in which it is received.

    sales = good units x invoice price of what is eligible; spent = capex of the applicant's options by the year's end.
    """
    lags = {
        (row["partner"], row["scheme"], row["segment"], row["year"]): row["lag_days"]
        for row in reading.network["applications"].iter_rows(named=True)
    }
    for claim in reading.applications:
        award = settle(claim, _sales(flows, claim, reading), _spent(flows, claim, reading))
        lag = lags[claim.partner, claim.scheme, claim.segment, claim.year]
        yield claim, award, _received(reading.days.number(claim.window.last) + lag, reading)


def granted(flows: Flows, reading: Reading) -> Iterator[tuple[str, int, Decimal]]:
    """Yield the subsidy on every option taken: option, bucket in which it is received, amount."""
    for name, taken in flows.taken.items():
        row = reading.subsidised.get(name)
        trace = assess(reading.law, row, taken) if row is not None else None
        if row is not None and trace is not None and trace.value:
            yield name, _received(reading.days.edges[taken] + row["subsidy_days"], reading), trace.value


def incentives(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check the incentives that a plan states: every application of the horizon, on the plan's own flows."""
    tally = Tally("law incentives", "claims", RULE)
    stated = {_key(row): row for row in plan["incentives"].iter_rows(named=True)}
    expected = {}
    for claim, award, bucket in awarded(flows, reading):
        if award.amount:
            expected[bucket, claim.key] = -award.amount
        row = stated.pop(claim.key, None)
        if row is None:
            tally.fail(("incentives", claim.key, None), "a row", "none", "the application is not in the table")
        else:
            _compare(tally, claim, award, bucket, row)
    for key in stated:
        tally.fail(("incentives", key, None), "no row", "one", "the network has no such application in the horizon")
    _lines(tally, plan, "incentive", expected)
    return tally


def subsidies(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check the subsidies in the ledger: rate x eligible x capex of every option taken while the scheme is open."""
    tally = Tally("law subsidies", "options with a subsidy", RULE)
    expected = {(bucket, option): -amount for option, bucket, amount in granted(flows, reading)}
    _lines(tally, plan, "subsidy", expected)
    return tally


def _compare(tally: Tally, claim: Claim, award: Award, bucket: int, row: dict[str, Any]) -> None:
    for name in AMOUNTS:
        _equal(tally, claim.key, name, getattr(award, name), row[name], HALF_CENT)
    for name in TERMS:
        _equal(tally, claim.key, name, claim.terms[name], row[name], HALF_CENT)
    _equal(tally, claim.key, "rate", claim.terms["rate"] / 100, row["rate"], DUST)
    _equal(tally, claim.key, "share", claim.terms["share"], row["share"], DUST)
    for name, should in (("reached", award.reached), ("bucket", bucket)):
        tally.holds(
            ("incentives", claim.key, None),
            when=row[name] == should,
            expected=should,
            found=row[name],
            sentence=f"{name} is {row[name]}, and the law makes it {should}",
        )


def _equal(tally: Tally, key: str, name: str, should: Decimal, said: float, allowed: Decimal) -> None:
    tally.count += 1
    found = decimal(said)
    off = abs(should - found)
    tally.deviation = max(tally.deviation, off)
    if off > allowed:
        sentence = f"{name} is {plain(found)}, and the flows make {plain(should)}"
        tally.fail(("incentives", key, None), should, found, sentence)


def _lines(tally: Tally, plan: Plan, account: str, expected: dict[tuple[int, str], Decimal]) -> None:
    """Compare the ledger's lines of one account."""
    stated: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for name, bucket, key, amount in plan["ledger"].select("account", "bucket", "key", "amount").iter_rows():
        if name == account:
            stated[bucket, key] += amount
    for bucket, key in {**expected, **stated}:
        should, said = expected.get((bucket, key), ZERO), stated.get((bucket, key), ZERO)
        tally.count += 1
        tally.deviation = max(tally.deviation, abs(should - said))
        if abs(should - said) > HALF_CENT:
            sentence = f"the ledger has {plain(said)}, and the law makes {plain(should)}"
            tally.fail(("ledger", f"{account}|{key}", bucket), should, said, sentence)


def _sales(flows: Flows, claim: Claim, reading: Reading) -> Decimal:
    total = ZERO
    for build in flows.builds:
        operation = build.operation
        if operation.invoice_price is None or reading.sites[operation.site].partner != claim.partner:
            continue
        price = reading.exchange.home(operation.invoice_price, operation.currency, build.bucket)
        if claim.counts(reading.items[operation.item].hs, price, build.bucket):
            total += build.good * price
    return total


def _spent(flows: Flows, claim: Claim, reading: Reading) -> Decimal:
    total = ZERO
    for name, taken in flows.taken.items():
        option = reading.options[name]
        if claim.invests(option.partner) and reading.days.date(reading.days.edges[taken]) <= claim.window.last:
            total += reading.exchange.home(option.capex, option.currency, taken)
    return total


def _received(day: int, reading: Reading) -> int:
    return min(reading.days.bucket(day), reading.days.buckets - 1)


def _key(row: dict[str, Any]) -> str:
    return "|".join(row[name] for name in ("partner", "scheme", "segment", "year"))
