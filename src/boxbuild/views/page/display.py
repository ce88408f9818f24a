"""Reports and charts as objects that show themselves: in a notebook, as a file, as text of HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from boxbuild.views.charts import Chart, Report, Section
from boxbuild.views.page.page import DRAWN, render, still

_SANDBOX: Final = "allow-scripts allow-downloads allow-modals allow-popups"


@dataclass(frozen=True)
class Page:
    """A report that shows itself.

    Parameters
    ----------
    report
        What is shown.
    """

    report: Report

    def html(self) -> str:
        """Return the page as HTML: one file that loads nothing."""
        return render(self.report)

    def write(self, path: str | Path) -> Path:
        """Write the page, and return where it is; folders on the way are made."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.html(), "utf-8")
        return target

    def _repr_html_(self) -> str:
        return framed(self.html(), self.report.title, 760)


def framed(html: str, title: str, height: int) -> str:
    """Return a page inside a frame of its own, as a notebook shows it: its scripts see nothing but the page."""
    about = f'title="{escape(title)}" sandbox="{_SANDBOX}" width="100%" height="{height}"'
    return f'<iframe {about} style="border:0" srcdoc="{escape(html)}"></iframe>'


def chart_html(chart: Chart) -> str:
    """Return one chart as a notebook shows it: a page of its own in a frame.

    Without scripts, and so small, where there is nothing to draw or to choose.
    """
    if chart.kind not in DRAWN and not chart.choices:
        return framed(still(chart), chart.title, 420)
    section = Section(chart.name, chart.title, (chart,))
    return framed(render(Report(chart.title, "", (section,), {})), chart.title, 560)
