"""A chart as data: JSON values only, with a sentence that says what one sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

Kind = Literal["facts", "table", "bars", "lines", "heat", "sankey", "waterfall", "map", "tree"]
"""What a chart can be; see :data:`DATA` for the data of each."""

DATA: Final[Mapping[str, str]] = {
    "facts": "facts: [{name, value (a text), status (good | warn | bad | none), note}]",
    "table": "columns: [{name, title, kind (text | number | money | percent | date | status), decimals}], "
    "rows: [[cell or null, in the order of the columns]]; a cell of kind status is good, warn, bad or none, a colon "
    "and the word to show: `bad: missed`",
    "bars": "across: [label], series: [{name, values: [number]}], stacked: bool, limit: [number or null] or null, "
    "limit_name: what the limit is (may be left out)",
    "lines": "across: [label], series: [{name, values: [number or null], kind (line | bar | area), stack (name or "
    "null)}]",
    "heat": "across: [label], down: [label], values: [[position across, position down, number or null]], kind "
    "(load: a share of what there is, full at 1 | percent | number)",
    "sankey": "nodes: [{name, title, layer (0 is leftmost)}], links: [{source, target (names), value}]",
    "waterfall": "steps: [{name, value, kind (step | total)}]; a total stands on the axis",
    "map": "coast: [[[longitude, latitude]]], places: [{name, title, kind (plant | supplier | hub | market), "
    "longitude, latitude, country, value}], flows: [{origin, destination (names), mode, units, money}]",
    "tree": "roots: [{name, value (a text), note, children: [the same]}]",
}
"""Keys of :attr:`Chart.data` by kind. Values of money are home currency; shares are fractions of 1.

The data of a choice may leave out keys: what is left out is as in the data of the chart (``{**chart.data,
**choice.data}``), so that a coast or an axis is there once.
"""


@dataclass(frozen=True)
class Choice:
    """One of several pictures that a chart can show: of one product, one item, one market.

    Parameters
    ----------
    label
        What one chooses.
    data
        What differs from the data of the chart.
    says
        Its own sentence; empty: that of the chart holds.
    unit
        Its own unit; empty: that of the chart holds.
    """

    label: str
    data: Mapping[str, Any]
    says: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Chart:
    """One chart.

    Parameters
    ----------
    name
        What links name it by, such as ``builds-by-week``; unique in a report.
    kind
        How it is drawn.
    title
        What it shows, in a few words.
    says
        One sentence with the figures that matter: it stands below the title, and is what a screen reader reads.
    unit
        Unit of its numbers, such as ``units`` or ``INR``; empty where there is none.
    data
        What is drawn, by :data:`DATA`; that of the first choice where there are choices.
    by, choices
        What one chooses by (``item``), and the pictures to choose from; none: there is one picture.
    """

    name: str
    kind: Kind
    title: str
    says: str
    unit: str
    data: Mapping[str, Any]
    by: str = ""
    choices: tuple[Choice, ...] = ()

    def pictures(self) -> tuple[Choice, ...]:
        """Return every picture with all its data, sentence and unit: one for each choice, or the only one."""
        own = Choice("", self.data, self.says, self.unit)
        if not self.choices:
            return (own,)
        return tuple(
            Choice(one.label, {**self.data, **one.data}, one.says or self.says, one.unit or self.unit)
            for one in self.choices
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the chart as JSON values."""
        return asdict(self)

    def _repr_html_(self) -> str:
        from boxbuild.views.page.display import chart_html

        return chart_html(self)


@dataclass(frozen=True)
class Section:
    """Charts under one heading."""

    name: str
    title: str
    charts: tuple[Chart, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the section as JSON values."""
        return {"name": self.name, "title": self.title, "charts": [chart.as_dict() for chart in self.charts]}


@dataclass(frozen=True)
class Report:
    """A page of charts.

    Parameters
    ----------
    title, subtitle
        Its heading, and what it is of.
    sections
        What a reader sees, most urgent first.
    origin
        What it was made from (plan's hash, version, date of the tables): name to text.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    origin: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "origin": dict(self.origin),
            "sections": [section.as_dict() for section in self.sections],
        }
