"""The page in a browser: drawn, told, sorted, chosen from, printed and read with the keyboard alone."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.views.page.conftest import Opened, scroll_through
from tests.views.page.sample import NASTY, sample

from boxbuild.views.page.numbers import shown, status
from boxbuild.views.page.static import MOST_ROWS, heading
from boxbuild.views.page.tables import Table, table_of

DRAWN = ("bars", "lines", "sankey", "waterfall", "map")
CHARTS = {chart.name: chart for section in sample().sections for chart in section.charts}


def texts(table: Table) -> list[list[str]]:
    """What a table shows, cell by cell, under its headings."""
    rows = [
        [
            status(str(value))[1]
            if column["kind"] == "status" and value
            else shown(value, column["kind"], column["decimals"])
            for value, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    return [[heading(column) for column in table.columns], *rows]


def read_table(page: Page, selector: str) -> list[list[str]]:
    rows = page.eval_on_selector(
        selector,
        """(table) => [...table.rows].map((row) => [...row.cells].map((cell) => {
            const copy = cell.cloneNode(true);
            copy.querySelectorAll("[aria-hidden]").forEach((sign) => sign.remove());
            return copy.textContent;
        }))""",
    )
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def plain(rows: list[list[str]]) -> list[list[str]]:
    return [[" ".join(cell.split()) for cell in row] for row in rows]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_picture_is_drawn_and_nothing_runs_over(opened: Opened, width: int, scheme: str, tmp_path: Path) -> None:
    page = opened(width=width, scheme=scheme)
    scroll_through(page)
    for name, chart in CHARTS.items():
        if chart.kind in DRAWN:
            marks = page.locator(f"#c-{name} .picture svg").locator("path, rect, polyline, polygon")
            expect(marks.first).to_be_attached()
            assert marks.count() > 3, name
            assert page.locator(f"#c-{name} .picture svg text").count() > 2, name
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_pictures_wait_until_they_are_near(opened: Opened) -> None:
    page = opened()
    page.wait_for_timeout(300)
    assert page.locator("#c-landed svg").count() == 0
    page.locator("#c-landed").scroll_into_view_if_needed()
    expect(page.locator("#c-landed .picture svg")).to_be_attached()


def test_tables_show_what_is_drawn_whoever_makes_them(opened: Opened) -> None:
    """Those that Python wrote, and those that the script makes for another choice."""
    page = opened()
    scroll_through(page)
    for name, chart in CHARTS.items():
        if chart.kind not in DRAWN:
            continue
        for place, one in enumerate(chart.pictures()):
            if chart.choices:
                page.select_option(f"#p-{name}", str(place))
            expected = plain(texts(table_of(chart.kind, one.data, one.unit)))
            assert read_table(page, f"#c-{name} .numbers table") == expected, (name, one.label)
            if chart.choices:
                page.select_option(f"#p-{name}", "1")
                page.select_option(f"#p-{name}", str(place))
                assert read_table(page, f"#c-{name} .numbers table") == expected, (name, one.label)
                assert page.locator(f"#c-{name} .says").inner_text() == one.says


def test_a_heat_map_and_facts_are_the_same_whoever_makes_them(opened: Opened) -> None:
    still, moving = opened(script=False), opened()
    scroll_through(moving)
    assert read_table(still, "#c-load table") == read_table(moving, "#c-load table")
    shades = "(found) => found.map((cell) => cell.className)"
    assert still.eval_on_selector_all("#c-load td", shades) == moving.eval_on_selector_all("#c-load td", shades)


def test_a_table_is_sorted_and_filtered_by_keyboard(opened: Opened) -> None:
    page = opened()
    page.locator("#c-orders").scroll_into_view_if_needed()
    button = page.locator("#c-orders .tabulator .sort", has_text="Units")
    button.focus()
    page.keyboard.press("Enter")
    first = page.locator("#c-orders .tabulator-row").first
    rows = [row[2] for row in CHARTS["orders"].data["rows"] if row[2] is not None]
    expect(first).to_contain_text(f"{max(rows):,}")
    page.locator("#c-orders input").press_sequentially("order 24 late")
    said = [f"{row} {row[2] or 0:,}" for row in CHARTS["orders"].data["rows"]]
    late = [row for row in said if all(word in row for word in ("order", "24", "late"))]
    expect(page.locator("#c-orders .count")).to_have_text(f"{len(late)} of 250 rows")
    page.select_option("#p-orders", "1")
    expect(page.locator("#c-orders .tabulator")).to_contain_text("order 1001")


def test_a_table_is_saved_as_csv(opened: Opened) -> None:
    page = opened()
    page.locator("#c-late").scroll_into_view_if_needed()
    with page.expect_download() as waiting:
        page.locator("#c-late button", has_text="CSV").click()
    assert waiting.value.suggested_filename == "late.csv"
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0][:5] == ["What", "Due", "Units", "Money", "Share"]
    assert rows[1][:4] == ["phone at in-north", "2023-07-03", "12400", "1234567.89"]
    assert rows[2][0] == NASTY
    assert rows[2][5] == "nearly"


def test_a_saved_cell_is_never_a_formula(opened: Opened, tmp_path: Path) -> None:
    from boxbuild.views.charts import Chart, Report, Section
    from boxbuild.views.page import render

    columns = [{"name": "a", "title": "a", "kind": "text", "decimals": None}]
    chart = Chart("t", "table", "T", "t.", "", {"columns": columns, "rows": [["=1+1"], ["@x"], ["-x"], ["x"]]})
    file = tmp_path / "t.html"
    file.write_text(render(Report("R", "", (Section("s", "S", (chart,)),), {})), "utf-8")
    page = opened(file)
    with page.expect_download() as waiting:
        page.locator("button", has_text="CSV").click()
    assert Path(waiting.value.path()).read_text("utf-8-sig").split() == ["a", "'=1+1", "'@x", "'-x", "x"]


def test_the_keyboard_reaches_every_control(opened: Opened) -> None:
    page = opened()
    scroll_through(page)
    page.evaluate("document.activeElement.blur()")
    seen: list[str] = []
    for _ in range(150):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
            )
        )
        if seen[-1] == "BODY":
            break
    assert seen[0] == "skip"
    wanted = {f"p-{name}" for name, chart in CHARTS.items() if chart.choices} | {"scheme", "patterns", "paper"}
    assert wanted <= set(seen)
    assert seen.count("picture") == sum(chart.kind in DRAWN for chart in CHARTS.values())
    assert "sort" in seen
    page.locator("#p-flow").focus()
    visible = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert visible == "solid"


def test_arrows_walk_through_a_picture_and_say_it(opened: Opened) -> None:
    page = opened()
    page.locator("#c-landed .picture").scroll_into_view_if_needed() if page.locator(
        "#c-landed svg"
    ).count() else page.locator("#c-landed").scroll_into_view_if_needed()
    expect(page.locator("#c-landed svg")).to_be_attached()
    page.locator("#c-landed .picture").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#said")).to_have_text("conversion, INR 700.50, so far 8,701")


def test_a_choice_is_made_by_keyboard(opened: Opened) -> None:
    page = opened()
    page.locator("#c-builds-by-week").scroll_into_view_if_needed()
    page.locator("#p-builds-by-week").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#c-builds-by-week .says")).to_have_text("Only noida builds it.")
    expect(page.locator("#said")).to_have_text("Only noida builds it.")


def test_a_series_is_hidden_by_its_key(opened: Opened) -> None:
    page = opened()
    page.locator("#c-builds-by-week").scroll_into_view_if_needed()
    key = page.locator("#c-builds-by-week .legend button").first
    expect(key).to_be_visible()
    before = page.locator("#c-builds-by-week svg path").count()
    key.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#c-builds-by-week .legend button").first).to_have_attribute("aria-pressed", "false")
    assert page.locator("#c-builds-by-week svg path").count() < before
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "false"


def test_the_scheme_follows_the_system_until_a_reader_chooses(opened: Opened) -> None:
    page = opened(scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(17, 22, 28)"
    page.click("#scheme")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="light")
    page.click("#scheme")
    assert page.evaluate(ground) == "rgb(17, 22, 28)"


def test_a_narrow_page_has_a_menu(opened: Opened) -> None:
    page = opened(width=390)
    expect(page.locator("#sections")).to_be_hidden()
    page.locator("#menu").focus()
    page.keyboard.press("Enter")
    page.locator("#sections a", has_text="What it costs").click()
    expect(page.locator("#h-cost")).to_be_in_viewport()
    expect(page.locator("#sections")).to_be_hidden()


def test_without_a_script_it_is_all_there(opened: Opened) -> None:
    page = opened(script=False, width=390)
    expect(page.locator("#c-late table")).to_be_visible()
    expect(page.locator("#c-orders table")).to_be_visible()
    assert page.locator("#c-orders tbody tr").count() == MOST_ROWS
    expect(page.locator("#c-landed .says")).to_be_visible()
    page.locator("#c-landed summary").click()
    expect(page.locator("#c-landed table")).to_be_visible()
    expect(page.locator("#sections")).to_be_visible()
    assert page.evaluate("1") == 1


def test_paper_has_every_section_in_light_colours(opened: Opened) -> None:
    page = opened(scheme="dark")
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") >= 3
    assert page.locator(".picture[data-drawn]").count() == sum(chart.kind in DRAWN for chart in CHARTS.values())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 22, 28)"


def test_nasty_names_stay_text(opened: Opened) -> None:
    page = opened()
    scroll_through(page)
    page.click("#c-orders .sort")
    assert page.locator("img").count() == 0
    assert NASTY.split(" ")[0] in page.locator("h1").inner_text()
    assert json.dumps(NASTY)  # the names are the same in the sample and on the page
    page.locator("#c-builds-by-week .picture").hover()
    page.locator("#c-map .picture").hover()
