"""What a partner's incentives and subsidies come to, and what they follow from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.law import subsidies
from boxbuild.law.incentives import Claim, evaluate
from boxbuild.law.law import Law
from boxbuild.law.trace import Given, Trace
from boxbuild.network.issues import did_you_mean
from boxbuild.plan.landed import SUM
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import CONTEXT, exact
from boxbuild.plan.ledger.granting import awards

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

NONE = Decimal(0)


def incentive(plan: Plan, subject: str) -> Trace:
    """Return the incentives of ``PARTNER``, or those of ``PARTNER/YEAR``, and the subsidies on its options.

    Amounts are what the brand receives, home currency, not discounted.

    Raises
    ------
    UsageError
        There is no such partner, or it claims nothing in the horizon.
    """
    partner, _, year = subject.partition("/")
    known = plan.network["partners"]["partner"].to_list()
    if partner not in known:
        raise UsageError(f"there is no partner {partner!r}", did_you_mean(partner, known))
    law = Law.of(plan.network)
    if not law.by_book:
        raise UsageError("the plan does not go by the law book", "plan with --law book")
    with localcontext(CONTEXT):
        book = Book(plan.network, plan.tables, law)
        found = [(claim, award) for claim, award in awards(book) if claim.partner == partner]
        parts = [
            evaluate(claim, award.sales, award.investment - claim.terms["invested"], tuple(_sold(book, claim)))
            for claim, award in found
            if not year or claim.year == year
        ]
        parts += [] if year else list(_subsidies(plan, law, partner))
    if not parts:
        years = sorted({claim.year for claim, _ in found})
        hint = f"it does for {', '.join(years)}" if years else "the table applications says who claims what"
        raise UsageError(f"{partner} claims no incentive" + (f" for {year}" if year else " in the horizon"), hint)
    total = sum((part.value for part in parts), NONE)
    note = "what the brand receives, home currency, not discounted"
    name = f"incentives of {subject}"
    return Trace(name, total, plan.summary.home_currency, "incentives", SUM, parts=tuple(parts), note=note)


def _sold(book: Book, claim: Claim) -> Iterator[Trace]:
    """The eligible sales by product, site and price."""
    builds = book.builds.filter((pl.col("partner") == claim.partner) & pl.col("invoice_price").is_not_null())
    codes = dict(book.items.select("item", "hs").iter_rows())
    prices = exact(builds["invoice_price"]) * book.exchange(builds)
    units: dict[tuple[str, str, Decimal], Decimal] = defaultdict(Decimal)
    for row, good, price in zip(builds.iter_rows(named=True), exact(builds["good"]), prices, strict=True):
        if claim.counts(codes[row["item"]], price, row["bucket"]):
            units[row["item"], row["site"], price] += good
    for (item, site, price), good in sorted(units.items()):
        given = (
            Given("good", good, "units", f"builds: {item} at {site}"),
            Given("invoice_price", price, claim.currency, f"operations: {item} at {site}"),
        )
        name = f"{item} built at {site}, HS {codes[item] or 'none'}"
        yield Trace(name, good * price, claim.currency, "incentives.sold", "good × invoice_price", given)


def _subsidies(plan: Plan, law: Law, partner: str) -> Iterator[Trace]:
    rows: dict[str, dict[str, Any]] = {
        row["option"]: row for row in plan.network["options"].iter_rows(named=True) if row["partner"] == partner
    }
    for option, bucket in plan["options"].select("option", "bucket").iter_rows():
        granted = subsidies.assess(law, rows[option], bucket) if option in rows else None
        if granted is not None:
            yield granted
