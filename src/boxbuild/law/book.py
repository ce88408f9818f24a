"""The law book: every parameter, found by its name, by its levy and by its day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from boxbuild.errors import DataError, UsageError
from boxbuild.law import integrity, load
from boxbuild.law.parameter import Parameter, Value
from boxbuild.network.issues import Issue, did_you_mean

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Book:
    """Every parameter of law.

    Parameters
    ----------
    parameters
        By their names.

    Examples
    --------
    >>> Book.package()["in.bcd.phone"].on(date(2023, 5, 31)).value
    Decimal('20')
    """

    parameters: Mapping[str, Parameter]

    def __post_init__(self) -> None:
        """Order the parameters by name and lock them."""
        object.__setattr__(self, "parameters", MappingProxyType(dict(sorted(self.parameters.items()))))

    @staticmethod
    def package() -> Book:
        """Return the book that comes with boxbuild.

        Returns
        -------
        Book
            Read once in each process.

        Raises
        ------
        DataError
            With every rule that a file breaks.
        """
        return _package()

    def __getitem__(self, name: str) -> Parameter:
        """Return the parameter of that name; ``UsageError`` with the closest name where there is none."""
        if name in self.parameters:
            return self.parameters[name]
        message = f"the law book has no parameter {name!r}"
        raise UsageError(message, hint=did_you_mean(name, self.parameters) or "boxbuild law list names them all")

    def __contains__(self, name: object) -> bool:
        """Whether there is a parameter of that name."""
        return name in self.parameters

    def levied(self, country: str, levy: str) -> tuple[Parameter, ...]:
        """Return the parameters of a country's levy, in order of their names.

        Parameters
        ----------
        country
            ISO 3166 alpha-2.
        levy
            One of :data:`boxbuild.law.parameter.LEVIES`.
        """
        return self._by_levy.get((country, levy), ())

    @cached_property
    def _by_levy(self) -> Mapping[tuple[str, str], tuple[Parameter, ...]]:
        found: dict[tuple[str, str], list[Parameter]] = {}
        for parameter in self.parameters.values():
            found.setdefault((parameter.country, parameter.levy), []).append(parameter)
        return {key: tuple(parameters) for key, parameters in found.items()}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the book says, in hexadecimal; where it stands in which file does not matter."""
        total = hashlib.sha256()
        for parameter in self.parameters.values():
            total.update(_text(parameter).encode())
        return total.hexdigest()

    def overlaid(self, files: Mapping[str, str], rows: pl.DataFrame | None = None) -> Book:
        """Return the book with a network's own law on top.

        Parameters
        ----------
        files
            Name to text. A parameter that the book has is replaced as a whole; another is added.
        rows
            Table ``law``: single values, which replace the book's from their first day until their last day, or
            until the next value. After a last day, what was in force before holds again.

        Returns
        -------
        Book
            This one is not changed.

        Raises
        ------
        DataError
            With everything that is wrong in files and rows.
        """
        if not files and (rows is None or rows.is_empty()):
            return self
        found, issues = load.read({f"law/{name}": text for name, text in files.items()})
        own = {parameter.id: parameter for parameter in found}
        parameters = {**self.parameters, **own}
        issues += integrity.issues(own.values()) + integrity.ties(parameters.values(), only=own)
        for parameter, value, wrong in _row_values(rows, parameters):
            issues += wrong
            if value is not None:
                parameters[parameter] = _with(parameters[parameter], value)
        if issues:
            raise DataError(f"the network's law has {len(issues)} mistakes", issues)
        return Book(parameters)


@cache
def _package() -> Book:
    found, issues = load.read(load.package_texts())
    issues += integrity.issues(found) + integrity.ties(found)
    if issues:
        raise DataError(f"the law book has {len(issues)} mistakes", issues)
    return Book({parameter.id: parameter for parameter in found})


def _row_values(
    rows: pl.DataFrame | None, known: Mapping[str, Parameter]
) -> Iterable[tuple[str, Value | None, list[Issue]]]:
    for index, row in enumerate(rows.iter_rows(named=True) if rows is not None else ()):
        name = row["parameter"]
        if name is None or row["value"] is None:
            continue  # a blank that is needed: the check of the table says so
        issue = _row_issue(row, known)
        if issue:
            yield name, None, [replace(issue, table="law", row=index)]
            continue
        value = Value(
            since=row["from"] or date.min,
            value=Decimal(str(row["value"]).removesuffix(".0")),
            until=row["until"],
            published=row["published"] or date.min,
            instrument=row["instrument"] or "",
            reference=row["reference"] or "",
            interrupts=row["until"] is not None,
        )
        wrong = integrity.amount_issues(known[name], value)
        yield name, value, [replace(issue, table="law", row=index, file="", line=None) for issue in wrong]


def _row_issue(row: Mapping[str, object], known: Mapping[str, Parameter]) -> Issue | None:
    name = str(row["parameter"])
    if name not in known:
        hint = did_you_mean(name, known) or "boxbuild law list names them all"
        return Issue("law-unknown", "is no parameter of the law book", column="parameter", value=name, hint=hint)
    if any(not isinstance(value.value, Decimal) for value in known[name].values):
        hint = "write the whole ladder in a file of the project's folder law"
        return Issue("law-ladder", "has one value for each year of a scheme", column="parameter", value=name, hint=hint)
    since, until = row["from"], row["until"]
    if isinstance(since, date) and isinstance(until, date) and until < since:
        return Issue("law-window", "is before the first day", column="until", value=str(until))
    return None


def _with(parameter: Parameter, value: Value) -> Parameter:
    # stable: of two values with the same first day, the network's stands later and is asked first
    values = sorted((*parameter.values, value), key=lambda each: each.since)
    return replace(parameter, values=tuple(values))


def _text(parameter: Parameter) -> str:
    head = (parameter.id, parameter.levy, parameter.unit, parameter.goods)
    values = [
        (value.since, value.until, value.published, value.interrupts, value.instrument, value.reference, _plain(value))
        for value in parameter.values
    ]
    return f"{head}{values}\n"


def _plain(value: Value) -> str:
    if isinstance(value.value, Decimal):
        return str(value.value.normalize())
    return str({year: str(rung.normalize()) for year, rung in value.value.items()})
