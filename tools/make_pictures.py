"""Draw the pictures of the docs again: parts of the report of a plan of ``examples/phone-export-india``, in Chromium.

Usage: ``make pictures``, or ``python tools/make_pictures.py [PLAN]`` for a plan that is there already.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import boxbuild
from boxbuild.plan.folder import find_plan, read_plan

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "pictures"
EXAMPLE = ROOT / "examples" / "phone-export-india"
WIDE, NARROW = (1280, 820), (390, 780)

PICTURES = (
    # file, width and height, scheme, section or chart at the top
    ("report.png", WIDE, "light", "main"),
    ("report-network.png", WIDE, "light", "#s-network"),
    ("report-capacity.png", WIDE, "dark", "#s-making"),
    ("report-phone.png", NARROW, "light", "main"),
)


def draw(browser: Browser, page_file: Path) -> None:
    """Write every picture."""
    for name, (width, height), scheme, place in PICTURES:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(page_file.as_uri())
        if place != "main":
            for _ in range(3):  # what is above is drawn, and moves it
                page.locator(place).evaluate("(section) => section.scrollIntoView()")
                page.wait_for_timeout(400)
        page.wait_for_timeout(300)
        page.screenshot(path=TARGET / name)
        context.close()
        print(f"{name}: {(TARGET / name).stat().st_size // 1000} kB")


def main() -> int:
    """Plan the example, unless a plan is given, and draw its report."""
    plan = read_plan(find_plan(Path(sys.argv[1]))) if sys.argv[1:] else boxbuild.plan(boxbuild.read(EXAMPLE), gap=0.01)
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as desk, sync_playwright() as driver:
        file = boxbuild.report(plan).write(Path(desk) / "report.html")
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        draw(browser, file)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
