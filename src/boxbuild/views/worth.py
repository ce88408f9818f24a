"""What the law inside the plan is worth, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boxbuild.views.text import DASH, table

if TYPE_CHECKING:
    from boxbuild.study.law_worth import LawWorth


def worth_page(found: LawWorth) -> list[str]:
    """Return the comparison of the three plans, account by account."""
    home = found.informed.summary.home_currency
    head = ("", "as planned without", "the same flows, assessed", "planned with the law", "difference")
    rows = [
        (
            row["account"],
            *(f"{row[name]:,.0f}" if row[name] else DASH for name in ("without", "assessed", "informed", "difference")),
        )
        for row in found.accounts().iter_rows(named=True)
    ]
    plans = (found.without, found.assessed, found.informed)
    total = ("cost", *(f"{plan.summary.cost:,.0f}" for plan in plans), f"{found.worth:,.0f}")
    gaps = ("gap to the bound", *(f"{plan.summary.gap:.2%}" for plan in plans), "")
    share = found.worth / abs(found.assessed.summary.cost) if found.assessed.summary.cost else 0.0
    kept = (
        f"Flows that begin before {found.kept_until} are kept: until then nobody could know better."
        if found.kept_until
        else "All flows of the plan made without the law are kept."
    )
    return [
        f"What it is worth to plan with the law ({home}, discounted)",
        "",
        *table(head, [*rows, total, gaps]),
        "",
        kept,
        f"Worth {found.worth:,.0f} ({share:.2%} of the cost); proven: {found.least:,.0f} to {found.most:,.0f}",
    ]
