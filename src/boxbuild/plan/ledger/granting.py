"""Granting: what the law pays on the flows of a plan: incentives on the sales of a year, subsidies on options."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from boxbuild.law.applications import claims
from boxbuild.law.incentives import Award, Claim, settle
from boxbuild.law.subsidies import assess, received
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import array, exact
from boxbuild.plan.ledger.lines import Lines

NOTHING = Decimal(0)


def awards(book: Book) -> list[tuple[Claim, Award]]:
    """Return what every claim comes to on the builds and options of a plan, reached or not.

    Eligible sales are ``good units × invoice price``, at the rate of exchange of the bucket of the build; the
    applicant's investment is the capex of its options taken by the end of the year.
    """
    return [(claim, settle(claim, _sales(book, claim), _spent(book, claim))) for claim in claims(book.law)]


def incentive(book: Book) -> Lines:
    """Return the brand's share of incentives, as a credit in the bucket in which it is received.

    ``- share × rate × sales counted``, rounded to the hundredth
    """
    found = awards(book)
    rows = [(claim.bucket, claim.key, claim.partner, float(award.counted)) for claim, award in found]
    schema = {"bucket": pl.Int64, "key": pl.String, "partner": pl.String, "quantity": pl.Float64}
    amounts = array([-award.amount for _, award in found])
    return Lines("incentive", pl.DataFrame(rows, schema=schema, orient="row"), amounts)


def subsidy(book: Book) -> Lines:
    """Return the subsidies on options, as a credit in the bucket in which they are received.

    ``- rate × eligible × capex``, rounded to the hundredth
    """
    rows, amounts = [], []
    terms = {row["option"]: row for row in book.network["options"].iter_rows(named=True)}
    for option, bucket in book.tables["options"].select("option", "bucket").iter_rows():
        granted = assess(book.law, terms[option], bucket)
        if granted is not None:
            rows.append((received(book.law, terms[option], bucket), option, terms[option]["partner"], 1.0))
            amounts.append(-granted.value)
    schema = {"bucket": pl.Int64, "key": pl.String, "partner": pl.String, "quantity": pl.Float64}
    return Lines("subsidy", pl.DataFrame(rows, schema=schema, orient="row"), array(amounts))


def _sales(book: Book, claim: Claim) -> Decimal:
    builds = book.builds.filter((pl.col("partner") == claim.partner) & pl.col("invoice_price").is_not_null())
    codes = dict(book.items.select("item", "hs").iter_rows())
    prices = exact(builds["invoice_price"]) * book.exchange(builds)
    rows = zip(builds["item"], builds["bucket"], exact(builds["good"]), prices, strict=True)
    return sum((good * price for item, at, good, price in rows if claim.counts(codes[item], price, at)), NOTHING)


def _spent(book: Book, claim: Claim) -> Decimal:
    terms = book.network["options"].select("option", "partner", "capex", "currency")
    taken = book.tables["options"].select("option", "bucket").join(terms, on="option", maintain_order="left")
    capex = exact(taken["capex"]) * book.exchange(taken)
    rows = zip(taken["partner"], taken["bucket"], capex, strict=True)
    days = book.law.day_of
    return sum(
        (paid for partner, at, paid in rows if claim.invests(partner) and days[at] <= claim.window.last), NOTHING
    )
