"""What every parameter of law keeps to: numbered rules. A parameter that breaks one does not load."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Final

from boxbuild.law.nomenclature import end_of_code, start_of_code
from boxbuild.law.parameter import GOODS_LEVIES, LEVIES, NAMING_GOODS, UNITS, Goods, Parameter, Value
from boxbuild.network.issues import Issue, did_you_mean

RULES: Final[Mapping[str, str]] = {
    "L001": "a value has a reference: where it can be read",
    "L002": "a value has an instrument: what sets it",
    "L003": "a value has a day of publication",
    "L004": "the unit is known",
    "L005": "the levy is known",
    "L006": "windows of values do not overlap",
    "L007": "a gap between two values is declared under gaps",
    "L008": "two parameters of a levy do not both win the same goods on the same day",
    "L009": "a classification has 2, 4, 6, 8 or 10 digits and nothing else",
    "L010": "on each day of each value one of the classifications exists",
    "L011": "publication and first day are not more than five years apart",
    "L012": "a ladder has the years 1, 2, 3 ... without a hole",
    "L013": "percent are from 0 to 1000",
    "L014": "a file stands in the folder of the country that its parameters name",
    "L015": "a name has lower-case words with dots between them, the country's two letters first",
    "L016": "a parameter has values",
    "L017": "only levies on goods, and conditions, say which goods",
    "L018": "countries are two capital letters, and none is both in and out",
    "L019": "a declared gap is one",
    "L020": "a name stands once",
    "L021": "form, end use and agreement are lower-case words joined by underscores",
    "L022": "an amount is not negative, a fraction at most 1, yes or no is 1 or 0",
    "L023": "confidence is high, medium or low",
    "L024": "a parameter has a title",
}
"""Number and sentence of each rule."""

FIVE_YEARS: Final = timedelta(days=5 * 366)
CONFIDENCE: Final = frozenset({"", "high", "medium", "low"})
_DAY: Final = timedelta(days=1)


def broken(rule: str, name: str, file: str, line: int | None, *, value: str = "", hint: str = "") -> Issue:
    """Return the issue that says that a parameter breaks a rule."""
    return Issue(rule, f"{name} breaks {rule}: {RULES[rule]}", table=name, value=value, hint=hint, file=file, line=line)


def issues(parameters: Iterable[Parameter]) -> list[Issue]:
    """Return every rule that a parameter breaks on its own.

    Parameters
    ----------
    parameters
        As they were read.
    """
    return [issue for parameter in parameters for check in _CHECKS for issue in check(parameter)]


def ties(parameters: Iterable[Parameter], only: Container[str] | None = None) -> list[Issue]:
    """Return the pairs of parameters that both win the same goods on the same day.

    Parameters
    ----------
    parameters
        All of the book.
    only
        Names of the parameters of which at least one is in a pair; ``None``: all pairs.
    """
    rivals: dict[tuple[object, ...], list[Parameter]] = {}
    for parameter in parameters:
        if parameter.levy in GOODS_LEVIES:
            goods = parameter.goods or Goods()
            claims = (goods.agreement, goods.form, goods.end_use, bool(goods.origin))
            for prefix in goods.hs or ("",):
                key = (parameter.country, parameter.levy, parameter.unit, prefix, *claims)
                rivals.setdefault(key, []).append(parameter)
    found = {}
    for group in rivals.values():
        for first, second in combinations(group, 2):
            if only is not None and first.id not in only and second.id not in only:
                continue
            day = _common_day(first, second) if _common_origin(first, second) else None
            if day is not None and first.id != second.id:
                hint = "name a form, an end use or an origin to tell them apart"
                found[first.id, second.id] = _breaks("L008", second, value=f"{first.id} on {day}", hint=hint)
    return list(found.values())


def amount_issues(parameter: Parameter, value: Value) -> Iterator[Issue]:
    """Yield what is wrong with the size of a value of a parameter."""
    if isinstance(value.value, Mapping):
        amounts = list(value.value.values())
        if not amounts or list(value.value) != list(range(1, len(amounts) + 1)):
            yield _breaks("L012", parameter, value)
    else:
        amounts = [value.value]
    for amount in amounts:
        if parameter.unit == "percent" and not 0 <= amount <= 1000:
            yield _breaks("L013", parameter, value, value=str(amount))
        elif (
            amount < 0
            or (parameter.unit == "fraction" and amount > 1)
            or (parameter.unit == "yes_no" and amount not in (0, 1))
        ):
            yield _breaks("L022", parameter, value, value=str(amount))


def _breaks(rule: str, parameter: Parameter, at: Value | None = None, *, value: str = "", hint: str = "") -> Issue:
    file, _, line = parameter.place.rpartition(":")
    value = value or (str(at.since) if at is not None else "")
    return broken(rule, parameter.id, file, at.line if at and at.line else int(line or 0), value=value, hint=hint)


def _name(parameter: Parameter) -> Iterator[Issue]:
    if not re.fullmatch(r"[a-z]{2}(\.[a-z0-9_]+)+", parameter.id):
        yield _breaks("L015", parameter, value=parameter.id, hint="in.bcd.phone")
    folder = re.search(r"(?:^|/)([a-z]{2})/[^/]+$", parameter.place)
    if folder and folder[1] != parameter.id.split(".", 1)[0]:
        yield _breaks("L014", parameter, value=folder[1])
    if not parameter.title:
        yield _breaks("L024", parameter)


def _words(parameter: Parameter) -> Iterator[Issue]:
    if parameter.unit not in UNITS:
        hint = did_you_mean(parameter.unit, UNITS) or f"one of {', '.join(sorted(UNITS))}"
        yield _breaks("L004", parameter, value=parameter.unit, hint=hint)
    if parameter.levy not in LEVIES:
        hint = did_you_mean(parameter.levy, LEVIES) or f"one of {', '.join(LEVIES)}"
        yield _breaks("L005", parameter, value=parameter.levy, hint=hint)
    elif parameter.goods is not None and parameter.levy not in NAMING_GOODS:
        yield _breaks("L017", parameter, value=parameter.levy)


def _goods(parameter: Parameter) -> Iterator[Issue]:
    goods = parameter.goods or Goods()
    for code in goods.hs:
        if not re.fullmatch("[0-9]+", code) or len(code) not in (2, 4, 6, 8, 10):
            yield _breaks("L009", parameter, value=code, hint='digits only, between quotes: "85171300"')
    for word in (goods.form, goods.end_use, goods.agreement):
        if word is not None and not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", word):
            yield _breaks("L021", parameter, value=word)
    for country in (*goods.origin, *goods.not_origin):
        if not re.fullmatch("[A-Z]{2}", country) or (country in goods.origin and country in goods.not_origin):
            yield _breaks("L018", parameter, value=country)


def _codes_exist(parameter: Parameter) -> Iterator[Issue]:
    codes = parameter.goods.hs if parameter.goods else ()
    if not codes:
        return
    lives = [(start_of_code(code), end_of_code(code)) for code in codes]
    edges = {start for start, _ in lives} | {end + _DAY for _, end in lives if end < date.max}
    for window in parameter.windows():
        last = window.until or date.max
        days = sorted({window.since, *(day for day in edges if window.since < day <= last)})
        dead = [day for day in days if not any(start <= day <= end for start, end in lives)]
        if dead:
            hint = "name the code that stands for it on that day"
            yield _breaks("L010", parameter, window.value, value=f"{', '.join(codes)} on {dead[0]}", hint=hint)


def _windows(parameter: Parameter) -> Iterator[Issue]:
    holes = []
    for earlier, later in pairwise(parameter.values):
        if earlier.until is None:
            continue
        if earlier.until >= later.since or earlier.until < earlier.since:
            yield _breaks("L006", parameter, later)
        elif earlier.until + _DAY < later.since:
            holes.append((earlier.until + _DAY, later.since - _DAY))
            if holes[-1] not in parameter.gaps:
                hint = f"gaps: [[{holes[-1][0]}, {holes[-1][1]}]], or another last day"
                yield _breaks("L007", parameter, later, hint=hint)
    last = parameter.values[-1] if parameter.values else None
    if last is not None and last.until is not None and last.until < last.since:
        yield _breaks("L006", parameter, last)
    for gap in parameter.gaps:
        if gap not in holes:
            yield _breaks("L019", parameter, value=f"{gap[0]} to {gap[1]}")


def _values(parameter: Parameter) -> Iterator[Issue]:
    for value in parameter.values:
        if abs(value.since - value.published) > FIVE_YEARS:
            yield _breaks("L011", parameter, value, value=str(value.published))
        if value.confidence not in CONFIDENCE:
            yield _breaks("L023", parameter, value, value=value.confidence)
        yield from amount_issues(parameter, value)


def _common_origin(first: Parameter, second: Parameter) -> bool:
    """Whether goods of one origin match both. Both name origins or neither does."""
    one, other = first.goods or Goods(), second.goods or Goods()
    if not one.origin:
        return True
    out = {*one.not_origin, *other.not_origin}
    return bool((set(one.origin) & set(other.origin)) - out)


def _common_day(first: Parameter, second: Parameter) -> date | None:
    for one in first.windows():
        for other in second.windows():
            since = max(one.since, other.since)
            if since <= min(one.until or date.max, other.until or date.max):
                return since
    return None


_CHECKS: Final[tuple[Callable[[Parameter], Iterator[Issue]], ...]] = (
    _name,
    _words,
    _goods,
    _codes_exist,
    _windows,
    _values,
)
