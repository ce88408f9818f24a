"""Parameters of law as text: a list, one with its instrument, its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from textwrap import wrap

from boxbuild.law.parameter import Amount, Goods, Parameter, Window
from boxbuild.views.text import DASH, WIDTH, cut, table


def parameter_list(parameters: Sequence[Parameter], day: date, known_on: date | None = None) -> list[str]:
    """Return one line for each parameter: its name, its value on a day, its title."""
    rows = []
    for each in parameters:
        found = window_on(each, day, known_on)
        rows.append((each.id, amount(found.value.value, each.unit) if found else DASH, each.unit, each.title))
    room = WIDTH - sum(max(map(len, column)) + 2 for column in list(zip(*rows, strict=True))[:3]) - 2
    return table(
        ("parameter", f"on {day}", "unit", "title"), [(*row[:3], cut(row[3], max(room, 30))) for row in rows], (0, 2, 3)
    )


def parameter_table(parameters: Sequence[Parameter], day: date, known_on: date | None = None) -> list[str]:
    """Return one line for each of a few parameters: its value on a day, the value's window, its goods."""
    rows = []
    for each in parameters:
        found = window_on(each, day, known_on)
        if found is None:
            rows.append((each.id, DASH, DASH, DASH, goods_text(each.goods)))
        else:
            until = str(found.until or DASH)
            rows.append((each.id, with_unit(each, found), str(found.since), until, goods_text(each.goods)))
    return table(("parameter", f"on {day}", "since", "until", "goods"), rows, (0, 4))


def parameter_page(parameter: Parameter, day: date, known_on: date | None = None) -> list[str]:
    """Return a parameter as it stands on a day: value, window, instrument, publication, reference, goods."""
    found = window_on(parameter, day, known_on)
    lines = [parameter.id, *wrap(parameter.title, WIDTH), ""]
    facts = {f"on {day}": with_unit(parameter, found) if found else _none(parameter, day, known_on)}
    if found:
        value = found.value
        facts |= {
            "since": str(found.since),
            "until": str(found.until or DASH),
            "published": DASH if value.published == date.min else str(value.published),
            "instrument": value.instrument,
            "reference": value.reference,
            "confidence": value.confidence or DASH,
        }
    facts |= {"goods": goods_text(parameter.goods), "stands in": parameter.place}
    lines += [f"  {name:<14}  {fact}" for name, fact in facts.items()]
    return [*lines, *(["", *wrap(parameter.note, WIDTH)] if parameter.note else [])]


def history_page(parameter: Parameter, known_on: date | None = None) -> list[str]:
    """Return every value of a parameter, oldest first."""
    rows = [
        (
            str(window.since),
            str(window.until or DASH),
            with_unit(parameter, window),
            DASH if window.value.published == date.min else str(window.value.published),
            window.value.instrument,
        )
        for window in parameter.windows(known_on)
    ]
    references = dict.fromkeys(window.value.reference for window in parameter.windows(known_on))
    return [
        parameter.id,
        *wrap(parameter.title, WIDTH),
        "",
        *table(("since", "until", "value", "published", "instrument"), rows, (0, 1, 4)),
        "",
        *(f"  {reference}" for reference in references),
    ]


def parameter_dict(parameter: Parameter, day: date, known_on: date | None = None) -> dict[str, object]:
    """Return a parameter as it stands on a day, for ``--json``; numbers are exact, as text."""
    found = window_on(parameter, day, known_on)
    return {**_head(parameter), "in_force": found is not None, **(_window(found) if found else {})}


def history_dict(parameter: Parameter, known_on: date | None = None) -> dict[str, object]:
    """Return a parameter with all its values, for ``--json``."""
    return {**_head(parameter), "values": [_window(window) for window in parameter.windows(known_on)]}


def window_on(parameter: Parameter, day: date, known_on: date | None = None) -> Window | None:
    """Return the window of a parameter that holds a day."""
    for window in parameter.windows(known_on):
        if window.since <= day and (window.until is None or day <= window.until):
            return window
    return None


def amount(value: Amount, unit: str = "") -> str:
    """Return a number as it is read in its unit, or a ladder as its numbers."""
    if not isinstance(value, Decimal):
        return " / ".join(amount(rung, unit) for rung in value.values())
    if unit == "yes_no":
        return "yes" if value == 1 else "no"
    return f"{value:f}" if unit in ("year", "digits") else f"{value:,f}"


def with_unit(parameter: Parameter, window: Window) -> str:
    """Return a value with its unit."""
    value = window.value.value
    text = amount(value, parameter.unit)
    if parameter.unit in ("yes_no", "year"):
        return text
    years = f" (years 1 to {len(value)})" if isinstance(value, Mapping) else ""
    return f"{text} {parameter.unit}{years}"


def goods_text(goods: Goods | None) -> str:
    """Return the goods that a parameter speaks of, in words."""
    if goods is None:
        return "any"
    parts: Iterable[tuple[str, str]] = (
        ("HS", ", ".join(goods.hs)),
        ("form", goods.form or ""),
        ("end use", goods.end_use or ""),
        ("from", ", ".join(goods.origin)),
        ("not from", ", ".join(goods.not_origin)),
        ("agreement", goods.agreement or ""),
    )
    return "; ".join(f"{name} {text}" for name, text in parts if text) or "any"


def _none(parameter: Parameter, day: date, known_on: date | None) -> str:
    windows = parameter.windows(known_on)
    if not windows:
        return f"nothing was published by {known_on}"
    if day < windows[0].since:
        return f"not yet in force: from {windows[0].since}"
    last = max((window.until for window in windows if window.until and window.until < day), default=None)
    return f"no longer in force: until {last}"


def _head(parameter: Parameter) -> dict[str, object]:
    goods = parameter.goods
    return {
        "id": parameter.id,
        "title": parameter.title,
        "country": parameter.country,
        "levy": parameter.levy,
        "unit": parameter.unit,
        "goods": {name: getattr(goods, name) for name in goods.__slots__} if goods else None,
        "note": parameter.note,
        "place": parameter.place,
    }


def _window(window: Window) -> dict[str, object]:
    value = window.value
    return {
        "value": str(value.value)
        if isinstance(value.value, Decimal)
        else {str(year): str(rung) for year, rung in value.value.items()},
        "since": str(window.since),
        "until": str(window.until) if window.until else None,
        "published": None if value.published == date.min else str(value.published),
        "instrument": value.instrument,
        "reference": value.reference,
        "confidence": value.confidence,
    }
