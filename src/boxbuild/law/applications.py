"""Applications: the claims of a network for incentives, with the parameters of the book that decide them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import polars as pl

from boxbuild.errors import DataError, UsageError
from boxbuild.law.incentives import Claim
from boxbuild.law.law import Law
from boxbuild.law.trace import Read
from boxbuild.law.years import Year
from boxbuild.network.currency import exchange_rates
from boxbuild.network.network import Network

CRORE: Final = Decimal(10_000_000)
RUPEE: Final = "INR"
IN_RUPEES: Final = {"INR": Decimal(1), "INR crore": CRORE}
"""Rupees in one of each unit of the book."""

NOTHING: Final = Decimal(0)


def claims(law: Law) -> tuple[Claim, ...]:
    """Return the claims of a network whose year has a bucket in the horizon; none where the book does not count.

    Ladders go by the year of the applicant's scheme and are those in force on the first day of the year, as known.
    Amounts of the application and thresholds are converted at the first bucket of the year.

    Raises
    ------
    DataError
        The book has no rate for an application, or a currency has no exchange rate; ``boxbuild check`` says it too.
    """
    if not law.by_book:
        return ()
    network = law.network
    shares, kinds = brand_shares(network), dict(network["partners"].select("partner", "kind").iter_rows())
    found = []
    for row in network["applications"].iter_rows(named=True):
        window = _year(row)
        buckets = [bucket for bucket, day in enumerate(law.day_of) if day in window]
        if buckets:
            inside = range(buckets[0], buckets[-1] + 1)
            found.append(_claim(law, row, window, inside, shares.get(row["partner"], NOTHING), kinds))
    return tuple(found)


def brand_shares(network: Network) -> dict[str, Decimal]:
    """Return the share of each partner's incentive that contracts give the brand, where there is one."""
    shared = network["contracts"].filter(pl.col("incentive_share") > 0).select("partner", "incentive_share")
    return {partner: Decimal(repr(share)) for partner, share in shared.iter_rows()}


def parameter(row: Mapping[str, Any], name: str) -> str:
    """Return the name of a parameter of an application's segment."""
    return f"{row['scheme']}.{row['segment']}.{name}"


def _year(row: dict[str, Any]) -> Year:
    try:
        return Year.of(row["year"])
    except UsageError as error:
        raise DataError(f"application of {row['partner']}: {error}") from error


def _claim(law: Law, row: dict[str, Any], window: Year, buckets: range, share: Decimal, kinds: dict[str, str]) -> Claim:
    network = law.network
    reads = _reads(law, row, window)
    if "rate" not in reads:
        message = f"the law book has no {parameter(row, 'rate')} on {window.first} for year {row['year_index']}"
        raise DataError(message, hint="boxbuild check says more")
    rates, home = exchange_rates(network), network.settings.home_currency
    floor = _rupees(reads["min_invoice"]) if "min_invoice" in reads else None
    goods = law.book.parameters[parameter(row, "goods")].goods if "goods" in reads else None
    received = (window.last - network.settings.start).days + row["lag_days"]
    return Claim(
        partner=row["partner"],
        scheme=row["scheme"],
        segment=row["segment"],
        year=row["year"],
        window=window,
        buckets=buckets,
        bucket=min(network.calendar.bucket(received), network.calendar.count - 1),
        hs=goods.hs if goods is not None else (),
        least_invoice=tuple(floor * rate for rate in _exchange(rates, RUPEE)) if floor is not None else None,
        terms={**_terms(row, reads, rates, home, buckets[0]), "share": share},
        brand=kinds.get(row["partner"]) == "brand",
        reads=reads,
        currency=home,
    )


def _terms(
    row: dict[str, Any], reads: dict[str, Read], rates: Mapping[str, tuple[Decimal, ...]], home: str, bucket: int
) -> dict[str, Decimal]:
    exchange = _exchange(rates, row["currency"] or home)[bucket]
    stated = ("base_sales", "other_sales", "invested", "cap")
    terms = {name: row[name] * exchange for name in stated if row[name] is not None}
    for name in ("min_sales", "min_investment"):
        terms[name] = _rupees(reads[name]) * _exchange(rates, RUPEE)[bucket] if name in reads else NOTHING
    return {**terms, "rate": reads["rate"].value}


def _exchange(rates: Mapping[str, tuple[Decimal, ...]], currency: str) -> tuple[Decimal, ...]:
    if currency not in rates:
        raise DataError(f"no rate for the currency {currency}", hint="add it to the table rates")
    return rates[currency]


def _reads(law: Law, row: dict[str, Any], window: Year) -> dict[str, Read]:
    found = {}
    for name in ("rate", "min_sales", "min_investment", "min_invoice", "goods"):
        read = law.read(parameter(row, name), window.first, row["year_index"])
        if read is not None:
            found[name] = read
    return found


def _rupees(read: Read) -> Decimal:
    return read.value * IN_RUPEES.get(read.unit, Decimal(1))
