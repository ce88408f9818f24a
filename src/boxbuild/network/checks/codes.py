"""Codes of countries, currencies and customs that have another form than the standard's."""

from __future__ import annotations

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_malformed_countries(network: Network) -> list[Issue]:
    """Find country codes that are not two capital letters."""
    reason, hint = (
        "is not a country code of two capital letters",
        "write ISO 3166 alpha-2, for example IN or DE",
    )
    found = _check_for_malformed(network, "ISO 3166 alpha-2", r"^[A-Z]{2}$", ("malformed-country", reason, hint))
    home = network.settings.home_country
    if not pl.Series([home]).str.contains(r"^[A-Z]{2}$")[0]:
        found.append(Issue("malformed-country", reason, "error", "settings", None, "home_country", home, hint))
    return found


def check_for_malformed_currencies(network: Network) -> list[Issue]:
    """Find currencies in the table rates that are not three capital letters."""
    reason, hint = "is not a currency code of three capital letters", "write ISO 4217, for example USD"
    found = _check_for_malformed(network, "ISO 4217", r"^[A-Z]{3}$", ("malformed-currency", reason, hint))
    home = network.settings.home_currency
    if not pl.Series([home]).str.contains(r"^[A-Z]{3}$")[0]:
        found.append(Issue("malformed-currency", reason, "error", "settings", None, "home_currency", home, hint))
    return found


def check_for_hs_codes_with_other_signs(network: Network) -> list[Issue]:
    """Find customs classifications with anything but digits: a prefix of digits would never match them."""
    reason, hint = "has other signs than digits", "write 85171300, without dots or spaces"
    return _check_for_malformed(network, "HS code", r"^[0-9]*$", ("hs-not-digits", reason, hint))


def check_for_hs_codes_of_odd_length(network: Network) -> list[Issue]:
    """Find customs classifications with an odd number of digits: a leading zero may be lost."""
    found: list[Issue] = []
    for table, column in (("items", "hs"), ("duties", "hs")):
        odd = pl.col(column).str.contains(r"^[0-9]*$") & (pl.col(column).str.len_chars() % 2 == 1)
        found += issues(
            numbered(network, table).filter(odd),
            f"{table}.{column}",
            "hs-odd-length",
            "has an odd number of digits",
            hint="chapters, headings and tariff lines have 2, 4, 6, 8 or 10 digits; is a leading 0 lost?",
            severity="warning",
        )
    return found


def _check_for_malformed(network: Network, unit: str, form: str, said: tuple[str, str, str]) -> list[Issue]:
    code, reason, hint = said
    found: list[Issue] = []
    for table in catalogue.tables():
        for column in table.columns:
            if column.unit == unit:
                bad = numbered(network, table.name).filter(~pl.col(column.name).str.contains(form))
                found += issues(bad, f"{table.name}.{column.name}", code, reason, hint=hint)
    return found
