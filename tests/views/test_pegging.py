"""Pages and charts of pegs: nothing is lost by folding, and late demand comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from boxbuild import files
from boxbuild.plan.make import make_plan
from boxbuild.plan.pegging import Pegging, pegging
from boxbuild.views.pegging import demand_page, feeds_page, order_page, pegs_chart, tree
from boxbuild.views.pegging.words import units

TINY = Path(__file__).parents[2] / "examples" / "tiny"


@pytest.fixture(scope="module")
def pegs() -> Pegging:
    return pegging(make_plan(files.read(TINY)))


def test_folded_branches_and_the_others_are_all(pegs: Pegging) -> None:
    root = pegs.part("board")
    for most in range(8):
        shown, more, rest = root.folded(most)
        assert len(shown) + more == len(root.children)
        assert sum(child.quantity for child in shown) + rest == pytest.approx(root.quantity)
        least = min((one.quantity for one in shown), default=root.quantity)
        assert all(child.quantity <= least for child in root.children if child not in shown)


def test_a_tree_is_as_deep_as_asked(pegs: Pegging) -> None:
    root = pegs.demand("speaker-w1")
    assert [len(tree(root, depth)) for depth in (1, 2, 3, 4, 5)] == [1, 2, 3, 4, 4]
    assert tree(root) == tree(root, whole=True)


def test_pages_fit_their_width(pegs: Pegging) -> None:
    pages = [
        demand_page(pegs, "phone-w1"),
        order_page(pegs, "B000011"),
        feeds_page(pegs, pegs.supplier("far-yard")),
        feeds_page(pegs, pegs.resource("line")),
    ]
    assert all(len(line) <= 100 for page in pages for line in page)


def test_the_chart_shows_what_is_late(pegs: Pegging) -> None:
    """Of the tiny plan one demand is late: by a day, for boards from over the sea."""
    chart = pegs_chart(pegs)
    assert chart is not None
    (root,) = chart.data["roots"]
    assert root["name"].startswith("demand speaker-w1")
    assert root["note"] == "1 day late"
    assert "far-yard" in chart.says

    def leaves(node: dict[str, Any]) -> list[str]:
        return [name for child in node["children"] for name in leaves(child)] or [node["value"]]

    assert leaves(root) == ["30 board"]


def test_numbers_are_never_nothing_that_is_something() -> None:
    assert [units(value) for value in (0.0, 1e-9, 0.004, 0.5, 12.0000000001, 1234.5)] == [
        "0",
        "<0.01",
        "<0.01",
        "0.50",
        "12",
        "1,234.50",
    ]
