"""Checks of applications for incentives and of subsidies, where the law book counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from boxbuild.errors import DataError, UsageError
from boxbuild.law.applications import IN_RUPEES, RUPEE, claims, parameter
from boxbuild.law.incentives import Claim
from boxbuild.law.law import Law
from boxbuild.law.years import Year
from boxbuild.network.currency import exchange_rates
from boxbuild.network.issues import Issue, did_you_mean
from boxbuild.network.network import Network

RATE: Final = "rate"
LADDERS: Final = ("rate", "min_sales", "min_investment")


def find(network: Network) -> list[Issue]:
    """Return everything that is wrong or doubtful in the applications and subsidies of a network."""
    try:
        law = Law.of(network)
    except DataError:
        return []  # the law itself cannot be read: said elsewhere
    if not law.by_book:
        return []
    found = [*_applications(law), *_shares(network), *_subsidies(law)]
    if all(issue.severity == "warning" for issue in found):
        found += [*_investors(law), *_invoices(law), *_twice(law)]
    return found


def _applications(law: Law) -> Iterator[Issue]:
    for row, number in _rows(law.network, "applications"):
        problem = _unknown(law, row, number) or _year(law, row, number)
        if problem is not None:
            yield problem
            continue
        window = Year.of(row["year"])
        yield from _window(law, row, number, window)
        yield from _straddling(law.network, number, window)
        yield from _currency(law, number, row, window)


def _unknown(law: Law, row: Mapping[str, Any], number: int) -> Issue | None:
    paid = [name for name, one in law.book.parameters.items() if one.levy == "incentive" and name.endswith(f".{RATE}")]
    rates = [name.split(".") for name in paid]
    schemes = {".".join(parts[:-2]) for parts in rates if len(parts) > 3}
    segments = {parts[-2] for parts in rates if ".".join(parts[:-2]) == row["scheme"]}
    if row["scheme"] not in schemes:
        hint = did_you_mean(row["scheme"], schemes) or f"schemes with incentives are {', '.join(sorted(schemes))}"
        return _issue("application-unknown-scheme", "is no scheme of the law book", number, "scheme", row, hint)
    if row["segment"] not in segments:
        hint = did_you_mean(row["segment"], segments) or f"segments are {', '.join(sorted(segments))}"
        return _issue("application-unknown-segment", f"is no segment of {row['scheme']}", number, "segment", row, hint)
    return None


def _year(law: Law, row: Mapping[str, Any], number: int) -> Issue | None:
    try:
        window = Year.of(row["year"])
    except UsageError as error:
        return _issue("application-year", "is not a year", number, "year", row, error.hint)
    for name in LADDERS:
        found = law.value(parameter(row, name), window.first)
        if found is not None and isinstance(found.value, Mapping) and row["year_index"] not in found.value:
            reason = f"is beyond {parameter(row, name)}, which has years 1 to {max(found.value)}"
            return _issue("application-beyond-ladder", reason, number, "year_index", row)
    return None


def _window(law: Law, row: Mapping[str, Any], number: int, window: Year) -> Iterator[Issue]:
    """The scheme pays in its own window of years, as known; a year without a bucket is not in the plan."""
    limits = {
        name: law.number(f"{row['scheme']}.{name}", window.first) for name in ("first_year", "last_year", "years")
    }
    began, last, first, years = window.first.year, limits["last_year"], limits["first_year"], limits["years"]
    if last is None and first is not None and years is not None:
        last = first + years - 1
    known = law.value(parameter(row, RATE), window.first) is not None
    if not known or (first is not None and began < first) or (last is not None and began > last):
        reason = f"is outside the window of {row['scheme']}"
        yield _issue("application-outside-window", reason, number, "year", row, "remove the application")
    elif not any(day in window for day in law.day_of):
        reason = "has no bucket in the plan: nothing is paid for it"
        yield _issue("application-outside-horizon", reason, number, "year", row, severity="warning")


def _straddling(network: Network, number: int, window: Year) -> Iterator[Issue]:
    calendar = network.calendar
    edge = calendar.day(window.last) + 1
    if 0 < edge < calendar.horizon and edge not in calendar.edges:
        bucket = calendar.bucket(edge)
        reason = (
            f"ends inside the bucket that begins on {calendar.first_days[bucket]}: all that is built in it counts "
            "for the year of that day"
        )
        hint = "cut the buckets so that one begins on the first day of the next year"
        yield Issue(
            "application-year-inside-bucket", reason, "warning", "applications", number, "year", str(window.last), hint
        )


def _currency(law: Law, number: int, row: Mapping[str, Any], window: Year) -> Iterator[Issue]:
    names = ("min_sales", "min_investment", "min_invoice")
    reads = [law.read(parameter(row, name), window.first, row["year_index"]) for name in names]
    in_rupees = any(read is not None and read.unit in IN_RUPEES for read in reads)
    if in_rupees and RUPEE not in exchange_rates(law.network):
        reason = "has thresholds in rupees, and the table rates has no INR"
        yield _issue("application-without-rate", reason, number, "scheme", row, "add INR to the table rates")


def _shares(network: Network) -> Iterator[Issue]:
    given: dict[str, float] = {}
    for row, number in _rows(network, "contracts"):
        share = row["incentive_share"]
        if share and given.setdefault(row["partner"], share) != share:
            reason = f"is not {given[row['partner']]:g}, which another contract of {row['partner']} says"
            yield Issue(
                "incentive-share-ambiguous",
                reason,
                table="contracts",
                row=number,
                column="incentive_share",
                value=f"{share:g}",
                hint="one share for a partner: the incentive is paid on all its sales",
            )


def _subsidies(law: Law) -> Iterator[Issue]:
    schemes = {
        name.removesuffix(f".{RATE}")
        for name, one in law.book.parameters.items()
        if one.levy == "subsidy" and name.endswith(f".{RATE}")
    }
    for row, number in _rows(law.network, "options"):
        if row["subsidy"] is not None and row["subsidy"] not in schemes:
            hint = did_you_mean(row["subsidy"], schemes) or f"schemes with subsidies are {', '.join(sorted(schemes))}"
            reason = "is no subsidy of the law book"
            yield Issue("subsidy-unknown-scheme", reason, "error", "options", number, "subsidy", row["subsidy"], hint)


def _investors(law: Law) -> Iterator[Issue]:
    """Options with capex and no partner, where an applicant still has to invest."""
    short = [claim for claim in claims(law) if claim.terms["invested"] < claim.terms["min_investment"]]
    for row, number in _rows(law.network, "options"):
        waiting = [claim for claim in short if not claim.invests(None)]
        if row["partner"] is None and row["capex"] and waiting:
            claim = waiting[0]
            reason = f"is the brand's investment: it does not count for {claim.partner}, which has to invest more"
            hint = f"name the partner, if it is the one that pays for {row['option']}"
            yield Issue("option-without-partner", reason, "warning", "options", number, "partner", "", hint)


def _invoices(law: Law) -> Iterator[Issue]:
    """Operations of an applicant that could count, without an invoice price."""
    network = law.network
    partners = dict(network["sites"].select("site", "partner").iter_rows())
    codes = dict(network["items"].select("item", "hs").iter_rows())
    found = claims(law)
    for row, number in _rows(network, "operations"):
        asking = [claim for claim in found if claim.partner == partners.get(row["site"]) and _goods(claim, codes, row)]
        if row["invoice_price"] is None and asking:
            reason = f"is blank: what {row['site']} builds of {row['item']} does not count for {asking[0].partner}"
            yield Issue("operation-without-invoice-price", reason, "warning", "operations", number, "invoice_price")


def _goods(claim: Claim, codes: Mapping[str, str | None], row: Mapping[str, Any]) -> bool:
    return bool(claim.hs) and (codes.get(row["item"]) or "").startswith(claim.hs)


def _twice(law: Law) -> Iterator[Issue]:
    """Two claims of one applicant for one year on the same goods."""
    seen: dict[tuple[str, str], Claim] = {}
    numbers = {
        (row["partner"], row["scheme"], row["segment"], row["year"]): number
        for row, number in _rows(law.network, "applications")
    }
    for claim in claims(law):
        first = seen.setdefault((claim.partner, claim.year), claim)
        if first is not claim and (not first.hs or not claim.hs or set(first.hs) & set(claim.hs)):
            number = numbers[claim.partner, claim.scheme, claim.segment, claim.year]
            reason = f"claims for the same goods as {first.scheme} {first.segment}: they would be paid for twice"
            hint = "an applicant is in one segment"
            yield Issue("application-twice", reason, "error", "applications", number, "segment", claim.segment, hint)


def _rows(network: Network, table: str) -> Iterator[tuple[dict[str, Any], int]]:
    for number, row in enumerate(network[table].iter_rows(named=True)):
        yield row, number


def _issue(
    code: str,
    reason: str,
    number: int,
    column: str,
    row: Mapping[str, Any],
    hint: str = "",
    severity: str = "error",
) -> Issue:
    return Issue(
        code,
        reason,
        "warning" if severity == "warning" else "error",
        "applications",
        number,
        column,
        str(row[column]),
        hint,
    )
