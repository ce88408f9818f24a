"""The reference pages: they are what the code says, and every table, column and command is on them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from boxbuild.network import catalogue
from boxbuild.plan import schemas
from tools import make_reference


def test_the_pages_are_what_the_code_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_reference.py", "--check"])
    assert make_reference.main() == 0, "make docs"


def test_a_stale_page_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make_reference, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["make_reference.py"])
    assert make_reference.main() == 0
    (tmp_path / "plan.md").write_text("old")
    monkeypatch.setattr(sys, "argv", ["make_reference.py", "--check"])
    assert make_reference.main() == 1
    assert "plan.md" in capsys.readouterr().out


def test_every_table_has_its_section() -> None:
    network, plan = make_reference.tables(), make_reference.plan_tables()
    for table in catalogue.tables():
        assert f"\n## {table.name}\n" in network
        assert all(f"`{column}`" in network for column in table.names if column != "note")
    for name in schemas.SCHEMAS:
        assert f"\n## {name}\n" in plan


def test_every_command_has_its_section() -> None:
    page = make_reference.commands()
    for command in ("init", "template", "import", "check", "plan", "show", "audit", "export", "doctor"):
        assert f"\n## {command}\n" in page
