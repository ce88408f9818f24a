"""Checks of export schemes: names, places, and what a plan cannot see of their terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from boxbuild.errors import DataError
from boxbuild.law.law import Law
from boxbuild.law.schemes import SCHEMES, parameter
from boxbuild.network.issues import Issue, did_you_mean
from boxbuild.network.network import Network

ZONE: Final = "sez"
EXPORT_PERIOD: Final = "aa.export_months"
DAYS_A_MONTH: Final = 365 / 12


def find(network: Network) -> list[Issue]:
    """Return everything that is wrong or doubtful in the export schemes of a network."""
    try:
        law = Law.of(network)
    except DataError:
        return []  # the law itself cannot be read: said elsewhere
    if law.off:
        return []
    found = [issue for row, number in _rows(network, "schemes") for issue in _scheme(network, row, number)]
    found += [issue for row, number in _rows(network, "sites") for issue in _regime(network, row, number)]
    return [*found, *_terms(law), *_period(law)]


def _rows(network: Network, table: str) -> Iterator[tuple[Mapping[str, Any], int]]:
    for number, row in enumerate(network[table].iter_rows(named=True)):
        yield row, number


def _scheme(network: Network, row: Mapping[str, Any], number: int) -> Iterator[Issue]:
    scheme = row["scheme"]
    if scheme == ZONE:
        yield Issue(
            "scheme-zone",
            "is a place and not a scheme that a plant can choose",
            table="schemes",
            row=number,
            column="scheme",
            value=scheme,
            hint="make the unit in the zone a site of its own with the regime sez, behind options where it is a choice",
        )
        return
    if scheme not in SCHEMES:
        hint = did_you_mean(scheme, SCHEMES) or f"schemes are {', '.join(SCHEMES)}"
        yield Issue("scheme-unknown", "is no export scheme", "error", "schemes", number, "scheme", scheme, hint)
        return
    site = {one["site"]: one for one, _ in _rows(network, "sites")}.get(row["site"])
    wrong = _place(network, site) if site is not None else ""
    if wrong:
        yield Issue(
            "scheme-place",
            wrong,
            table="schemes",
            row=number,
            column="site",
            value=row["site"],
            hint=f"export schemes are for plants in {network.settings.home_country}, outside its economic zones",
        )


def _place(network: Network, site: Mapping[str, Any]) -> str:
    if site["kind"] != "plant":
        return f"is a {site['kind']} and builds nothing for export"
    if site["country"] != network.settings.home_country:
        return f"stands in {site['country']}, and the schemes are those of {network.settings.home_country}"
    return "is in a special economic zone, which is a regime of its own" if site["regime"] == ZONE else ""


def _regime(network: Network, row: Mapping[str, Any], number: int) -> Iterator[Issue]:
    """A fixed regime that saves nothing: of a site that is not a plant, or abroad."""
    if row["regime"] not in SCHEMES:
        return
    wrong = _place(network, row)
    if wrong:
        yield Issue(
            "regime-without-effect",
            f"saves {row['site']} no duty: it {wrong}",
            "warning",
            "sites",
            number,
            "regime",
            row["regime"],
        )


def _used(network: Network) -> dict[str, tuple[str, int, str]]:
    """Table, row and column that first name each scheme."""
    found: dict[str, tuple[str, int, str]] = {}
    for table, column in (("sites", "regime"), ("schemes", "scheme")):
        for row, number in _rows(network, table):
            if row[column] in SCHEMES:
                found.setdefault(row[column], (table, number, column))
    return found


def _terms(law: Law) -> Iterator[Issue]:
    """Schemes of which the law book of the home country says nothing on the plan's first day: they save nothing."""
    day = law.network.settings.start
    for scheme, (table, number, column) in _used(law.network).items():
        names = [parameter(law, name) for name in SCHEMES[scheme].flags.values()]
        if not any(law.number(name, day) for name in names):
            reason = f"saves nothing: the law book has no {' or '.join(names)} on {day}"
            yield Issue("scheme-without-law", reason, "warning", table, number, column, scheme)


def _period(law: Law) -> Iterator[Issue]:
    """A horizon beyond the months in which exports have to be made."""
    place = _used(law.network).get("aa")
    name = parameter(law, EXPORT_PERIOD)
    months = law.number(name, law.network.settings.start)
    horizon = law.network.calendar.horizon
    if place is None or months is None or horizon <= float(months) * DAYS_A_MONTH:
        return
    table, number, column = place
    reason = (
        f"asks for exports within {months} months of the authorisation ({name}), and the plan has {horizon} days: what "
        f"is imported early may be exported too late"
    )
    hint = "plan a shorter horizon, or give the scheme several rows with their dates"
    yield Issue("scheme-export-period", reason, "warning", table, number, column, "aa", hint)
