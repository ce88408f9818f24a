"""Evidence: evaluations as steps of a trace, drawn together where they come to the same, and found behind an amount."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from boxbuild.law.law import Law
from boxbuild.law.steps import STEP_ACCOUNTS
from boxbuild.law.trace import Given, Trace
from boxbuild.plan.evaluations import Evaluation, Evaluations

NONE: Final = Decimal(0)


def together(found: Iterable[Evaluation], law: Law) -> list[Trace]:
    """Return evaluations as steps: those of one subject that come to the same in several buckets are one step.

    Each is ``units × the charge on one unit`` with the evaluation of one unit in the first of its buckets as its part.
    """
    groups: dict[tuple[object, ...], list[Evaluation]] = {}
    for one in found:
        groups.setdefault((one.subject, one.claimed, _same(one.unit)), []).append(one)
    return [_step(group, law) for group in groups.values()]


def evidence(evaluations: Evaluations) -> Callable[[str, str, str], tuple[Trace, ...]]:
    """Return what finds the evaluations behind an amount of the ledger, by kind of flow, key and account.

    Every evaluation is a step; the evaluation of one unit is drawn for the largest alone.
    """

    def find(kind: str, key: str, account: str) -> tuple[Trace, ...]:
        subjects = _SUBJECTS.get(account, ())
        found = [one for one in evaluations.of(kind, key) if one.subject in subjects] if subjects else []
        if account in _ONE_STEP:
            found = [replace(one, unit=part) for one in found for part in _of_account(one.unit, account)]
        steps = together(found, evaluations.law)
        largest = max(steps, key=lambda step: abs(step.value), default=None)
        return tuple(step if step is largest else replace(step, parts=()) for step in steps)

    return find


_ONE_STEP: Final = {"surcharge", "antidumping", "igst", "drawback", "rodtep"}
_SUBJECTS: Final = {
    **dict.fromkeys(("duty", "surcharge", "antidumping", "igst"), ("import",)),
    **dict.fromkeys(("drawback", "rodtep"), ("export",)),
    "exemption": ("exemption", "forgone"),
    "preference": ("preference",),
}


def _of_account(unit: Trace, account: str) -> tuple[Trace, ...]:
    names = {f"export.{account}", *(f"customs.{step}" for step, name in STEP_ACCOUNTS.items() if name == account)}
    return tuple(part for part in unit.parts if part.rule in names)


_WORDS: Final = {
    "import": "arriving",
    "export": "leaving",
    "exemption": "exempt, arriving",
    "forgone": "under a scheme, leaving",
    "preference": "originating, arriving",
}
_SIGNS: Final = {"import": 1, "export": -1, "exemption": -1, "forgone": 1, "preference": -1}


def _step(group: list[Evaluation], law: Law) -> Trace:
    first = group[0]
    units = sum((one.units for one in group), NONE)
    buckets = [one.bucket for one in group]
    sign = _SIGNS[first.subject]
    given = (
        Given("units", units, "units", f"plan: {first.key}"),
        Given("charge", sign * first.unit.value, _unit(first)),
    )
    note = first.claimed
    if len(group) > 1:
        note += f"; the same in each of these {len(group)} buckets, shown for the first"
    return Trace(
        f"{_WORDS[first.subject]} {_span(buckets, law)}",
        round(units * first.unit.value * sign, 6).normalize() + 0,
        _unit(first),
        f"duty.{first.subject}",
        "units × charge",
        given,
        parts=(first.unit,),
        note=note,
    )


def _unit(one: Evaluation) -> str:
    return one.unit.unit


def _span(buckets: list[int], law: Law) -> str:
    calendar = law.network.calendar
    first = calendar.start + timedelta(days=calendar.edges[min(buckets)])
    last = calendar.start + timedelta(days=calendar.edges[max(buckets) + 1] - 1)
    return f"{first} to {last}"


def _same(step: Trace) -> tuple[object, ...]:
    """What two evaluations on different days have in common where they come to the same."""
    reads = tuple((read.parameter, read.since, read.value) for read in step.reads)
    given = tuple((one.name, one.value) for one in step.given)
    return step.rule, step.value, given, reads, tuple(_same(part) for part in step.parts)
