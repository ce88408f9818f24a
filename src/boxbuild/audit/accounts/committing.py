"""Commitments: shortfall of contracts, price ladders, short targets, settled when their window ends."""

from __future__ import annotations

from collections.abc import Iterator

from boxbuild.audit.accounts.commitments import Commitments
from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import joined
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import plain


def lines(commitments: Commitments, reading: Reading) -> Iterator[Line]:
    """Yield shortfall = shortfall_cost x shortfall, the steps of ladders, and target = penalty x short."""
    for name, quantity in commitments.shortfall.items():
        contract = reading.contracts[name]
        window = reading.window(contract.first, contract.last)
        if contract.shortfall_cost and quantity and window:
            cost = reading.exchange.home(contract.shortfall_cost, contract.currency, window[-1])
            yield Line("shortfall", window[-1], name, cost * quantity)
    for name, quantity in commitments.short.items():
        target = reading.targets[name]
        window = reading.window(target.first, target.last)
        if target.penalty and quantity and window:
            cost = reading.exchange.home(target.penalty, target.currency, window[-1])
            yield Line("target", window[-1], name, cost * quantity)
    yield from _ladders(commitments, reading)


def _ladders(commitments: Commitments, reading: Reading) -> Iterator[Line]:
    """Yield tier = (price of the step - price of the step at 0) x units on the step."""
    for (contract, offer), steps in reading.ladders.items():
        rows = [reading.contracts[contract]] if contract is not None else reading.offers[offer or ""]
        windows = [reading.window(row.first, row.last) for row in rows]
        end = max((window[-1] for window in windows if window), default=None)
        if end is None:
            continue
        listed = reading.exchange.home(steps[0].price, steps[0].currency, end)
        for step in steps:
            units = commitments.steps.get((contract, offer, step.from_quantity))
            off = reading.exchange.home(step.price, step.currency, end) - listed
            if units and off:
                key = joined(contract, offer, plain(step.from_quantity))
                yield Line("tier", end, key, off * units)
