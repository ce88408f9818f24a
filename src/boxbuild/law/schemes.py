"""Export schemes: what goods imported for export are free of, what their export gives up, and what it must earn.

One definition a rule, compiled twice (:mod:`boxbuild.law.formula`):

    exemption       = duty_free × (duty + surcharge + antidumping) + igst_free × igst      (aa, eou, bonded)
                      duty_free × (duty + surcharge)                                       (brand: paid back)
    forgone         = drawback + (1 − rodtep_open) × rodtep
    value addition  = (FOB − CIF) / CIF × 100
    surplus         = FOB − (1 + least value addition / 100) × CIF >= 0

The surplus of a scheme that asks for net foreign exchange is that of a least value addition of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.law.formula import Formula, Name, percent
from boxbuild.law.trace import Given, Read, Trace

if TYPE_CHECKING:
    from boxbuild.law.law import Law
    from boxbuild.network.network import Network

CHARGES: Final = ("duty", "surcharge", "antidumping", "igst")
"""Accounts of what is charged on imports."""

CREDITS: Final = ("drawback", "rodtep")
"""Accounts of what is paid on exports."""

FREE: Final = Name("duty_free") * (Name("duty") + Name("surcharge") + Name("antidumping")) + Name("igst_free") * Name(
    "igst"
)
"""What an import for export does not pay."""

REFUNDED: Final = Name("duty_free") * (Name("duty") + Name("surcharge"))
"""What an import for export gets back under the brand rate of drawback."""

FORGONE: Final = Name("drawback") + (1 - Name("rodtep_open")) * Name("rodtep")
"""What an export from exempt inputs does not receive."""

VALUE_ADDITION: Final = (Name("fob") - Name("cif")) / Name("cif") * 100
"""Value addition of Advance Authorisation, percent."""

SURPLUS: Final = Name("fob") - (1 + percent("least")) * Name("cif")
"""What exports earn beyond what a scheme asks of them."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One export scheme.

    Parameters
    ----------
    name, title
        Its name in the tables, and in words.
    exemption
        What its imports for export are free of, or get back.
    flags
        Names in :attr:`exemption` to the parameters that say whether, without the country.
    least
        Parameter with the value addition that it asks for, without the country; blank where it asks for none.
    nets
        Whether its exports must earn what its imports cost: net foreign exchange.
    """

    name: str
    title: str
    exemption: Formula
    flags: Mapping[str, str]
    least: str = ""
    nets: bool = False

    @property
    def obliged(self) -> bool:
        """Whether it asks exports to earn anything."""
        return bool(self.least) or self.nets


SCHEMES: Final[Mapping[str, Scheme]] = {
    scheme.name: scheme
    for scheme in (
        Scheme(
            "aa",
            "Advance Authorisation",
            FREE,
            {"duty_free": "aa.duty_free", "igst_free": "aa.igst_free"},
            least="aa.value_addition",
        ),
        Scheme(
            "eou",
            "export oriented unit",
            FREE,
            {"duty_free": "eou.duty_free", "igst_free": "eou.igst_free"},
            nets=True,
        ),
        Scheme(
            "bonded",
            "bonded manufacture",
            FREE,
            {"duty_free": "bonded.duty_free", "igst_free": "bonded.igst_free"},
        ),
        Scheme("brand", "brand rate of drawback", REFUNDED, {"duty_free": "drawback.brand"}),
    )
}
"""The schemes that a plant may work under, by name. A unit in a special economic zone is a site of its own."""

STREAM: Final = pl.Schema(
    {"scheme": pl.String(), "site": pl.String(), "option": pl.String(), "from": pl.Date(), "until": pl.Date()}
)


def rows(network: Network) -> pl.DataFrame:
    """Return which plants of the home country work under which scheme, and when.

    Returns
    -------
    DataFrame
        ``scheme``, ``site``, ``option`` (null: it needs none), ``from`` and ``until``: the fixed regimes of
        ``sites``, then the rows of ``schemes``. Those of sites that are not plants of the home country are left out.
    """
    known = pl.col("scheme").is_in(list(SCHEMES))
    home = (pl.col("kind") == "plant") & (pl.col("country") == network.settings.home_country)
    plants = network["sites"].filter(home).select("site", scheme="regime")
    fixed = plants.with_columns(option=None, **{"from": None, "until": None})
    chosen = network["schemes"].join(plants.select("site"), on="site", how="semi", maintain_order="left")
    every = [frame.filter(known).select(pl.col(c).cast(t) for c, t in STREAM.items()) for frame in (fixed, chosen)]
    return pl.concat(every)


def parameter(law: Law, name: str) -> str:
    """Return the name of a parameter in the home country's part of the book."""
    return f"{law.network.settings.home_country.lower()}.{name}"


def flags(law: Law, scheme: Scheme, day: date) -> dict[str, Decimal]:
    """Return 1 or 0 for every flag of a scheme on a day; 0 where the book has no value."""
    return {flag: law.number(parameter(law, name), day) or Decimal(0) for flag, name in scheme.flags.items()}


def rodtep_open(law: Law, scheme: str, day: date) -> Decimal:
    """Return 1 where exports under a scheme receive RoDTEP on a day, else 0."""
    return law.number(parameter(law, f"rodtep.open_to.{scheme}"), day) or Decimal(0)


def least_value_addition(law: Law, scheme: Scheme) -> Decimal | None:
    """Return the percentage by which exports must exceed imports for export, by the law of the plan's first day.

    ``None`` where the scheme asks for nothing; 0 where it asks for net foreign exchange.
    """
    if scheme.least:
        return law.number(parameter(law, scheme.least), law.network.settings.start)
    return Decimal(0) if scheme.nets else None


def exempt_shares(law: Law, scheme: str, day: date) -> dict[str, Decimal]:
    """Return the part of each account of :data:`CHARGES` that an import for export ordered on a day is free of."""
    rule = SCHEMES[scheme]
    return _shares(rule.exemption, CHARGES, flags(law, rule, day))


def forgone_shares(law: Law, scheme: str, day: date) -> dict[str, Decimal]:
    """Return the part of each account of :data:`CREDITS` that an exempt export on a day does not receive."""
    return _shares(FORGONE, CREDITS, {"rodtep_open": rodtep_open(law, scheme, day)})


def exempted(law: Law, scheme: str, charges: Mapping[str, Decimal], day: date, name: str = "") -> Trace:
    """Return what an import for export is free of, or gets back.

    Parameters
    ----------
    law
        The law.
    scheme
        Name of the scheme.
    charges
        What the import is charged, home currency, by account of :data:`CHARGES`; one that is missing is 0.
    day
        Day on which the goods are ordered or leave.
    name
        What is imported, for the reader.
    """
    rule = SCHEMES[scheme]
    given = {account: charges.get(account, Decimal(0)) for account in CHARGES}
    names = [parameter(law, one) for one in rule.flags.values()]
    return _trace(
        law,
        name=f"exemption of {name}" if name else "exemption",
        rule=f"schemes.{scheme}.exemption",
        formula=rule.exemption,
        values={**given, **flags(law, rule, day)},
        shown=given,
        reads=_reads(law, names, day),
    )


def forgone(law: Law, scheme: str, credits: Mapping[str, Decimal], day: date, name: str = "") -> Trace:
    """Return what an export from exempt inputs does not receive.

    Parameters
    ----------
    law, scheme, name
        As in :func:`exempted`.
    credits
        What the export would receive, home currency, by account of :data:`CREDITS`.
    day
        Day on which it leaves.
    """
    given = {account: credits.get(account, Decimal(0)) for account in CREDITS}
    return _trace(
        law,
        name=f"export incentives forgone on {name}" if name else "export incentives forgone",
        rule=f"schemes.{scheme}.forgone",
        formula=FORGONE,
        values={**given, "rodtep_open": rodtep_open(law, scheme, day)},
        shown=given,
        reads=_reads(law, [parameter(law, f"rodtep.open_to.{scheme}")], day),
    )


def value_addition(fob: Decimal, cif: Decimal) -> Decimal:
    """Return the value addition in percent: FOB 115 and CIF 100 make 15."""
    return VALUE_ADDITION.exact({"fob": fob, "cif": cif})


def surplus(law: Law, scheme: str, fob: Decimal, cif: Decimal, name: str = "") -> Trace:
    """Return what the exports of a plant earn beyond what its scheme asks; below 0, the obligation is missed.

    Parameters
    ----------
    law, scheme, name
        As in :func:`exempted`; ``sez`` is a scheme here: it asks for net foreign exchange.
    fob, cif
        Exports and imports for export over the horizon, home currency.
    """
    rule = SCHEMES.get(scheme)
    least = (least_value_addition(law, rule) if rule else None) or Decimal(0)
    reads = [parameter(law, rule.least)] if rule and rule.least else []
    given = {"fob": fob, "cif": cif}
    noted = f"value addition {value_addition(fob, cif):.2f} %" if cif else "no imports for export"
    return _trace(
        law,
        name=f"surplus of {name}" if name else "surplus",
        rule=f"schemes.{scheme}.obligation",
        formula=SURPLUS,
        values={**given, "least": least},
        shown=given,
        reads=_reads(law, reads, law.network.settings.start),
        note=noted,
    )


def _shares(rule: Formula, accounts: tuple[str, ...], known: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What one unit of each account makes of a rule that is linear in them."""
    nothing = dict.fromkeys(accounts, Decimal(0))
    return {account: rule.exact({**nothing, account: Decimal(1), **known}) for account in accounts}


def _reads(law: Law, names: list[str], day: date) -> tuple[Read, ...]:
    return tuple(read for read in (law.read(name, day) for name in names) if read is not None)


def _trace(
    law: Law,
    *,
    name: str,
    rule: str,
    formula: Formula,
    values: Mapping[str, Decimal],
    shown: Mapping[str, Decimal],
    reads: tuple[Read, ...],
    note: str = "",
) -> Trace:
    currency = law.network.settings.home_currency
    given = tuple(Given(key, value, currency) for key, value in shown.items())
    return Trace(name, formula.exact(values), currency, rule, str(formula), given, reads, note=note)
