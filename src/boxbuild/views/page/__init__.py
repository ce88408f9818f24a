"""A report as one page that stands alone: no network, a strict content security policy, and every number as text."""

from boxbuild.views.page.display import Page
from boxbuild.views.page.page import render

__all__ = ["Page", "render"]
