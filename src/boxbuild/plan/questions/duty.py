"""What was charged on the imports of an offer or an item, what was spared, and what its exports were paid."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from boxbuild.errors import UsageError
from boxbuild.law.trace import Trace
from boxbuild.network.issues import did_you_mean
from boxbuild.plan.evaluations import Evaluations
from boxbuild.plan.evidence import together
from boxbuild.plan.landed import SUM

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def duty(plan: Plan, subject: str) -> Trace:
    """Return every assessment of the imports and exports of ``OFFER`` or ``ITEM``, or of those at ``@SITE``.

    Amounts are those of the bucket of arrival (exports: departure), home currency, not discounted.

    Raises
    ------
    UsageError
        There is no such offer, item or site, or the plan moves none across a border.
    """
    word, _, site = subject.partition("@")
    offers, items = plan.network["sources"]["offer"].to_list(), plan.network["items"]["item"].to_list()
    sites = plan.network["sites"]["site"].to_list()
    if word not in offers and word not in items:
        raise UsageError(f"there is no offer or item {word!r}", did_you_mean(word, [*offers, *items]))
    if site and site not in sites:
        raise UsageError(f"there is no site {site!r}", did_you_mean(site, sites))
    evaluations = Evaluations(plan)
    found = evaluations.keys()
    named = [key for key in found if word in ((key[4], key[2]) if key[0] == "buy" else (key[2],))]
    if not named:
        hint = "it is bought at home" if not evaluations.law.off else "the plan obeys no law"
        raise UsageError(f"no {word} crosses a border in this plan", hint)
    chosen = [key for key in named if not site or site in ((key[3], key[4]) if key[0] == "ship" else (key[3],))]
    if not chosen:
        places = sorted({key[3] for key in named})
        raise UsageError(f"no {word} crosses a border to {site}", f"it does to {', '.join(places)}")
    unit = plan.summary.home_currency
    parts = []
    for kind, key, item, _, _ in chosen:
        steps = tuple(together(evaluations.of(kind, key), evaluations.law))
        total = sum((step.value for step in steps), Decimal(0))
        parts.append(Trace(_name(kind, key, item), total, unit, "duty.flow", SUM, parts=steps))
    total = sum((part.value for part in parts), Decimal(0))
    note = "home currency, not discounted; what is spared or paid to the brand is negative"
    return Trace(f"customs charges on {subject}", total, unit, "duty.total", SUM, parts=tuple(parts), note=note)


def _name(kind: str, key: str, item: str) -> str:
    parts = key.split("|")
    if kind == "buy":
        return f"{item} bought under {parts[0]} for {parts[1]}"
    return f"{item} shipped {parts[0]} → {parts[1]} by {parts[2]}"
