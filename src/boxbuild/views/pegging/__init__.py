"""Pegs as a reader sees them: pages of text, trees and a chart."""

from boxbuild.views.pegging.chart import pegs_chart
from boxbuild.views.pegging.pages import demand_page, feeds_page, order_page
from boxbuild.views.pegging.tree import tree

__all__ = ["demand_page", "feeds_page", "order_page", "pegs_chart", "tree"]
