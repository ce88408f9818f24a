"""Steps: how customs assesses goods that enter a country; each step is one formula, for the model and for the audit.

India: Customs Act 1962 section 14 and Customs Valuation Rules 2007 rule 10 (assessable value), Customs Tariff Act 1975
sections 3(7) (integrated tax) and 9A (anti-dumping duty), Finance Act 2018 section 110 (social welfare surcharge).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from boxbuild.law.formula import Formula, Name, percent

STEP_ACCOUNTS: Final[Mapping[str, str]] = {
    "basic": "duty",
    "surcharge": "surcharge",
    "antidumping": "antidumping",
    "igst": "igst",
}
"""The steps of an assessment that are costs, with their accounts in the order of the ledger."""

CIF: Final = "cif"
"""Cost, insurance, freight and royalty of what arrives."""

LEVIES: Final = ("bcd", "sws", "antidumping", "igst", "landing")
"""The levies of the law book that imports pay, each in percent; formulas name a rate ``bcd_rate`` and so on."""


@dataclass(frozen=True)
class Rule:
    """A step of the assessment.

    Parameters
    ----------
    title
        What it is, in words.
    formula
        What it is computed from: values of the goods, rates in percent, and steps before it.
    levy
        The levy whose parameter it reads.
    by_table
        The formula where a row of the table ``duties`` decides.
    """

    title: str
    formula: Formula
    levy: str | None = None
    by_table: Formula | None = None


_assessable, _basic, _surcharge = Name("assessable"), Name("basic"), Name("surcharge")
_stuck = Name("stuck")

RULES: Final[Mapping[str, Rule]] = {
    "assessable": Rule("assessable value", Name(CIF) + percent("landing_rate") * Name(CIF), "landing"),
    "basic": Rule("basic customs duty", percent("bcd_rate") * _assessable, "bcd", Name("table_rate") * _assessable),
    "surcharge": Rule("social welfare surcharge", percent("sws_rate") * _basic, "sws", 0 * _basic),
    "antidumping": Rule("anti-dumping duty", percent("antidumping_rate") * _assessable, "antidumping"),
    "integrated_tax": Rule(
        "integrated tax",
        percent("igst_rate") * (_assessable + _basic + _surcharge + Name("antidumping")),
        "igst",
    ),
    "igst": Rule(
        "cost of the integrated tax: the part that is not credited, and the interest on the rest until it is",
        Name("integrated_tax") * (_stuck + (1 - _stuck) * Name("finance_rate") * Name("credit_days") / 365),
    ),
}
"""The steps of the assessment, in their order."""
