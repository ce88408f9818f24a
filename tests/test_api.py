"""The public API: small, lazy, and its objects show themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.building import edit_rows, small_network, with_settings

import boxbuild
from boxbuild.errors import DataError

TINY = Path(__file__).parents[1] / "examples" / "tiny"


def test_from_a_folder_to_an_audit() -> None:
    network = boxbuild.read(TINY)
    assert [issue for issue in boxbuild.check(network) if issue.severity == "error"] == []
    plan = boxbuild.plan(network, release=False)
    assert plan.summary.cost == pytest.approx(26841)
    assert plan.audit().passed
    assert boxbuild.audit(plan).passed


def test_a_name_may_be_a_package_and_a_function() -> None:
    import boxbuild.plan.schemas as schemas
    from boxbuild.plan import schemas as same

    assert schemas is same
    assert callable(boxbuild.plan)
    assert callable(boxbuild.audit)


@pytest.mark.parametrize("first", ["boxbuild.plan", "boxbuild.audit.audit", "boxbuild.plan.folder", "boxbuild.api"])
def test_the_order_of_imports_does_not_matter(first: str) -> None:
    code = f"import {first}, boxbuild; assert callable(boxbuild.plan) and callable(boxbuild.audit)"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_nothing_heavy_is_imported() -> None:
    code = "import boxbuild, sys; print([m for m in ('polars', 'numba', 'highspy', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    assert set(boxbuild.__all__) <= set(dir(boxbuild))
    for name in boxbuild.__all__:
        assert getattr(boxbuild, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        boxbuild.nothing  # noqa: B018


def test_a_network_with_errors_is_not_planned() -> None:
    network = edit_rows(small_network(), "demand", {"demand": "DE-a-1"}, item="phone-z")
    with pytest.raises(DataError, match="cannot be planned") as caught:
        boxbuild.plan(network)
    assert caught.value.issues


def test_objects_show_themselves_escaped() -> None:
    network = with_settings(small_network(), title="<b>small</b>")
    plan = boxbuild.plan(network, release=False)
    for thing in (network, plan):
        page = thing._repr_html_()
        assert "&lt;b&gt;small" in page
        assert "<table>" in page
    assert "optimal" in repr(plan)
    assert "<table>" in plan.audit()._repr_html_()


def test_a_figure_is_explained_from_python() -> None:
    made = boxbuild.plan(boxbuild.read(TINY))
    document = boxbuild.explain(made, "cost", "phone@shop")
    assert document.trace.value > 0
    assert document.trace.parts
