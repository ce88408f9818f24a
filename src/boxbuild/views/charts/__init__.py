"""Charts as data: what a picture shows, built in Python; a page, a notebook or a web application draws it."""

from boxbuild.views.charts.chart import Chart, Choice, Kind, Report, Section

__all__ = ["Chart", "Choice", "Kind", "Report", "Section"]
