"""Draw the pictures of the docs again, from two plans of ``examples/phone-export-india``.

Pages (the report, a comparison) are drawn by Chromium, sheets of the planner's workbook by LibreOffice and poppler.

Usage: ``make pictures``, or ``python tools/make_pictures.py [PLAN [OTHER]]`` for plans that are there already: the base
plan, and that of the scenario ``diwali-up``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import boxbuild
from boxbuild.plan.folder import find_plan, read_plan
from boxbuild.plan.plan import Plan
from boxbuild.views.charts.compare import compare_report
from boxbuild.views.page import render
from boxbuild.views.planner import write_planner_workbook

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "pictures"
EXAMPLE = ROOT / "examples" / "phone-export-india"
WIDE, NARROW = (1280, 820), (390, 780)

PICTURES = (
    # file, page, width and height, scheme, section or chart at the top
    ("report.png", "report", WIDE, "light", "main"),
    ("report-why.png", "report", (1280, 800), "light", "#c-why-cost"),
    ("report-pegs.png", "report", (1280, 480), "light", "#c-pegs"),
    ("report-network.png", "report", WIDE, "light", "#s-network"),
    ("report-capacity.png", "report", WIDE, "dark", "#s-making"),
    ("report-phone.png", "report", NARROW, "light", "main"),
    ("compare.png", "compare", (1280, 720), "light", "#s-cost"),
)
SHEETS = (
    # file, title of the sheet, width of its page, and what is cut out of it: left, top, width, height
    ("workbook-charts.png", "Charts", 1280, (30, 40, 1190, 680)),
    ("workbook-build-plan.png", "Build plan", 2400, (60, 90, 1180, 310)),
)


def plans() -> tuple[Plan, Plan]:
    """Return the two plans: those that the command line names, else planned now."""
    given = [read_plan(find_plan(Path(name))) for name in sys.argv[1:3]]
    network = boxbuild.read(EXAMPLE)
    if not given:
        given.append(boxbuild.plan(network, gap=0.01))
    if len(given) == 1:
        given.append(boxbuild.plan(network, scenario=EXAMPLE / "scenarios" / "diwali-up.toml", gap=0.01))
    return given[0], given[1]


def draw(browser: Browser, pages: dict[str, Path]) -> Iterator[str]:
    """Draw the pages; yield the name of each picture."""
    for name, which, (width, height), scheme, place in PICTURES:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(pages[which].as_uri())
        if place != "main":
            for _ in range(3):  # what is above is drawn, and moves it
                page.locator(place).evaluate("(section) => section.scrollIntoView()")
                page.wait_for_timeout(400)
        page.wait_for_timeout(300)
        page.screenshot(path=TARGET / name)
        context.close()
        yield name


def print_sheets(workbook: Path) -> Iterator[str]:
    """Print the workbook and cut its sheets out; yield the name of each picture."""
    soffice, drawer = shutil.which("soffice"), shutil.which("pdftoppm")
    if soffice is None or drawer is None:
        print("LibreOffice or poppler is not here: the pictures of the workbook stay as they are", file=sys.stderr)
        return
    desk = workbook.parent
    profile = f"-env:UserInstallation={(desk / 'profile').as_uri()}"
    command = [soffice, "--headless", profile, "--convert-to", "pdf", "--outdir", str(desk), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    paper = workbook.with_suffix(".pdf")
    text = subprocess.run(["pdftotext", "-l", "20", paper, "-"], check=True, capture_output=True, text=True).stdout
    titles = [page.strip().partition("\n")[0] for page in text.split("\f")]
    for name, title, scale, corner in SHEETS:
        page = str(titles.index(title) + 1)
        place = ["-f", page, "-l", page, "-scale-to-x", str(scale), "-scale-to-y", "-1"]
        cut = [word for side, value in zip("xyWH", corner, strict=True) for word in (f"-{side}", str(value))]
        subprocess.run(
            [drawer, "-png", "-singlefile", *place, *cut, paper, TARGET / name.removesuffix(".png")], check=True
        )
        yield name


def main() -> int:
    """Draw everything, and say how large each file is."""
    base, other = plans()
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        desk = Path(folder)
        pages = {"report": boxbuild.report(base).write(desk / "report.html"), "compare": desk / "compare.html"}
        compared = boxbuild.compare(base, other, names=["base", "diwali-up"])
        pages["compare"].write_text(render(compare_report(compared)), "utf-8")
        workbook = desk / "plan.xlsx"
        write_planner_workbook(base, workbook, written=datetime.now(UTC).date())
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name in [*draw(browser, pages), *print_sheets(workbook)]:
            print(f"{name}: {(TARGET / name).stat().st_size // 1000} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
