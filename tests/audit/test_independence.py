"""The audit is a second reading: it shares nothing with the model, the solver, the ledger or the release."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import boxbuild.audit

ALLOWED = {
    "boxbuild.law.applications",
    "boxbuild.law.average",
    "boxbuild.law.value_added",
    "boxbuild.law.incentives",
    "boxbuild.law.subsidies",
    "boxbuild.law.customs",
    "boxbuild.law.export",
    "boxbuild.law.schemes",
    "boxbuild.law.law",
    "boxbuild.law.origin",
    "boxbuild.law.trace",
    "boxbuild.network.network",
    "boxbuild.network.settings",
    "boxbuild.plan.plan",
}

FILES = sorted(Path(boxbuild.audit.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_imports_nothing_that_it_audits(path: Path) -> None:
    """Only the network's tables and the plan's; of the calendar only the edges, through the settings."""
    imported = {
        name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if name.startswith("boxbuild") and not name.startswith("boxbuild.audit")
    }
    assert imported <= ALLOWED


def test_of_the_calendar_only_edges() -> None:
    """Buckets, spreads and overlaps are computed again."""
    text = "".join(path.read_text("utf-8") for path in FILES)
    assert text.count(".calendar") == text.count(".calendar.edges")
