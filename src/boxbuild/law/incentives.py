"""Production-linked incentives: a percentage of incremental sales, in years that reach two thresholds.

    incremental = other_sales - base_sales + sales
    counted     = min(incremental, sales, cap)
    reached     = incremental >= min_sales and invested + spent >= min_investment
    incentive   = share × rate × counted, in a year that is reached; else nothing

``sales`` are the eligible goods of the plan at their invoice price; ``share`` is what the contract gives the brand. The
model takes the same formulas as rows: every formula here is a straight line in ``sales`` and ``spent``.

The scheme is that of the Gazette notification of 1 April 2020 (large-scale electronics manufacturing); others of its
kind differ in their ladders, which are parameters of the book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from boxbuild.law.formula import Formula, Name, percent
from boxbuild.law.trace import Given, Read, Trace
from boxbuild.law.years import Year

SALES: Final = Name("sales")
INCREMENTAL: Final = Name("other_sales") - Name("base_sales") + SALES
INVESTMENT: Final = Name("invested") + Name("spent")
LIMITS: Final[Mapping[str, Formula]] = {"incremental": INCREMENTAL, "sales": SALES, "cap": Name("cap")}
"""What the counted sales are no more than, each; without a cap the last is left out."""

THRESHOLDS: Final[Mapping[str, Formula]] = {"min_sales": INCREMENTAL, "min_investment": INVESTMENT}
"""What has to be at least the parameter of that name."""

AMOUNT: Final = Name("share") * percent("rate") * Name("counted")

ROUNDING: Final = Decimal("1e-7")
"""Part of a threshold by which a plan may miss it and still reach it: its quantities are rounded numbers."""

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Claim:
    """An application for one year, as the law reads it. Amounts are in home currency.

    Parameters
    ----------
    partner, scheme, segment, year
        Who claims what for which year.
    window
        First and last day of the year.
    buckets
        Buckets whose first day is in the year: what is built in them counts.
    bucket
        In which the incentive is received; the last one where that is after the horizon.
    hs
        Prefixes of the classification of eligible goods; none: everything that has an invoice price.
    least_invoice
        Least invoice price of one eligible unit in each bucket of the horizon; ``None``: any.
    terms
        ``base_sales``, ``other_sales``, ``invested``, ``min_sales``, ``min_investment``, ``rate`` (percent),
        ``share`` (fraction) and, where there is one, ``cap``.
    brand
        Whether the applicant is the brand itself: then options that name no partner are its investment.
    reads
        The parameters of the book behind ``terms``, ``hs`` and ``least_invoice``, by the last part of their names.
    currency
        The home currency.
    """

    partner: str
    scheme: str
    segment: str
    year: str
    window: Year
    buckets: range
    bucket: int
    hs: tuple[str, ...]
    least_invoice: tuple[Decimal, ...] | None
    terms: Mapping[str, Decimal]
    brand: bool = False
    reads: Mapping[str, Read] = field(default_factory=dict)
    currency: str = ""

    @property
    def key(self) -> str:
        """The key of its ledger line."""
        return f"{self.partner}|{self.scheme}|{self.segment}|{self.year}"

    def counts(self, hs: str | None, price: Decimal, bucket: int) -> bool:
        """Return whether goods are eligible that are built in a bucket and invoiced at a price in home currency."""
        if bucket not in self.buckets or (self.hs and not (hs or "").startswith(self.hs)):
            return False
        return self.least_invoice is None or price >= self.least_invoice[bucket]

    def invests(self, partner: str | None) -> bool:
        """Return whether an option of a partner (``None``: of the brand) is an investment of the applicant."""
        return self.brand if partner is None else partner == self.partner


@dataclass(frozen=True)
class Award:
    """What a claim comes to. Amounts in home currency, rounded half up to the hundredth."""

    sales: Decimal
    incremental: Decimal
    investment: Decimal
    reached: bool
    counted: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """A formula as a straight line in one value: ``constant + slope × value``."""

    constant: Decimal
    slope: Decimal


def settle(claim: Claim, sales: Decimal, spent: Decimal) -> Award:
    """Return what a claim comes to.

    Parameters
    ----------
    claim
        The claim.
    sales
        Eligible sales of the plan in the year, home currency.
    spent
        Capital expenditure on the applicant's options taken by the end of the year, home currency.
    """
    values = {**claim.terms, "sales": _cents(sales), "spent": _cents(spent)}
    incremental, investment = INCREMENTAL.exact(values), INVESTMENT.exact(values)
    reached = all(_met(rule.exact(values), claim.terms[least]) for least, rule in THRESHOLDS.items())
    counted = max(ZERO, min(rule.exact(values) for rule in _limits(claim).values())) if reached else ZERO
    amount = _cents(AMOUNT.exact({**values, "counted": counted}))
    return Award(_cents(sales), _cents(incremental), _cents(investment), reached, _cents(counted), amount)


def limits(claim: Claim) -> dict[str, Line]:
    """Return what the counted sales are no more than, each as a line in ``sales``."""
    return {name: _line(rule, "sales", claim) for name, rule in _limits(claim).items()}


def thresholds(claim: Claim) -> dict[str, Line]:
    """Return what is compared with the least sales, as a line in ``sales``, and investment, in ``spent``."""
    of = {"min_sales": "sales", "min_investment": "spent"}
    return {name: _line(rule, of[name], claim) for name, rule in THRESHOLDS.items()}


def per_counted(claim: Claim) -> Decimal:
    """Return the incentive on one unit of home currency of counted sales."""
    return AMOUNT.exact({**claim.terms, "counted": Decimal(1)})


def evaluate(claim: Claim, sales: Decimal, spent: Decimal, sold: tuple[Trace, ...] = ()) -> Trace:
    """Return what a claim comes to with everything that it follows from; parameters as for :func:`settle`.

    ``sold`` are steps behind the sales, if the caller has them.
    """
    award, terms, unit = settle(claim, sales, spent), claim.terms, claim.currency
    who = f"{claim.partner}, {claim.scheme} {claim.segment}, {claim.year}"
    of_goods = tuple(claim.reads[name] for name in ("goods", "min_invoice") if name in claim.reads)
    eligible = Trace(f"eligible sales of {who}", award.sales, unit, "incentives.sales", reads=of_goods, parts=sold)
    incremental = Trace(
        "incremental sales",
        award.incremental,
        unit,
        "incentives.incremental",
        str(INCREMENTAL),
        given=_given(claim, "other_sales", "base_sales"),
        parts=(eligible,),
    )
    investment = Trace(
        "investment by the end of the year",
        award.investment,
        unit,
        "incentives.investment",
        str(INVESTMENT),
        given=(*_given(claim, "invested"), Given("spent", _cents(spent), unit, "options")),
    )
    rule = " and ".join(f"{formula} >= {least}" for least, formula in THRESHOLDS.items())
    reached = Trace(
        "thresholds reached",
        Decimal(int(award.reached)),
        "yes_no",
        "incentives.reached",
        rule,
        reads=tuple(claim.reads[name] for name in THRESHOLDS if name in claim.reads),
        parts=(incremental, investment),
        note=_short_of(claim, award),
    )
    counted = Trace(
        "sales counted",
        award.counted,
        unit,
        "incentives.counted",
        f"min({', '.join(str(formula) for formula in _limits(claim).values())}) where reached, else 0",
        given=_given(claim, "cap") if "cap" in terms else (),
        parts=(reached,),
    )
    return Trace(
        f"incentive of {who}",
        award.amount,
        unit,
        "incentives.amount",
        str(AMOUNT),
        given=(Given("share", terms["share"], "fraction", f"contracts, partner {claim.partner}"),),
        reads=(claim.reads["rate"],) if "rate" in claim.reads else (),
        parts=(counted,),
    )


def _limits(claim: Claim) -> dict[str, Formula]:
    return {name: rule for name, rule in LIMITS.items() if name != "cap" or "cap" in claim.terms}


def _line(rule: Formula, of: str, claim: Claim) -> Line:
    constant = rule.exact({**claim.terms, of: ZERO})
    return Line(constant, rule.exact({**claim.terms, of: Decimal(1)}) - constant)


def _met(value: Decimal, least: Decimal) -> bool:
    return value >= least * (1 - ROUNDING)


def _short_of(claim: Claim, award: Award) -> str:
    sides = {"min_sales": award.incremental, "min_investment": award.investment}
    missing = {name: claim.terms[name] - value for name, value in sides.items() if not _met(value, claim.terms[name])}
    return ", ".join(f"{_cents(amount)} {claim.currency} below {name}" for name, amount in missing.items())


def _given(claim: Claim, *names: str) -> tuple[Given, ...]:
    return tuple(Given(name, claim.terms[name], claim.currency, "applications") for name in names)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
