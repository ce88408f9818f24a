"""What an audit says: checks with what they counted, and failures with their place and a sentence."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SHOWN = 20
"""Failures that are printed; ``as_dict`` and ``failures`` have all of them."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One place at which a plan does not hold.

    Parameters
    ----------
    check
        Name of the check.
    table, key
        Table of the plan and the key of its row, parts joined by ``|``.
    when
        Bucket (counted from 0), or day for orders, or ``None`` where the row has neither.
    expected, found
        What the audit computed, and what the plan states.
    sentence
        The failure in words, with the terms that the expected value is made of.
    """

    check: str
    table: str
    key: str
    when: int | date | None
    expected: str
    found: str
    sentence: str

    @property
    def place(self) -> tuple[str, str, int | date | None]:
        """Table, key, and bucket or day."""
        return self.table, self.key, self.when

    def __str__(self) -> str:
        """Return the failure as one line."""
        when = f" bucket {self.when}" if isinstance(self.when, int) else f" {self.when}" if self.when else ""
        return f"{self.check}: {self.table} {self.key}{when}: {self.sentence}"

    def as_dict(self) -> dict[str, object]:
        """Return the failure as a plain dictionary, for ``--json``."""
        when = self.when.isoformat() if isinstance(self.when, date) else self.when
        return {
            "check": self.check,
            "table": self.table,
            "key": self.key,
            "when": when,
            "expected": self.expected,
            "found": self.found,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an audit.

    Parameters
    ----------
    name
        Its name, as failures carry it.
    what
        What one unit of ``count`` is.
    count
        How many were checked.
    deviation
        Largest difference between expected and found, within the tolerance or not.
    tolerance
        The rule by which a difference is let pass.
    failures
        Where the plan does not hold.
    skipped
        The tables could not be read, so nothing was checked.
    """

    name: str
    what: str
    count: int
    deviation: Decimal
    tolerance: str
    failures: tuple[Failure, ...] = ()
    skipped: bool = False

    @property
    def passed(self) -> bool:
        """Whether everything was checked and nothing failed."""
        return not self.failures and not self.skipped

    def as_dict(self) -> dict[str, object]:
        """Return the check as a plain dictionary, for ``--json``."""
        return {
            "name": self.name,
            "what": self.what,
            "count": self.count,
            "deviation": _short(self.deviation),
            "tolerance": self.tolerance,
            "passed": self.passed,
            "skipped": self.skipped,
            "failures": [failure.as_dict() for failure in self.failures],
        }


@dataclass(frozen=True)
class Audit:
    """The recomputation of a plan without the solver. Prints itself as a table."""

    plan: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every failure, in the order of the checks."""
        return tuple(failure for check in self.checks for failure in check.failures)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that found a failure."""
        return tuple(check.name for check in self.checks if check.failures)

    def as_dict(self) -> dict[str, object]:
        """Return the audit as a plain dictionary, for ``--json``."""
        return {
            "plan": self.plan,
            "passed": self.passed,
            "checks": [check.as_dict() for check in self.checks],
        }

    def __str__(self) -> str:
        """Return the table of checks, and the first failures below it."""
        rows = [_HEAD, *(_cells(check) for check in self.checks)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        lines = [self._verdict(), ""]
        for row in rows:
            cells = [
                cell.rjust(width) if column in _RIGHT else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            lines.append("  ".join(cells).rstrip())
        return "\n".join([*lines, *self._shown()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in _HEAD)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(check)) + "</tr>"
            for check in self.checks
        )
        failures = "".join(f"<li>{html.escape(line)}</li>" for line in self._shown() if line)
        return (
            f"<p>{html.escape(self._verdict())}</p><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table><ul>{failures}</ul>"
        )

    def _verdict(self) -> str:
        if self.passed:
            return f"audit of {self.plan}: passed"
        return f"audit of {self.plan}: FAILED, {len(self.failures)} failures"

    def _shown(self) -> Iterator[str]:
        failures = self.failures
        if failures:
            yield ""
        yield from (str(failure) for failure in failures[:SHOWN])
        if len(failures) > SHOWN:
            yield f"... and {len(failures) - SHOWN} more"


_HEAD = ("check", "checked", "", "largest deviation", "tolerance", "result")
_RIGHT = frozenset({1, 3})


def _cells(check: Check) -> tuple[str, ...]:
    result = "not checked" if check.skipped else f"{len(check.failures)} FAILED" if check.failures else "passed"
    return check.name, str(check.count), check.what, _short(check.deviation), check.tolerance, result


def _short(value: Decimal) -> str:
    return f"{value:.2g}" if value else "0"
