"""The law: every amount that it makes, rule by rule, beside the exact evaluation of its formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from boxbuild.audit.money import DUST, HALF_CENT, NOISE, Key, Sum, stated_lines
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import ZERO, Tally, plain
from boxbuild.plan.plan import Plan

RULES: Final[Mapping[str, Mapping[str, str]]] = {
    "law customs": {
        "duty": "customs.basic",
        "surcharge": "customs.surcharge",
        "antidumping": "customs.antidumping",
        "igst": "customs.igst",
    },
    "law drawback": {"drawback": "export.drawback"},
    "law rodtep": {"rodtep": "export.rodtep"},
}
"""Accounts that rules of the law book make, by the check that recomputes them."""


def rules(plan: Plan, expected: Mapping[Key, Sum], reading: Reading) -> Iterator[Tally]:
    """Check what the ledger states against what the rules make: every line, and the total of each rule.

    A line may be off by half a hundredth, a total by half a hundredth a line. Where the plan goes by the table
    ``duties`` there is nothing to count: the check ``ledger`` has the lines.
    """
    stated = stated_lines(plan) if reading.law.by_book else {}
    for name, accounts in RULES.items():
        tally = Tally(name, "lines and totals of rules", "half a hundredth a line")
        for account, rule in accounts.items() if reading.law.by_book else ():
            _rule(tally, account, rule, expected, stated)
        yield tally


def _rule(tally: Tally, account: str, rule: str, expected: Mapping[Key, Sum], stated: Mapping[Key, Sum]) -> None:
    keys = sorted({key for key in (*expected, *stated) if key[0] == account})
    nothing = Sum()
    should, said = ZERO, ZERO
    for key in keys:
        made, found = expected.get(key, nothing).amount, stated.get(key, nothing)
        should, said = should + made, said + found.amount
        lines = max(1, found.count)
        _compare(tally, ("ledger", f"{account}|{key[2]}", key[1]), rule, made, found.amount, lines)
    if keys:
        lines = sum(max(1, stated.get(key, nothing).count) for key in keys)
        _compare(tally, ("ledger", account, None), f"{rule}, all {len(keys)} amounts", should, said, lines)


def _compare(
    tally: Tally, place: tuple[str, str, int | None], rule: str, made: Decimal, found: Decimal, lines: int
) -> None:
    tally.count += 1
    off = abs(made - found)
    tally.deviation = max(tally.deviation, off)
    if off > HALF_CENT * lines + DUST + NOISE * abs(made):
        sentence = f"{rule}: the law makes {plain(made)}, and the ledger has {plain(found)}"
        tally.fail(place, made, found, sentence)
