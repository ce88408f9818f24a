"""The production-linked incentive: published figures, edges of thresholds and caps, and the two sides of one rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import edit_rows, with_settings
from tests.model.law_family import law_family

from boxbuild.errors import DataError, UsageError
from boxbuild.law.applications import claims
from boxbuild.law.incentives import Claim, Line, evaluate, limits, per_counted, settle, thresholds
from boxbuild.law.law import Law
from boxbuild.law.years import Year

CRORE = Decimal(10_000_000)


def claim(**terms: object) -> Claim:
    """Return a claim; amounts in crores."""
    given_terms = {"base_sales": 0, "other_sales": 0, "invested": 0, "min_sales": 0, "min_investment": 0, **terms}
    money = {name: Decimal(str(value)) * CRORE for name, value in given_terms.items() if name not in ("rate", "share")}
    rates = {"rate": Decimal(str(terms.get("rate", 5))), "share": Decimal(str(terms.get("share", 1)))}
    window = Year.of("2023-24")
    return Claim("a", "in.x", "y", "2023-24", window, range(1), 0, (), None, {**money, **rates}, currency="INR")


def amount(sales: float | str, spent: float = 0, **terms: object) -> Decimal:
    """Return what is paid, in crores."""
    return settle(claim(**terms), Decimal(str(sales)) * CRORE, Decimal(str(spent)) * CRORE).amount / CRORE


@pytest.mark.parametrize(
    ("sales", "rate", "cap", "paid"),
    [
        ("888", 6, None, "53.28"),  # Padget, August to December 2021
        ("971.5", 6, None, "58.29"),  # Padget, January to March 2022
        ("5952.8333333333", 6, None, "357.17"),  # Hon Hai, August 2021 to March 2022
        ("30000", 6, 20000, "1200"),  # Hon Hai 2022-23: 10,000 crore above the cap would have been 600 more
        ("8000", 5, 6000, "300"),  # Padget 2023-24: 2,000 crore above the cap would have been 100 more
    ],
)
def test_published_payments(sales: str, rate: int, cap: int | None, paid: str) -> None:
    """What the press says was paid, and what was claimed beyond the caps, is rate × counted sales."""
    capped = {} if cap is None else {"cap": cap}
    assert round(amount(sales, rate=rate, **capped), 8) == Decimal(paid)
    if cap is not None:
        beyond = amount(sales, rate=rate) - amount(sales, rate=rate, cap=cap)
        assert beyond == {20000: 600, 6000: 100}[cap]


@pytest.mark.parametrize(
    ("sales", "spent", "paid"),
    [
        (699, 50, 0),  # incremental 1,999
        (700, 50, 35),  # exactly reached
        (700, 49, 0),  # investment of 149
        (2000, 50, 100),
    ],
)
def test_both_thresholds_or_nothing(sales: int, spent: int, paid: int) -> None:
    """Year 3, domestic: 2,000 crore of incremental sales and 150 crore of investment, or the year pays nothing."""
    terms = {"other_sales": 1500, "base_sales": 200, "invested": 100, "min_sales": 2000, "min_investment": 150}
    assert amount(sales, spent, **terms) == paid


def test_below_the_base_only_what_is_incremental_counts() -> None:
    """500 crore sold on a base of 300: 200 are incremental. Other sales never count for the brand."""
    assert amount(500, base_sales=300) == 10
    assert amount(200, base_sales=300) == 0
    assert amount(500, base_sales=300, other_sales=1000) == 25


def test_the_share_of_the_brand() -> None:
    assert amount(100, share="0.4") == 2


def test_rounding_of_quantities_does_not_miss_a_threshold() -> None:
    """A hundred-millionth below is reached, a millionth below is not."""
    assert amount("1999.99998", min_sales=2000) > 0
    assert amount("1999.998", min_sales=2000) == 0


def test_amounts_are_whole_paise() -> None:
    award = settle(claim(rate=5), Decimal("100.30"), Decimal(0))
    assert award.amount == Decimal("5.02")  # 5.015, half up


def test_ladders_of_the_book() -> None:
    """Thresholds of year 3 (2,000 and 150 crore, 5 %) and year 1 (500 and 50 crore, 6 %), in rupees."""
    third, first, world = claims(Law.of(law_family()))
    assert [third.terms[name] for name in ("min_sales", "min_investment", "rate")] == [2000 * CRORE, 150 * CRORE, 5]
    assert [first.terms[name] for name in ("min_sales", "min_investment", "rate")] == [500 * CRORE, 50 * CRORE, 6]
    assert world.terms["min_sales"] == 15000 * CRORE
    assert (third.buckets, first.buckets) == (range(2), range(2, 4))
    assert (third.bucket, first.bucket) == (3, 3)  # 10 April; after the horizon
    assert third.counts("85171300", Decimal(1), 0)
    assert not third.counts("85171300", Decimal(1), 2)
    assert not third.counts("85176290", Decimal(1), 0)
    assert world.counts("85171400", Decimal(15000), 1)
    assert not world.counts("85171400", Decimal("14999.99"), 1)


def test_nothing_is_claimed_where_the_book_does_not_count() -> None:
    assert claims(Law.of(with_settings(law_family(), law="tables"))) == ()


def test_an_application_that_the_book_does_not_know_says_so() -> None:
    wrong = edit_rows(law_family(), "applications", {"partner": "world"}, year_index="6")
    with pytest.raises(DataError, match=r"no in\.pli\.lsem\.global\.rate on 2023-04-01 for year 6"):
        claims(Law.of(wrong))


def test_a_trace_says_what_was_read_and_what_is_missing() -> None:
    third = claims(Law.of(law_family()))[0]
    trace = evaluate(third, Decimal("2500000000"), Decimal(0))
    steps = {step.rule: step for step in trace.walk()}
    assert trace.value == 0
    assert steps["incentives.reached"].note == (
        "500000000.00 INR below min_sales, 50000000.00 INR below min_investment"
    )
    reads = {read.parameter: read for step in trace.walk() for read in step.reads}
    assert reads["in.pli.lsem.domestic.min_sales"].value == 2000
    assert reads["in.pli.lsem.domestic.rate"].since == date(2020, 4, 1)
    assert all(read.reference for read in reads.values())
    paid = evaluate(third, 4 * Decimal("2500000000"), Decimal(60_000_000))
    assert paid.value == Decimal("0.5") * Decimal("0.05") * Decimal("9000000000")  # the cap
    assert paid.digest != trace.digest


AMOUNTS = st.integers(0, 40).map(Decimal)


@settings(deadline=None)
@given(base=AMOUNTS, other=AMOUNTS, invested=AMOUNTS, cap=st.none() | AMOUNTS, sales=AMOUNTS, spent=AMOUNTS)
def test_lines_are_the_formulas(
    base: Decimal, other: Decimal, invested: Decimal, cap: Decimal | None, sales: Decimal, spent: Decimal
) -> None:
    """Every limit and threshold that the model takes is, at any sales and investment, what the law computes."""
    capped = {} if cap is None else {"cap": cap}
    one = claim(base_sales=base, other_sales=other, invested=invested, **capped)
    award = settle(one, sales * CRORE, spent * CRORE)

    def at(line: Line, value: Decimal) -> Decimal:
        return line.constant + line.slope * value * CRORE

    assert at(thresholds(one)["min_sales"], sales) == award.incremental
    assert at(thresholds(one)["min_investment"], spent) == award.investment
    if award.reached:
        assert award.counted == max(0, min(at(line, sales) for line in limits(one).values()))
        assert award.amount == award.counted * per_counted(one)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-24", "2023-04-01", "2024-03-31"),
        ("1999-00", "1999-04-01", "2000-03-31"),
        ("2023", "2023-01-01", "2023-12-31"),
    ],
)
def test_years(text: str, first: str, last: str) -> None:
    assert Year.of(text) == Year(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["2023-25", "23-24", "2023-2024", "FY24", "", "0000-01"])
def test_not_years(text: str) -> None:
    with pytest.raises(UsageError):
        Year.of(text)
