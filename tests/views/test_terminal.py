"""The summary: it fits a hundred columns, needs neither colour nor more than ASCII, and says FAILED in words."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.building import edit_rows, small_network

from boxbuild.audit import audit
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.views.terminal import audit_lines, summary_page
from boxbuild.views.text import WIDTH, bar, number, percent, plain, short
from boxbuild.views.world import coast, fit, world

PLACES = {"noida": (28.6, 77.3), "chennai": (13.1, 80.3), "wuhan": (30.6, 114.3), "pune": (18.5, 73.9)}
PLACES |= {"mumbai": (19.1, 72.9), "hamburg": (53.6, 10.0), "india": (19.1, 72.9)}


def placed(network: Network) -> Network:
    for site, (latitude, longitude) in PLACES.items():
        network = edit_rows(network, "sites", {"site": site}, latitude=str(latitude), longitude=str(longitude))
    return network


@pytest.fixture(scope="module")
def plan() -> Plan:
    network = placed(small_network())
    return make_plan(edit_rows(network, "resources", {"resource": "noida-smt"}, per_week="6"), release=False)


@pytest.fixture(scope="module")
def page(plan: Plan) -> list[str]:
    return summary_page(plan, audit(plan))


def test_it_fits_the_page(page: list[str]) -> None:
    assert [line for line in page if len(line) > WIDTH] == []


def test_it_says_what_matters(page: list[str], plan: Plan) -> None:
    text = "\n".join(page)
    for word in (
        "status   optimal",
        "bound",
        "gap",
        "audit    passed",
        "── Map",
        "── Cost ",
        "lost sales",
        "because",
    ):
        assert word in text
    assert f"{plan.summary.cost:,.2f}" in text


def test_it_can_be_written_in_ascii(page: list[str]) -> None:
    text = plain("\n".join(page))
    assert text.isascii()
    assert "?" not in text
    assert "###" in text


def test_a_plan_that_fails_its_audit_says_so(plan: Plan) -> None:
    broken = replace(plan, tables={**plan.tables, "builds": plan["builds"].with_columns(pl.col("quantity") * 2)})
    lines = audit_lines(audit(broken))
    assert lines[0].startswith("audit    FAILED: ")
    assert len(lines) > 1


def test_a_folder_that_was_touched_fails(plan: Plan) -> None:
    lines = audit_lines(audit(plan), ["builds.csv is missing"])
    assert "FAILED: 1 failures" in lines[0]
    assert lines[1] == "  the folder: builds.csv is missing"


def test_the_map_shows_every_busy_site_once(plan: Plan) -> None:
    lines = world(plan)
    legend = "\n".join(lines[lines.index("") :])
    for site in PLACES:
        assert site in legend
    drawn = "".join(lines[: lines.index("")])
    assert sorted(sign for sign in drawn if sign.isascii() and sign.isalpha()) == list(
        "ABCDE"
    )  # pune and mumbai share a sign


def test_no_map_without_places() -> None:
    assert world(make_plan(small_network(), release=False)) == []


def test_the_coast_has_land_and_sea() -> None:
    window = fit([8.0, 32.0], [70.0, 90.0])  # India
    rows = coast(window)
    row, column = window.cell(23.0, 79.0)
    assert rows[row][column] == " "  # inland
    assert any(sign != " " for row in rows for sign in row)
    row, column = window.cell(15.0, 65.0)
    assert 0 <= row < len(rows)
    assert rows[row][max(column, 0)] == " "  # Arabian Sea


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0"), (1234.0, "1,234"), (1.5, "1.50"), (12_345.0, "12.35 k"), (3_450_000.0, "3.45 m")],
)
def test_short_numbers(value: float | None, text: str) -> None:
    assert short(value) == text


def test_a_percentage_is_never_whole_when_it_is_not() -> None:
    assert percent(0.99999) == ">99.9 %"
    assert percent(0.00001) == "<0.1 %"
    assert percent(1.0) == "100.0 %"
    assert percent(None) == "–"


def test_no_negative_zero() -> None:
    assert number(-0.0001, 2) == "0.00"


def test_bars_have_the_length_of_their_share() -> None:
    assert bar(0.5, 10) == "█" * 5
    assert bar(0.0, 10) == ""
    assert bar(0.0001, 10) == "▏"
    assert len(bar(3.0, 10)) == 10
    assert bar(0.1, 10, 0.5).startswith("     █")
