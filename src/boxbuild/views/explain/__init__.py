"""Explanations for a reader: a tree on a terminal, and a page that stands alone."""

from boxbuild.views.explain.page import page
from boxbuild.views.explain.tree import tree

__all__ = ["page", "tree"]
