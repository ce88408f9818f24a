"""Data inside a page: JSON that no parser of HTML takes for anything else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from boxbuild.views.charts import Chart

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def embedded(value: Any) -> str:
    """Return a value as JSON for a script element: no ``<``, ``>``, ``&`` or line separator stands in it as itself.

    Raises
    ------
    ValueError
        A number is infinite or is none.
    """
    text = json.dumps(lean(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return "".join(_UNSAFE.get(sign, sign) for sign in text) if any(sign in text for sign in _UNSAFE) else text


def lean(value: Any) -> Any:
    """Return a value with its numbers as long as a reader needs them: paise of large ones, six digits of small ones."""
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return {name: lean(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [lean(one) for one in value]
    return value


def _number(value: float) -> float | int:
    kept = round(value, 2) if abs(value) >= 1000 else float(f"{value:.6g}")
    return int(kept) if kept == kept // 1 and abs(kept) < 2**53 else kept


def chart_data(chart: Chart) -> dict[str, Any]:
    """Return what the script needs of a chart."""
    found: dict[str, Any] = {"kind": chart.kind, "title": chart.title, "says": chart.says, "unit": chart.unit}
    choices = [{"label": one.label, "data": one.data, "says": one.says, "unit": one.unit} for one in chart.choices]
    return {**found, "data": chart.data, "choices": choices}
