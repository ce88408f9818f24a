"""Customs: what an import pays, exactly, with the trace that says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from boxbuild.law.classify import classify
from boxbuild.law.law import Law, reading
from boxbuild.law.preference import conditions
from boxbuild.law.steps import CIF, LEVIES, RULES, STEP_ACCOUNTS, Rule
from boxbuild.law.trace import Given, Read, Trace

VALUES: Final = ("fob", "freight", "insurance", "royalty")
"""What the value of an import consists of; what is missing is 0."""

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """Goods as they are declared when they enter a country.

    Parameters
    ----------
    country
        Country of destination.
    item, hs
        What they are, and their classification.
    origin
        Country of origin; ``None``: abroad, without a country that is known (goods that leave a special economic zone).
    form, end_use, agreement
        Form in which they are shipped; end use and trade agreement that are claimed.
    rvc, tariff_shift
        Regional value content (fraction) and change of classification that the supplier declares.
    """

    country: str
    item: str = ""
    hs: str | None = None
    origin: str | None = None
    form: str | None = None
    end_use: str | None = None
    agreement: str | None = None
    rvc: Decimal | None = None
    tariff_shift: bool | None = None


@dataclass(frozen=True, slots=True)
class _Rates:
    """What the law says about goods on a day: a reading for each levy that holds, and how the agreement fared."""

    reads: Mapping[str, Read]
    earned: tuple[Read, ...] = ()
    note: str = ""


class Assessor:
    """Assesses imports under a law; what it has read it remembers."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._known: dict[tuple[Entry, date], _Rates] = {}

    def assess(self, entry: Entry, values: Mapping[str, Decimal], day: date, place: str = "") -> Trace:
        """Return what goods pay. See :func:`assess`."""
        law = self.law
        home = law.network.settings.home_currency
        title = f"customs charges on {entry.item or entry.hs or 'goods'} into {entry.country}"
        if law.off or entry.origin == entry.country:
            note = "the plan obeys no law" if law.off else f"goods of {entry.country} pay nothing there"
            return Trace(title, ZERO, home, "customs", note=note)
        rates = self._rates(replace(entry, item=""), day)
        given = tuple(Given(name, values[name], home, place) for name in VALUES if values.get(name))
        known = self._start(values, rates)
        parts = []
        for name, rule in RULES.items():
            step = self._step(name, rule, known, rates, entry)
            known[name] = step.value
            if step.value or step.reads or name == "assessable":
                parts.append(replace(step, given=given) if name == "assessable" else step)
        total = sum((known[name] for name in STEP_ACCOUNTS), ZERO)
        return Trace(title, total, home, "customs", parts=tuple(parts), note=rates.note)

    def rate(self, entry: Entry, day: date) -> Read | None:
        """Return what basic duty is read from: a row of ``duties``, or a parameter; ``None``: there is no rate."""
        reads = self._rates(replace(entry, item=""), day).reads
        return reads.get("table") or reads.get("bcd")

    def _start(self, values: Mapping[str, Decimal], rates: _Rates) -> dict[str, Decimal]:
        settings = self.law.network.settings
        known = {f"{levy}_rate": rates.reads[levy].value if levy in rates.reads else ZERO for levy in LEVIES}
        return {
            **known,
            "table_rate": rates.reads["table"].value if "table" in rates.reads else ZERO,
            CIF: sum((values.get(name, ZERO) for name in VALUES), ZERO),
            "stuck": settings.igst_stuck,
            "finance_rate": settings.finance_rate,
            "credit_days": Decimal(settings.igst_credit_days),
        }

    def _step(self, name: str, rule: Rule, known: Mapping[str, Decimal], rates: _Rates, entry: Entry) -> Trace:
        formula = rule.formula
        reads: tuple[Read, ...] = ()
        if rule.by_table is not None and "table" in rates.reads:
            formula = rule.by_table
            reads = (rates.reads["table"],) if name == "basic" else ()
        elif rule.levy is not None and rule.levy in rates.reads:
            reads = (rates.reads[rule.levy], *(rates.earned if name == "basic" else ()))
        home = self.law.network.settings.home_currency
        about = f"{rule.title} on {entry.item}" if entry.item else rule.title
        given = tuple(
            Given(one, known[one], "", "settings")
            for one in ("stuck", "finance_rate", "credit_days")
            if one in formula.names
        )
        return Trace(about, formula.exact(known), home, f"customs.{name}", str(formula), given, reads)

    def _rates(self, entry: Entry, day: date) -> _Rates:
        if (entry, day) not in self._known:
            self._known[entry, day] = self._find(entry, day)
        return self._known[entry, day]

    def _find(self, entry: Entry, day: date) -> _Rates:
        row = self._row(entry, day)
        reads = {"table": row} if row is not None else {}
        if not self.law.by_book:
            return _Rates(reads)
        agreement, earned, note = self._agreement(entry, day)
        for levy in LEVIES:
            found = classify(
                self.law.book,
                entry.country,
                levy,
                entry.hs,
                entry.form,
                entry.end_use,
                entry.origin,
                agreement,
                day,
                self.law.known_on,
                "percent",
            )
            if found is not None:
                reads[levy] = reading(found[0], found[1], day, found[1].number)
        return _Rates(reads, earned, note)

    def _agreement(self, entry: Entry, day: date) -> tuple[str | None, tuple[Read, ...], str]:
        """Return the agreement that is earned, what its rule was read from, and a note where it is not."""
        if entry.agreement is None:
            return None, (), ""
        rule = conditions(self.law, entry.country, entry.agreement, day, entry.origin)
        if rule is None:
            return None, (), f"{entry.agreement} is claimed, and the law book has no rule of it in force"
        reads = (self.law.read(name, day) for name in rule.parameters)
        earned = tuple(read for read in reads if read is not None)
        if rule.met(rvc=entry.rvc, tariff_shift=entry.tariff_shift):
            return entry.agreement, earned, ""
        return None, earned, f"{entry.agreement} is claimed, and what is declared does not meet its rule"

    @cached_property
    def _rows(self) -> list[tuple[str, str, str | None, date, Decimal, str]]:
        rows = self.law.network["duties"].select("country", "hs", "origin", "from", "rate", "source").iter_rows()
        return [
            (country, hs, origin, since or date.min, Decimal(repr(rate)), source or "")
            for country, hs, origin, since, rate, source in rows
        ]

    def _row(self, entry: Entry, day: date) -> Read | None:
        """Return the row of ``duties`` that decides: the longest prefix, then a named origin, then the latest."""
        matching = [
            (len(hs), origin is not None, since, rate, source)
            for country, hs, origin, since, rate, source in self._rows
            if country == entry.country
            and (entry.hs or "").startswith(hs)
            and entry.hs is not None
            and origin in (None, entry.origin)
            and since <= day
        ]
        if not matching:
            return None
        *_, since, rate, source = max(matching)
        title = "row of the table duties"
        return Read("duties", title, day, since, rate, "fraction", None, "table duties", source)


def assess(law: Law, entry: Entry, values: Mapping[str, Decimal], day: date, place: str = "") -> Trace:
    """Return what goods pay when they enter a country.

    Parameters
    ----------
    law
        Its setting decides: nothing is charged, the table ``duties`` alone counts, or the law book, in which a row of
        that table takes the place of basic duty and surcharge.
    entry
        The goods as declared.
    values
        :data:`VALUES` in home currency, of one unit or of all; royalty and assists are part of the value.
    day
        First day of the bucket in which they arrive.
    place
        Row of the network or plan that the values come from.

    Returns
    -------
    Trace
        The cost, home currency: basic duty, surcharge, anti-dumping duty and what the integrated tax costs. Its parts
        are the steps of :data:`boxbuild.law.steps.RULES` that read the law or are not 0, named ``customs.<step>``.
    """
    return Assessor(law).assess(entry, values, day, place)


def charges(trace: Trace) -> dict[str, Decimal]:
    """Return the costs of an assessment by account of the ledger."""
    steps = {part.rule.removeprefix("customs."): part.value for part in trace.parts}
    return {account: steps[step] for step, account in STEP_ACCOUNTS.items() if steps.get(step)}
