"""The page as text: it reads without a script, names are never markup, and its policy lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from tests.views.page.sample import NASTY, sample

from boxbuild.views.charts import Chart, Report, Section
from boxbuild.views.page import Page, assets, render
from boxbuild.views.page.embed import embedded
from boxbuild.views.page.numbers import shown, status
from boxbuild.views.page.page import still
from boxbuild.views.page.static import shade
from boxbuild.views.page.tables import TABLES, table_of


class Reader(HTMLParser):
    """What a browser without scripts sees: elements, text, attributes, and what stands in scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.scripts: list[tuple[str | None, str]] = []
        self._inside: str | None = None
        self._kind: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag in ("script", "style"):
            self._inside, self._kind = tag, dict(attrs).get("type")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append((self._kind, data))
        elif self._inside is None:
            self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_everything_reads_without_a_script() -> None:
    report = sample()
    text = " ".join(read(render(report)).text)
    for section in report.sections:
        assert section.title in text
        for chart in section.charts:
            assert chart.title in text
            assert chart.says in text
    assert "12,400 units, 1.2 % of all" in text
    assert "1,234,567.89" in text
    assert "8,940" in text  # a picture, too, is there as a table
    assert "order 99" in text
    assert "and 150 more rows" in text


def test_names_are_never_markup() -> None:
    reader = read(render(sample()))
    assert "img" not in reader.tags
    assert not any(name.startswith("on") or name == "style" for name, _ in reader.attributes)
    assert NASTY.split("\u2028")[0].strip() in " ".join(reader.text)


def test_data_come_back_as_they_went_in() -> None:
    report = sample()
    found = [json.loads(text) for kind, text in read(render(report)).scripts if kind == "application/json"]
    charts = [chart for section in report.sections for chart in section.charts]
    assert [one["title"] for one in found] == [chart.title for chart in charts]
    for one, chart in zip(found, charts, strict=True):
        assert one["data"].keys() == chart.data.keys()
        assert [choice["label"] for choice in one["choices"]] == [choice.label for choice in chart.choices]
    assert found[0]["data"] == charts[0].data


@pytest.mark.parametrize("sign", ["<", ">", "&", "\u2028", "\u2029"])
def test_embedded_data_hold_no_sign_that_a_parser_could_take_for_more(sign: str) -> None:
    assert sign not in embedded({"name": f"a{sign}b"})
    assert json.loads(embedded({f"k{sign}": [f"{sign}v"]})) == {f"k{sign}": [f"{sign}v"]}


def test_no_number_is_infinite() -> None:
    with pytest.raises(ValueError, match=r"JSON|range"):
        embedded([float("inf")])


def test_numbers_are_as_long_as_a_reader_needs() -> None:
    assert embedded([1234567.891234, 0.12345678901, 5.0, 1e-9, -3]) == "[1234567.89,0.123457,5,1e-09,-3]"


def test_the_policy_lets_this_page_run_and_nothing_else() -> None:
    html = render(sample())
    policy = dict(
        part.strip().split(" ", 1)
        for part in re.findall(r'Policy" content="([^"]+)"', html)[0].replace("&#x27;", "'").split(";")
    )
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in str(policy)
    allowed = set(policy["script-src"].split())
    ran = {digest(text) for kind, text in read(html).scripts if kind is None}
    assert ran == allowed
    assert policy["style-src"] == digest(assets.style())
    assert set(policy) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_a_page_loads_nothing_and_is_small() -> None:
    html = render(sample())
    found = dict(
        re.findall(r'(?:^|\s)(src|href)="([^"]*)"', re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL))
    )
    assert all(value.startswith("#") for value in found.values())
    assert len(html.encode()) < 1_200_000


def test_two_charts_of_one_name_are_refused() -> None:
    chart = Chart("a", "facts", "A", "A.", "", {"facts": []})
    with pytest.raises(ValueError, match="one name: a"):
        render(Report("r", "", (Section("s", "S", (chart, chart)),), {}))


def test_the_same_report_is_the_same_page() -> None:
    assert render(sample()) == render(sample())


def test_tables_hold_every_number() -> None:
    for section in sample().sections:
        for chart in section.charts:
            for one in chart.pictures():
                table = table_of(chart.kind, one.data, one.unit)
                assert all(len(row) == len(table.columns) for row in table.rows)
                assert table.rows
    assert set(TABLES) == {chart.kind for section in sample().sections for chart in section.charts}


def test_a_waterfall_says_where_it_stands() -> None:
    steps = [
        {"name": "a", "value": 5.0, "kind": "step"},
        {"name": "b", "value": -2.0, "kind": "step"},
        {"name": "c", "value": 3.0, "kind": "total"},
    ]
    assert [row[2] for row in table_of("waterfall", {"steps": steps}).rows] == [5.0, 3.0, 3.0]


def test_cells_are_written_for_people() -> None:
    assert shown(1234567.0, "number") == "1,234,567"
    assert shown(0.12, "money") == "0.12"
    assert shown(0.9999, "percent") == ">99.9 %"
    assert shown(None, "money") == "–"
    assert status("bad: missed: by far") == ("bad", "missed: by far")
    assert status("by hand: yes") == ("none", "by hand: yes")
    assert [shade(share) for share in (0.0, 0.3, 0.9, 1.0, 1.01)] == [0, 1, 4, 6, 7]


def test_a_notebook_shows_pages_and_charts_in_a_frame_of_their_own() -> None:
    report = sample()
    for shown_ in (Page(report)._repr_html_(), report.sections[0].charts[0]._repr_html_()):
        reader = read(shown_)
        assert reader.tags == ["iframe"]
        frame = dict(reader.attributes)
        assert "allow-same-origin" not in str(frame["sandbox"])
        assert read(str(frame["srcdoc"])).tags[:2] == ["html", "head"]


def test_a_chart_without_a_picture_is_small_in_a_notebook() -> None:
    charts = {chart.name: chart for section in sample().sections for chart in section.charts}
    assert len(charts["load"]._repr_html_()) < 60_000
    assert read(still(charts["load"])).scripts == []
    assert len(charts["stock"]._repr_html_()) > 500_000
