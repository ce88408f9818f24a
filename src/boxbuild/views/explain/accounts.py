"""What a cost consists of: the leaves of a cost tree by account."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from boxbuild.law.trace import Trace
from boxbuild.plan.ledger import ACCOUNTS
from boxbuild.views.sections import NAMES

_PREFIX: Final = "account."
_OWN: Final = {
    "standard": "stock and receipts, at standard value",
    "exemption": "drawback given up",
    "spared": "duty spared on inputs",
    "rest": "not taken apart",
}
_UP_TO: Final = ACCOUNTS[: ACCOUNTS.index("exemption") + 1]
_ORDER: Final = tuple(dict.fromkeys((*_UP_TO, "spared", *ACCOUNTS, *_OWN)))


def by_account(trace: Trace) -> list[tuple[str, Decimal]]:
    """Return what each account adds to a cost, in the order of the ledger; nothing where the trace is no cost."""
    if trace.rule != "landed.delivered":
        return []
    sums: dict[str, Decimal] = {}
    for account, amount in _leaves(trace):
        sums[account] = sums.get(account, Decimal(0)) + amount
    rank = {account: place for place, account in enumerate(_ORDER)}
    ordered = sorted(sums.items(), key=lambda pair: rank.get(pair[0], len(rank)))
    return [(_OWN.get(account) or NAMES.get(account, account), amount) for account, amount in ordered if amount]


def _leaves(step: Trace) -> list[tuple[str, Decimal]]:
    if step.rule.startswith(_PREFIX):
        return [(step.rule.removeprefix(_PREFIX), step.value)]
    if not step.parts:
        return [("rest", step.value)]
    return [leaf for part in step.parts for leaf in _leaves(part)]
